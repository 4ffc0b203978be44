"""Renders everything a cardholder sees. Pure: records and dates in, HTML out, nothing looked up.

The pages bear a strict content policy (no inline script or style, nothing from other hosts):
``default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';
form-action 'self'; base-uri 'none'; frame-ancestors 'none'``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.kit.dates import local_iso
from api.kit.money import money_text
from api.web.assets import asset_address
from api.web.chart import Chart, charted, draw
from api.web.comparison import comparison_rows
from api.web.contacts import why_allowed
from api.web.formats import as_date, filters
from api.web.keeping import slots
from api.web.lead import lead
from api.web.log import Place, arrange, folds_on
from api.web.views import Banner, ChatView, ContactsView, KeepingView, Record, Section
from api.web.words import LOCALES, Words

__all__ = ["BankNames", "Paths", "Presentation"]

FOLDER = Path(__file__).parent

STEPS = ("identify", "consent", "situation", "offers", "agree")
"""The five steps that people see."""

STEP_OF_STAGE = {"welcome": 0, "identify": 0, "consent": 1, "situation": 2, "offers": 3, "agree": 4}
"""Stages after these (``signed``, ``followup``) fill the whole bar."""

SAME_ERROR = {
    "not_authenticated": "session_ended",
    "conversation_unknown": "session_ended",
    "agreement_unknown": "not_found",
    "foreign_origin": "forbidden",
    "too_slow": "too_many",
}
"""Problem codes that read the same to a person."""

RECORD_WORDS = {"terms", "signed", "refusal", "crisis"}
"""Cards that carry sentences of their record and so keep its language."""

REFERENCE = Markup('<strong class="reference">{}</strong>')
FINGERPRINT = Markup('<strong class="fingerprint">{}</strong>')
NAME = Markup('<strong class="name">{}</strong>')
"""Short strings that stand out in a sentence and stay on one line."""


@dataclass(frozen=True)
class BankNames:
    """The bank's name in each language; policy data."""

    zh: str
    en: str


@dataclass(frozen=True)
class Paths:
    """Addresses that pages and forms point to."""

    static: str = "/static"
    chat: str = "/chat"
    say: str = "/chat/messages"
    locale: str = "/chat/locale"
    leave: str = "/chat/leave"
    stream: str = "/chat/stream"
    api_messages: str = "/v1/chat/conversations/{id}/messages"
    notice: str = "/notice"
    contacts_csv: str = "/contacts.csv"
    texts: str = "/contacts/texts"
    move: str = "/progress/move"
    evidence: str = "/evidence"
    verification: str = "/verify"
    certificate: str = "/progress/certificate.pdf"
    withdrawal: str = "/progress/withdrawal.pdf"


