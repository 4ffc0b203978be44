"""Our components inside Rasa: what they put on a message, and when they keep their hands off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.conversation_context import ConversationContext
from bot.components.exact_match import AmbiguousExample, ExactMatch, wording
from bot.components.gibberish import Gibberish
from bot.components.out_of_scope import OutOfScope
from bot.components.text_features import NOTHING_KNOWN, MixedTextFeaturizer
from bot.components.values import ValueExtractor

Storage = tuple[LocalModelStorage, Resource, ExecutionContext]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    context = ExecutionContext(GraphSchema({}), node_name="component")
    return LocalModelStorage.create(tmp_path), Resource("component"), context


def example(text: str, intent: str) -> Message:
    return Message(data={"text": text, "intent": intent})


def guessed(text: str, intent: str = "affirm", **metadata: str) -> Message:
    """A message the classifier has had its say on, not very sure."""
    ranking = [{"name": intent, "confidence": 0.4}, {"name": "deny", "confidence": 0.3}]
    data: dict[str, Any] = {"text": text, "intent": ranking[0], "intent_ranking": ranking}
    return Message(data={**data, "metadata": metadata or None})


def entities(message: Message) -> dict[str, Any]:
    return {entity["entity"]: entity["value"] for entity in message.get("entities") or []}


def extract(message: Message, storage: Storage) -> Message:
    (done,) = ValueExtractor.create({}, *storage).process([message])
    return done


def test_the_day_of_the_message_decides_what_next_month_is(storage: Storage) -> None:
    done = extract(guessed("下个月15号", today="2027-12-20"), storage)
    assert entities(done) == {"date": "2028-01-15"}


def test_a_day_that_is_no_day_falls_back_to_the_calendar(storage: Storage) -> None:
    assert entities(extract(guessed("能还800", today="soon"), storage)) == {"amount": "800.00"}


def test_roles_and_places_are_on_the_entity(storage: Storage) -> None:
    text = "我到手四千二"
    (entity,) = extract(guessed(text), storage).get("entities")
    assert (entity["role"], entity["value"]) == ("income", "4200.00")
    assert text[entity["start"] : entity["end"]] == "四千二"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("2", "choose_option"),
        ("第二个", "choose_option"),
        ("800", "inform_value"),
        ("25号", "inform_value"),
        ("36期", "inform_value"),
        ("一家三口", "state_household"),
        ("没有收入", "state_income"),
    ],
)
def test_a_bare_value_decides_its_intent(storage: Storage, text: str, intent: str) -> None:
    done = extract(guessed(text), storage)
    assert done.get("intent") == {"name": intent, "confidence": 1.0}
    assert done.get("intent_ranking")[0]["name"] == intent


def test_a_value_among_words_leaves_the_classifier_its_opinion(storage: Storage) -> None:
    done = extract(guessed("我想每月还800", "state_offer_amount"), storage)
    assert done.get("intent") == {"name": "state_offer_amount", "confidence": 0.4}


def test_internal_messages_are_left_alone(storage: Storage) -> None:
    assert extract(guessed('/inform_value{"amount": "800"}'), storage).get("entities") is None


def test_locale_and_stage_of_record_become_entities(storage: Storage) -> None:
    message = guessed("好的", locale="en", stage="consent")
    (done,) = ConversationContext.create({}, *storage).process([message])
    assert entities(done) == {"locale": "en", "stage": "consent"}


@pytest.mark.parametrize("metadata", [None, {}, {"locale": "", "stage": None}, {"stage": 3}])
def test_metadata_that_says_nothing_adds_nothing(storage: Storage, metadata: Any) -> None:
    message = Message(data={"text": "好", "metadata": metadata})
    (done,) = ConversationContext.create({}, *storage).process([message])
    assert done.get("entities") is None


def trained(storage: Storage, *examples: tuple[str, str]) -> ExactMatch:
    data = TrainingData([example(text, intent) for text, intent in examples])
    ExactMatch.create({}, *storage).train(data)
    return ExactMatch.load({}, *storage)


@pytest.mark.parametrize("text", ["选这个", "選這個。", " 选这个！"])
def test_a_known_wording_is_never_misread(storage: Storage, text: str) -> None:
    (done,) = trained(storage, ("选这个", "choose_option")).process([guessed(text)])
    assert done.get("intent") == {"name": "choose_option", "confidence": 1.0}


def test_an_unknown_wording_keeps_the_guess(storage: Storage) -> None:
    (done,) = trained(storage, ("选这个", "choose_option")).process([guessed("选那个")])
    assert done.get("intent") == {"name": "affirm", "confidence": 0.4}


def test_one_wording_under_two_intents_stops_the_training(storage: Storage) -> None:
    with pytest.raises(AmbiguousExample, match="好的"):
        trained(storage, ("好的", "affirm"), ("好的！", "thanks"))


def test_the_same_wording_twice_under_one_intent_is_fine(storage: Storage) -> None:
    (done,) = trained(storage, ("OK", "affirm"), ("ok.", "affirm")).process([guessed("Ok")])
    assert done.get("intent")["name"] == "affirm"


def test_wordings_of_nothing_but_marks_stay_apart() -> None:
    assert wording("？？？") != wording("。。。")


def test_features_survive_saving_and_give_unit_rows(storage: Storage) -> None:
    data = TrainingData(
        [
            example("我失业了", "a"),
            example("被裁员了", "a"),
            example("能分期吗", "b"),
            example("分期", "b"),
        ],
        lookup_tables=[{"name": "job_loss", "elements": ["失业", "裁员", "laid off"]}],
    )
    config = MixedTextFeaturizer.get_default_config()
    MixedTextFeaturizer.create(config, *storage).train(data)
    loaded = MixedTextFeaturizer.load(config, *storage)
    (message,) = loaded.process([Message(data={"text": "I got laid off 上个月"})])
    _, sentence = message.get_sparse_features("text")
    row = sentence.features
    assert abs((row.multiply(row)).sum() - 1) < 1e-9
    assert "c:job_loss" in set(loaded.features_of("laid off"))


def test_sums_look_alike_to_the_classifier_whatever_their_figure(storage: Storage) -> None:
    featurizer = MixedTextFeaturizer.create(MixedTextFeaturizer.get_default_config(), *storage)
    assert sorted(featurizer.features_of("每月还八百")) == sorted(
        featurizer.features_of("每月还1200")
    )


def test_gibberish_is_taken_back_and_what_is_known_or_internal_is_not(storage: Storage) -> None:
    component = Gibberish.create({}, *storage)
    unknown, known = guessed("asdfgh"), guessed("能分期吗", "ask_for_plan")
    internal, noise = guessed("/open", "open"), guessed("哈哈啊啊")
    for message in (unknown, internal):
        message.set(NOTHING_KNOWN, True)
    component.process([unknown, known, internal, noise])
    assert [message.get("intent")["name"] for message in (unknown, known, internal, noise)] == [
        "nlu_fallback", "ask_for_plan", "open", "nlu_fallback",
    ]  # fmt: skip


def test_what_training_has_shown_is_known_and_scraps_of_it_are_not(storage: Storage) -> None:
    featurizer = MixedTextFeaturizer.create(MixedTextFeaturizer.get_default_config(), *storage)
    examples = [
        example(text, "x") for text in ("我失业了", "他失业了", "unemployed now", "unemployed")
    ]
    featurizer.train(TrainingData(examples))
    messages = [example(text, "x") for text in ("失业", "unemploy", "业我", "plo", "800", "😀")]
    featurizer.process(messages)
    assert [message.get(NOTHING_KNOWN) for message in messages] == [
        False, False, True, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("intent", "confidence", "beside", "decided"),
    [
        ("ask_progress", 0.5, 0.2, "chitchat_oos"),
        ("ask_progress", 0.5, 0.1, "nlu_fallback"),
        ("ask_progress", 0.8, 0.1, "nlu_fallback"),
        ("ask_progress", 0.5, 0.04, "ask_progress"),
        ("ask_progress", 0.91, 0.09, "ask_progress"),
        ("thanks", 0.5, 0.4, "thanks"),
        ("distress_self_harm", 0.4, 0.4, "distress_self_harm"),
    ],
)
def test_a_doubtful_guess_starts_nothing_where_out_of_scope_is_likely_too(
    storage: Storage, intent: str, confidence: float, beside: float, decided: str
) -> None:
    ranking = [
        {"name": intent, "confidence": confidence}, {"name": "chitchat_oos", "confidence": beside},
    ]  # fmt: skip
    message = Message(
        data={"text": "湖人昨天赢了没", "intent": ranking[0], "intent_ranking": ranking}
    )
    (done,) = OutOfScope.create({}, *storage).process([message])
    assert done.get("intent")["name"] == decided
