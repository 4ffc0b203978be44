"""Rasa finds exactly the actions the domain names, and nothing leaves an action."""

import logging
from pathlib import Path

import yaml

from bot.actions.turn import ConversationAction
from bot.actions.welcome import ActionWelcome
from bot.direct_actions import our_actions

from .conftest import DOMAIN


def test_exactly_the_actions_of_the_domain_are_found():
    ours = {name for name in our_actions() if name.startswith(("action_", "validate_"))}
    assert ours == set(DOMAIN["actions"])


async def test_an_exception_becomes_an_honest_sentence_without_the_persons_words(run, turn, caplog):
    class Breaks(ConversationAction):
        def name(self):
            return "breaks"

        async def act(self, turn):
            raise ValueError(turn.text)

    with caplog.at_level(logging.DEBUG):
        heard = await run(Breaks, turn("affirm", "我叫张三"))
    assert heard.said == ["utter_system_trouble"]
    assert "action=breaks" in caplog.text
    assert "张三" not in caplog.text


async def test_a_log_holds_codes_only(api, run, turn, caplog):
    api.answers("context", 500, code="internal", detail="张三 6222")
    with caplog.at_level(logging.DEBUG):
        await run(ActionWelcome, turn("open"))
    assert "code=internal" in caplog.text
    assert "张三" not in caplog.text


def test_the_form_asks_every_question_in_both_languages():
    for slot in DOMAIN["forms"]["situation_form"]["required_slots"]:
        assert len(DOMAIN["responses"][f"utter_ask_situation_form_{slot}"]) == 2


def test_every_intent_has_a_rule_or_belongs_to_the_form():
    rules = Path(__file__).parents[3] / "bot/data/rules"
    handled: set[str] = set()
    for path in rules.glob("*.yml"):
        for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]:
            for step in rule["steps"]:
                for each in step.get("or", [step]):
                    handled |= {each["intent"]} if "intent" in each else set()
    assert set(DOMAIN["intents"]) - handled == set()