class Presentation:
    """The one place that turns records into pages and fragments."""

    def __init__(
        self, *, bank: BankNames, today: Callable[[], date], paths: Paths | None = None
    ) -> None:
        """Make the templates ready; ``today`` is the day in Asia/Shanghai, from the clock."""
        self.today = today
        self.paths = paths or Paths()
        self.words = {name: Words(name, bank=escape(getattr(bank, name))) for name in LOCALES}
        self.env = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.filters.update(filters(today))
        self.env.globals.update(
            paths=self.paths,
            asset=self._asset,
            chart_of=self._chart,
            charted=charted,
            passed=self._passed,
            folds_on=folds_on,
            bank=bank,
            comparison_rows=comparison_rows,
            joined=_joined,
            why_allowed=why_allowed,
            slots_of=slots,
            reference_mark=REFERENCE.format,
            fingerprint_mark=FINGERPRINT.format,
            name_mark=NAME.format,
        )
        self.env.tests["some"] = lambda amount: Decimal(amount) > 0

    # The conversation

    def render_chat(self, view: ChatView) -> str:
        """Render the whole chat page.

        Raises:
            KeyError: a part of the view is missing.
            jinja2.UndefinedError, TypeError: a part of a record is missing.
        """
        places = arrange(view["records"])
        crisis = view.get("crisis", False) or _in_crisis(view["records"])
        log = [
            self._record(record, view["locale"], place)
            for record, place in zip(view["records"], places, strict=True)
        ]
        banner = view.get("banner", Banner(case="none"))
        return self._page(
            "chat.html",
            view["locale"],
            view={**view, "crisis": crisis, "links": view.get("links", {})},
            log=log,
            last_seq=max((int(record["seq"]) for record in view["records"]), default=0),
            progress=self.render_progress(
                view["stage"], view["locale"], view.get("agreement_number")
            ),
            banner=self.render_banner(view["locale"], banner),
            floor="collector" if banner["case"] == "taken" else "assistant",
            who_is_here=self.who_is_here(view["locale"], banner),
        )

    def render_record(
        self,
        record: Record,
        locale: str,
        active: bool = True,
    ) -> str:
        """Render one record of the log; on the stream every fresh record is ``active``."""
        place = Place() if active else Place(card_open=False, replies_open=False, folded=True)
        return self._record(record, locale, place)

    def render_progress(self, stage: str, locale: str, agreement_number: str | None = None) -> str:
        """Render the five steps for a stage; from ``signed`` on they are full, with the number."""
        current = STEP_OF_STAGE.get(stage, len(STEPS))
        return self._page(
            "_progress.html", locale, steps=STEPS, current=current, number=agreement_number
        )

    def who_is_here(self, locale: str, banner: Banner) -> Markup:
        """Return who answers now, for the page's head: a colleague by name, or the assistant."""
        words = self.words[locale]
        if banner["case"] != "taken":
            return words("page.assistant_here")
        name = banner.get("name")
        return words("page.collector_here", name=name) if name else words("page.a_colleague")

    def render_banner(self, locale: str, banner: Banner) -> str:
        """Render the line that says who has the floor; empty when the assistant has it."""
        return self._page("_banner.html", locale, banner=banner).strip()

    # Pages

    def render_invite(self, locale: str, *, action: str, reference: str | None = None) -> str:
        """Render the neutral page behind an invite: ``action`` is what its button posts to."""
        return self._page("invite.html", locale, action=action, reference=reference)

    def render_no_invite(self, locale: str, *, expired: bool = False) -> str:
        """Render how to be recognised, without an invite or with one that no longer works."""
        return self._page("no_invite.html", locale, expired=expired)

    def render_notice(
        self, locale: str, *, retention: str, contact: str, version: str, share: str = ""
    ) -> str:
        """Render the privacy notice.

        The arguments are ready sentences from policy: how long we keep, whom to ask, and (if any)
        which processors see the data.
        """
        facts = {"retention": retention, "contact": contact, "version": version, "share": share}
        return self._page("notice.html", locale, facts=facts)

    def render_terms(
        self,
        locale: str,
        *,
        title: str,
        sections: Sequence[Section],
        fingerprint: str | None = None,
        number: str | None = None,
        pdf_url: str | None = None,
        proof_url: str | None = None,
        check_url: str | None = None,
    ) -> str:
        """Render an agreement's full terms as a page."""
        return self._page(
            "terms.html",
            locale,
            title=title,
            sections=sections,
            fingerprint=fingerprint,
            number=number,
            pdf_url=pdf_url,
            proof_url=proof_url,
            check_url=check_url,
        )

    def render_contacts(self, locale: str, view: ContactsView) -> str:
        """Render who has contacted the person, when, what for and on what ground."""
        return self._page("contacts.html", locale, view=view)

    def contacts_csv(self, locale: str, view: ContactsView) -> str:
        """Write the same list as CSV (RFC 4180), in the person's language, for a complaint."""
        w = self.words[locale]
        columns = ("when", "by", "channel", "purpose", "outcome", "why")
        out = StringIO()
        rows = csv.writer(out)
        rows.writerow([w(f"contacts.column_{column}") for column in columns])
        for item in view["attempts"]:
            rows.writerow(
                [
                    local_iso(item["at"]),
                    *(w(f"contacts.{name}_{item[name]}") for name in columns[1:5]),
                    why_allowed(w, item["why"]),
                ]
            )
        return out.getvalue()

    def render_keeping(self, locale: str, view: KeepingView) -> str:
        """Render how an agreement goes: what is paid, what comes next, and its certificate at the end."""
        return self._page("progress_page.html", locale, view=view)

    def render_evidence(self, locale: str, view: Mapping[str, Any]) -> str:
        """Render which papers are wanted, what was sent, and what became of it."""
        return self._page("evidence.html", locale, view=view)

    def render_verification(self, locale: str, view: Mapping[str, Any]) -> str:
        """Render where a document can be verified, and what came of it; no name and no amount is shown."""
        return self._page("verification.html", locale, view=view)

    def render_error(self, code: str, locale: str) -> str:
        """Render what is saved and what to do next; an unknown code reads as a server error."""
        code = SAME_ERROR.get(code, code)
        known = code if self.words[locale].has(f"error.{code}_title") else "server_error"
        return self._page("error.html", locale, code=known)

    # Within

    def _page(self, template: str, locale: str, **values: Any) -> Markup:
        page = self.env.get_template(template)
        html = page.render(locale=locale, w=self.words[locale], **values)
        return Markup(html)  # noqa: S704 - the template has escaped every value

    def _record(self, record: Record, locale: str, place: Place) -> Markup:
        card = record.get("card")
        spoken = record.get("lang") or locale
        own = card is not None and card["kind"] in RECORD_WORDS
        card_locale = spoken if own else locale
        return self._page(
            "record.html",
            locale,
            record={"name": None, "client_message_id": None, **record, "lang": spoken},
            words=lead(record),
            place=place,
            replies=_replies(record, self.words[card_locale]) if place.replies_open else [],
            card_html=self._card(record, card_locale, place) if card else None,
            card_locale=card_locale,
        )

    def _card(self, record: Record, locale: str, place: Place) -> Markup:
        card = record["card"]
        template = f"cards/{card['kind']}.html"
        return self._page(template, locale, card=card, place=place, uid=f"m{record['seq']}")

    def _chart(self, offers: Sequence[Mapping[str, Any]], locale: str) -> Chart:
        words = self.words[locale]
        names = [
            words(
                "chart.name",
                ordinal=words(f"compare.ordinal_{offer['number']}"),
                monthly=money_text(offer["monthly"], "en").removeprefix("¥"),
                n=offer["periods"],
            )
            for offer in offers
        ]
        return draw(offers, names, locale)

    def _passed(self, day: str) -> bool:
        return as_date(day) < self.today()

    def _asset(self, name: str) -> str:
        return asset_address(self.paths.static, name)


def _replies(record: Record, words: Words) -> list[Mapping[str, str]]:
    """Return the quick replies that the record's card, or the bar below, does not offer already."""
    replies = list(record.get("quick_replies", []))
    card = record.get("card")
    if not card:
        return replies
    covered = str(words("covered.any")).split("|")
    if words.has(f"covered.{card['kind']}"):
        covered += str(words(f"covered.{card['kind']}")).split("|")
    return [reply for reply in replies if reply["text"] not in covered]


def _in_crisis(records: Sequence[Record]) -> bool:
    """Tell whether the assistant's newest card is the one for a crisis."""
    cards = [record["card"]["kind"] for record in records if record.get("card")]
    return bool(cards) and cards[-1] == "crisis"


def _joined(parts: Sequence[Markup], comma: Markup, last: Markup) -> Markup:
    """Join as the language does: ``甲、乙和丙``, ``a, b and c``."""
    if len(parts) == 1:
        return parts[0]
    return comma.join(parts[:-1]) + last + parts[-1]
