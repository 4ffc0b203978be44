"""What a line says besides its first intent, and which of several things comes first.

The classifier has read the whole line and each clause. Where a clause surely says something that comes
before what the whole line was taken for (a question before a fact, a wish for a human before both, signs
of self-harm before everything), it becomes the message's intent. Everything else that was said stays
with the message as entities named ``also``, whose value is an intent: no reason and no question is lost
because a sum stood in the same line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.components.clauses import CLAUSE_INTENTS, ClauseIntent
from bot.components.ranking import decide

DISTRESS: Final = frozenset({"distress_self_harm"})
HUMAN_FIRST: Final = frozenset(
    {
        "suspected_fraud",
        "dispute_debt",
        "complain_harassment",
        "report_death",
        "wrong_person",
        "already_paid",
        "represents_holder",
        "refuse_automation",
        "opt_out",
        "ask_human",
    }
)
#: Deeds: only the whole line may ask for them, never a clause of it.
DEEDS: Final = frozenset(
    {"sign_agreement", "choose_option", "withdraw", "correct_fact", "change_term", "skip"}
)
QUESTIONS: Final = frozenset(
    {
        "ask_what_i_owe",
        "ask_why_contacted",
        "ask_verify_bank",
        "ask_credit_record",
        "legal_question",
        "ask_privacy",
        "ask_is_robot",
        "ask_agents",
        "ask_interest_relief",
        "ask_settlement_discount",
        "ask_extension",
        "ask_annual_rate",
        "ask_why_amount",
        "ask_terms_question",
        "ask_if_worse",
        "ask_how_to_pay",
        "ask_after_signing",
        "ask_evidence",
        "ask_my_right",
        "ask_progress",
        "ask_service",
    }
)
FACTS: Final = frozenset(
    {
        "reason_job_loss",
        "reason_income_drop",
        "reason_illness",
        "reason_business_failure",
        "reason_family",
        "reason_overspending",
        "reason_forgot",
        "state_income",
        "state_expense",
        "state_offer_amount",
        "state_pay_date",
        "state_household",
        "state_lump_sum",
        "state_expected_income",
        "cannot_pay_anything",
        "willing_to_pay",
    }
)
#: A wish for a plan is what everybody is here for: what was told beside it says more.
PLAN: Final = frozenset({"ask_for_plan"})
_ORDER: Final = (DISTRESS, HUMAN_FIRST, DEEDS, QUESTIONS, FACTS, PLAN)
#: From what share on a clause is sure enough to come before what the whole line was taken for.
_SURE: Final = {0: 0.5, 1: 0.75, 3: 0.6, 4: 0.6, 5: 0.6}
_TOLD_BESIDES: Final = 0.5
_SECOND_THOUGHT: Final = 0.2
_CERTAIN: Final = 1.0
_HEARD_IN_LINE: Final = 0.08
"""What share of the whole line a clause's intent has to have besides: "我爸走了" alone is another thing than
"我爸走了，办后事花了好多". Of signs of despair any share is enough."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SaidBesides(GraphComponent):
    """Decides among several things said in one line, and keeps the others as ``also`` entities.

    ``unsure``: below this share of the whole line a sure clause stands for it.
    """

    def __init__(self, unsure: float) -> None:
        self._unsure = unsure

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's settings."""
        return {"unsure": 0.35}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SaidBesides:
        """Creates the component (see parent class)."""
        return cls(float(config.get("unsure", 0.35)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads each message in place; what is certain already (a known wording) is left alone."""
        for message in messages:
            intent = message.get(INTENT)
            if not message.get(TEXT) or not intent:
                continue
            if intent[PREDICTED_CONFIDENCE_KEY] >= _CERTAIN:
                continue
            said: list[ClauseIntent] = message.get(CLAUSE_INTENTS) or []
            self._put_first(message, said)
            _keep_the_rest(message, said)
        return messages

    def _put_first(self, message: Message, said: list[ClauseIntent]) -> None:
        intent = message.get(INTENT)
        name, share = intent[INTENT_NAME_KEY], intent[PREDICTED_CONFIDENCE_KEY]
        of_line = {
            one[INTENT_NAME_KEY]: one[PREDICTED_CONFIDENCE_KEY]
            for one in message.get(INTENT_RANKING_KEY) or []
        }
        place = _place(name)
        sure = [
            clause
            for clause in said
            if clause.intent != name
            and clause.confidence >= _SURE.get(_place(clause.intent), _CERTAIN)
            and (
                share < self._unsure
                or (_place(clause.intent) < place and _heard(clause.intent, of_line))
            )
        ]
        if sure:
            first = min(
                sure,
                key=lambda clause: (
                    _place(clause.intent),
                    not clause.intent.startswith("state_"),  # a figure says more than a reason
                    -clause.confidence,
                ),
            )
            decide(message, first.intent, min(first.confidence, 0.99))
            return
        # Two things said in one line halve each other's share: a clause that says one of them is no doubt.
        own = max((clause.confidence for clause in said if clause.intent == name), default=0.0)
        if len(said) > 1 and own > share:
            decide(message, name, min(own, 0.99))


def _keep_the_rest(message: Message, said: list[ClauseIntent]) -> None:
    first = message.get(INTENT)[INTENT_NAME_KEY]
    kept: dict[str, tuple[int, int, float]] = {}
    for clause in said:
        if clause.confidence >= _TOLD_BESIDES and clause.intent != first:
            kept.setdefault(clause.intent, (clause.start, clause.end, clause.confidence))
    end = len(message.get(TEXT))
    for second in message.get(INTENT_RANKING_KEY) or []:
        name, share = second[INTENT_NAME_KEY], second[PREDICTED_CONFIDENCE_KEY]
        if share >= _SECOND_THOUGHT and _family(name) != _family(first):
            kept.setdefault(name, (0, end, share))
    entities = [
        {
            "entity": "also",
            "value": name,
            "start": start,
            "end": stop,
            "confidence_entity": share,
            "extractor": "SaidBesides",
        }
        for name, (start, stop, share) in kept.items()
        if name in FACTS | QUESTIONS | PLAN | HUMAN_FIRST
        and name != DEFAULT_NLU_FALLBACK_INTENT_NAME
    ]
    if entities:
        message.set(ENTITIES, [*(message.get(ENTITIES) or []), *entities], add_to_output=True)


def _heard(intent: str, of_line: Mapping[str, float]) -> bool:
    """Whether the whole line says so too, at least faintly."""
    return of_line.get(intent, 0.0) > (0.0 if intent in DISTRESS else _HEARD_IN_LINE)


def _place(intent: str) -> int:
    return next((at for at, names in enumerate(_ORDER) if intent in names), len(_ORDER))


def _family(intent: str) -> str:
    """Near neighbours are one another's second thought, not a second thing that was said."""
    return intent.split("_")[0]
