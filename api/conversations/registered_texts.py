"""``make sms-templates``: the texts to register with a gateway that takes no others, in its own form.

A gateway puts the sender's name in 【】 before a text by itself and takes none inside, and it marks the
places for values as ``${name}``. What is printed is what ``bank.sms.templates`` then names by code.
"""

from __future__ import annotations

import re
import sys

from api.conversations.sentences import raw_sentence

__all__ = ["SENT", "main", "registered_form"]

SENT = (
    "code_identity", "code_signature", "invitation", "ahead_of_time", "signed_notice",
    "withdrawn_notice",
    "sms_on_the_page", "sms_stopped", "sms_started", "sms_help", "sms_empty_message",
    "sms_message_too_long", "followup_greeting", "followup_reminder", "followup_reminder_sum",
    "followup_today", "followup_today_sum", "followup_asked", "followup_asked_sum",
    "followup_asked_rest", "followup_talk", "followup_notice", "followup_ended", "followup_received",
    "followup_half", "followup_part", "followup_fulfilled", "followup_noted_done",
    "followup_noted_later", "followup_may_move", "followup_moved", "followup_with_human",
)  # fmt: skip
"""Every sentence that leaves as a text of its own."""

SENDER = re.compile(r"【\{bank\}】|^\{bank\}: ")
PLACE = re.compile(r"\{(\w+)\}")


def registered_form(key: str, locale: str) -> tuple[str, list[str]]:
    """Return a sentence as a gateway registers it, and the names of its values in their order."""
    text = SENDER.sub("", raw_sentence(key, locale))
    return PLACE.sub(r"${\1}", text), list(dict.fromkeys(PLACE.findall(text)))


def main() -> int:
    """Print each text with its values, as lines of ``bank.sms.templates``."""
    lines = []
    for key in SENT:
        lines.append(f"{key}:")
        for locale in ("zh", "en"):
            text, names = registered_form(key, locale)
            lines.append(f"  # {text}".replace("\n", "\\n"))
            lines.append(f"  {locale}: {{code: SMS_…, variables: [{', '.join(names)}]}}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
