"""Guessing codes and digits: over many links, visits, addresses and days, and what is given away by it."""

from __future__ import annotations

import itertools
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from api.accounts import challenges, invites, late_answers
from api.accounts.challenges import latest_challenge
from api.accounts.models import Challenge, FailedTries, Invite, Person
from api.accounts.tries import forget_old_tries
from api.conversations import intake
from api.conversations.intake import accept_message
from api.conversations.models import Conversation, InboxItem
from api.conversations.proving import send_code
from api.conversations.service import open_conversation
from api.kit import secrecy
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.kit.dates import local_date
from api.kit.errors import Problem
from tests.conftest import Visit, import_rows, invite_link, portfolio_row

WEEK = timedelta(days=7)
NUMBERS = {True: 100_000, False: 500_000}
"""Where an attacker begins to count links and messages, so that two at once do not meet."""
DIGITS = "123X"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many answers were really compared, by purpose: a count beside the real thing.

    ``late …``: with what is asked no longer; a code's opens nothing, but digits' would tell them.
    """
    count: Counter[str] = Counter()
    real = challenges.answers

    def counting(kind: str) -> Callable[[Any, Challenge, str], bool]:
        def counted(session: Any, challenge: Challenge, answer: str) -> bool:
            count[kind + challenge.purpose] += 1
            return real(session, challenge, answer)

        return counted

    monkeypatch.setattr(challenges, "answers", counting(""))
    for module in (late_answers, intake):
        monkeypatch.setattr(module, "answers", counting("late "))
    return count


class Attacker:
    """Somebody who has a link to another person's conversation, machines everywhere, and all the time.

    ``reads_texts``: they also have that person's telephone in their hands.
    """

    def __init__(self, app: FastAPI, clock: SetClock, *, reads_texts: bool) -> None:
        self.app, self.clock, self.reads_texts = app, clock, reads_texts
        self.addresses = (f"203.0.{high}.{low}" for high in range(250) for low in range(250))
        self.said = itertools.count(NUMBERS[reads_texts])

    @property
    def policy(self) -> Any:
        return self.app.state.policy.on(local_date(self.clock.now()))

    def visit(self, *, new_link: bool) -> str:
        """Open a conversation, with a link of its own or with the one there is."""
        with self.app.state.database.transaction() as session:
            invite = session.scalars(select(Invite).order_by(Invite.created_at)).first()
            person = session.scalars(select(Person)).first()
            if new_link or invite is None:
                number = next(self.said)
                invite = Invite(
                    id=f"i_{number}", person_id=person.id, code_hash=f"{number}",
                    reference=f"R{number}", created_at=self.clock.now(),
                    expires_at=self.clock.now() + WEEK,
                )  # fmt: skip
                session.add(invite)
                session.flush()
            opened, _ = open_conversation(
                session, invite, channel="web", locale=None, now=self.clock.now(),
                policy=self.policy,
            )  # fmt: skip
            return opened.id

    def ask(self, conversation_id: str, monkeypatch: pytest.MonkeyPatch, code: str) -> bool:
        """Have a code sent, which happens to be ``code``; returns whether one was."""
        monkeypatch.setattr("api.conversations.proving.new_code", lambda digits: code)
        try:
            with self.app.state.database.transaction() as session:
                conversation = session.get_one(Conversation, conversation_id)
                send_code(
                    session, conversation, "identity", now=self.clock.now(), policy=self.policy
                )
        except Problem as problem:
            return problem.code != "challenge_paused"
        return True

    def say(self, conversation_id: str, text: str) -> None:
        """Write something, from another address each time."""
        with self.app.state.database.transaction() as session:
            accept_message(
                session, session.get_one(Conversation, conversation_id), source="web",
                external_id=f"s{next(self.said)}", text=text, now=self.clock.now(),
                policy=self.policy, origin=next(self.addresses),
            )  # fmt: skip

    def identified(self) -> bool:
        with self.app.state.database.reading() as session:
            found = session.scalars(select(Conversation.identified_at)).all()
            return any(moment is not None for moment in found)

    def stands(self, conversation_id: str) -> str | None:
        """Return what is asked for in a conversation and still looked at."""
        with self.app.state.database.reading() as session:
            found = latest_challenge(session, conversation_id)
            now = self.clock.now()
            return found.purpose if found and challenges.compares(found, now) else None


def most_guesses(app: FastAPI, clock: SetClock) -> int:
    """Work out from policy how many guesses of a purpose a week can hold at most."""
    policy = app.state.policy.on(local_date(clock.now()))
    pauses = policy.value("bank.code.pause_minutes")
    passed, rounds = timedelta(0), 0
    while passed < WEEK:
        passed += timedelta(minutes=pauses[min(rounds, len(pauses) - 1)])
        rounds += 1
    return rounds * int(policy.value("bank.code.tries"))


@pytest.fixture
def victim(app: FastAPI) -> None:
    """Somebody whose link has got into other hands. The application's loops do not run: nothing answers."""
    import_rows(TestClient(app), portfolio_row())


def guesses(wanted: str) -> Iterator[str]:
    """Every other code there is, so that each guess is a new one."""
    return (f"{number:06d}" for number in range(1_000_000) if f"{number:06d}" != wanted)


@pytest.mark.parametrize("new_link", [False, True])
def test_codes_are_not_guessed_in_a_week_of_links_visits_and_addresses(
    app: FastAPI, clock: SetClock, victim: None, compared: Counter[str], new_link: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    attacker = Attacker(app, clock, reads_texts=False)
    end, untried = clock.now() + WEEK, guesses("999999")
    while clock.now() < end:
        here = attacker.visit(new_link=new_link)
        if not attacker.ask(here, monkeypatch, "999999"):
            clock.forward(timedelta(minutes=30))
            continue
        for _ in range(6):
            attacker.say(here, next(untried))
    assert 15 <= compared["identity"] <= most_guesses(app, clock) < 50
    assert not attacker.identified()


def test_digits_are_not_guessed_in_a_week_by_somebody_who_has_the_telephone(
    app: FastAPI, clock: SetClock, victim: None, compared: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    attacker = Attacker(app, clock, reads_texts=True)
    end, untried = clock.now() + WEEK, (f"{number:04d}" for number in range(10_000))
    codes = guesses("000000")
    while clock.now() < end:
        first, second = attacker.visit(new_link=True), attacker.visit(new_link=True)
        asked = []
        for here in (first, second):
            code = next(codes)
            if attacker.ask(here, monkeypatch, code):
                attacker.say(here, code)
                asked.append((here, code))
        for here, code in asked:
            for _ in range(6):
                attacker.say(here, next(untried))
                attacker.say(here, code)  # an old code once more, then digits again
        clock.forward(timedelta(hours=6))
    assert 15 <= compared["document"] <= most_guesses(app, clock)
    assert compared["late document"] == 0
    assert not attacker.identified()


@pytest.mark.each_database
def test_one_link_gives_no_more_guesses_because_its_holder_comes_in_between(
    app: FastAPI, clock: SetClock, victim: None, compared: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Each time the holder proves themselves their own tries begin anew; those of the link do not."""
    attacker, holder = (
        Attacker(app, clock, reads_texts=False),
        Attacker(app, clock, reads_texts=True),
    )
    stolen = attacker.visit(new_link=True)
    end, untried, wrong = clock.now() + WEEK, guesses("999999"), 0
    while clock.now() < end:
        if attacker.ask(stolen, monkeypatch, "999999"):
            before = compared["identity"]
            for _ in range(4):
                attacker.say(stolen, next(untried))
            wrong += compared["identity"] - before
        own = holder.visit(new_link=True)
        if holder.ask(own, monkeypatch, "999998"):
            holder.say(own, "999998")
            holder.say(own, DIGITS)
        clock.forward(timedelta(hours=4))
    policy = app.state.policy.on(local_date(clock.now()))
    assert holder.identified()
    assert wrong <= policy.value("bank.code.visit_tries") + 12


# What a pause looks like from inside, and what is kept of it


def wrong(code: str, number: int) -> str:
    return f"{(int(code) + number) % 1_000_000:06d}"


@pytest.mark.each_database
def test_a_link_that_guessed_too_often_rests_in_each_of_its_visits_and_says_until_when(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    policy = app.state.policy.on(local_date(clock.now()))
    with app.state.database.transaction() as session:
        conversation = session.get_one(Conversation, visit.conversation_id)
        rests = conversation.reference
    for number in range(policy.value("bank.code.visit_tries")):
        if number % 4 == 0:
            code = visit.code("identity")
        visit.say(wrong(code, number % 4 + 1))
        if number % 4 == 3:  # the holder proves themselves elsewhere: their own tries begin anew
            prove_elsewhere(app, clock)
    context = visit.bot("context")
    assert context["words"]["paused_until"] == "13:00"
    asked = visit.bot("challenge", {"purpose": "identity"})
    assert (asked["status_code"], asked["code"]) == (429, "challenge_paused")
    assert asked["words"]["paused_until"] == "13:00"
    with app.state.database.reading() as session:
        paused = session.scalars(select(Event).where(Event.kind == "answers_paused")).one()
        assert paused.data == {"by": "visit", "minutes": 60}
        assert session.get_one(Conversation, visit.conversation_id).reference == rests
    clock.forward(timedelta(minutes=61))
    visit.identify()
    assert visit.bot("context")["identified"] is True


def prove_elsewhere(app: FastAPI, clock: SetClock) -> None:
    """Let the holder's own visit pass both proofs, as records have it."""
    with app.state.database.transaction() as session:
        for challenge in session.scalars(select(Challenge).where(Challenge.state == "open")):
            challenge.state, challenge.closed_at = "satisfied", clock.now()


@pytest.mark.each_database
def test_one_address_gives_few_guesses_whoever_they_are_about_and_is_soon_forgotten(
    app: FastAPI, clock: SetClock, compared: Counter[str]
) -> None:
    client, policy = TestClient(app), app.state.policy.on(local_date(clock.now()))
    most = policy.value("bank.code.origin_tries")
    people = most // 4 + 3
    import_rows(client, *(
        portfolio_row(account_ref=f"A-{n}", person_ref=f"P-{n}", telephone=f"+86199000{n:05d}")
        for n in range(people)
    ))  # fmt: skip
    outcomes = []
    with app.state.database.transaction() as session:
        persons = session.scalars(select(Person).order_by(Person.person_ref)).all()
        for person in persons:
            invite = Invite(
                id=f"i_{person.id}", person_id=person.id, code_hash=person.id, reference="ABCD",
                created_at=clock.now(), expires_at=clock.now() + WEEK,
            )  # fmt: skip
            session.add(invite)
            session.flush()
            opened, _ = open_conversation(
                session, invite, channel="web", locale=None, now=clock.now(), policy=policy
            )
            send_code(session, opened, "identity", now=clock.now(), policy=policy)
            for number in range(4):
                accept_message(
                    session, opened, source="web", external_id=f"{number}", now=clock.now(),
                    text=f"{number:06d}", policy=policy, origin="198.51.100.7",
                )  # fmt: skip
                session.flush()
                item = session.scalars(
                    select(InboxItem).where(InboxItem.conversation_id == opened.id)
                    .order_by(InboxItem.seq.desc()).limit(1)
                ).one()  # fmt: skip
                outcomes.append("paused" if '"paused"' in item.text else "wrong")
    assert compared["identity"] == most
    assert outcomes == ["wrong"] * (most - 1) + ["paused"] * (len(outcomes) - most + 1)
    with app.state.database.reading() as session:
        assert all("198.51" not in row.key for row in session.scalars(select(FailedTries)))
    clock.forward(timedelta(hours=policy.value("bank.code.origin_forgotten_hours"), minutes=1))
    assert forget_old_tries(app.state.database, clock) == 1
    with app.state.database.reading() as session:
        assert session.scalars(select(FailedTries)).all(), "visits are remembered for longer"


# What is given away


def answers_to(visit: Visit, *texts: str) -> list[str]:
    return [str([reply["text"] for reply in visit.say(text)["replies"]]) for text in texts]


@pytest.mark.each_database
def test_digits_for_a_question_that_another_visit_has_taken_over_are_answered_alike(
    visit: Visit, app: FastAPI, compared: Counter[str]
) -> None:
    """Else the older visit would tell right digits from wrong ones as often as one likes."""
    code = visit.code("identity")
    visit.say(code)
    mine = visit.client.cookies["conversation"]
    opened = visit.client.post(
        "/v1/chat/conversations", json={"invite": invite_link(visit.client)}
    ).json()
    elsewhere = Visit(visit.client, visit.telephone, opened["conversation_id"])
    elsewhere.say(elsewhere.code("identity"))
    visit.client.cookies.clear()
    visit.client.cookies.set("conversation", mine)
    compared.clear()
    said = answers_to(visit, code, "9999", code, DIGITS, code, "4321")
    assert compared["document"] + compared["late document"] == 0, "it is not asked here"
    assert len(set(said[1::2])) == 1, "right and wrong read the same"


class Work:
    """What was done and answered: statements in order, keyed and plain hashes, and the answers."""

    def __init__(self) -> None:
        self.now: list[Any] = []
        self.done: list[list[Any]] = []

    def note(self, what: Any) -> None:
        self.now.append(what)

    def begin(self, _: str) -> None:
        self.now = []

    def end(self, answers: list[Any]) -> None:
        self.done.append([*self.now, *answers])

    def alike(self) -> bool:
        return all(len(each) > 1 for each in self.done) and self.done[0] == self.done[-1]


@pytest.fixture
def work(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Watches the database and the hashes while something is asked."""
    seen = Work()
    engine = app.state.database.engine
    event.listen(engine, "before_cursor_execute", lambda c, cur, sql, *rest: seen.note(sql))
    real_keyed, real_token = secrecy.Keyring.keyed_hash, invites.token_hash

    def keyed(keys: secrecy.Keyring, *parts: str) -> str:
        seen.note(("keyed hash", parts[0]))
        return real_keyed(keys, *parts)

    def plain(token: str) -> str:
        seen.note("hash")
        return real_token(token)

    monkeypatch.setattr(secrecy.Keyring, "keyed_hash", keyed)
    monkeypatch.setattr(invites, "token_hash", plain)
    return seen


Link = Callable[[TestClient, FastAPI, SetClock], str]


def unknown(client: TestClient, app: FastAPI, clock: SetClock) -> str:
    return "A" * 16


def expired(client: TestClient, app: FastAPI, clock: SetClock) -> str:
    code = invite_link(client)
    clock.forward(timedelta(days=8))
    return code


def revoked(client: TestClient, app: FastAPI, clock: SetClock) -> str:
    code = invite_link(client)
    with app.state.database.transaction() as session:
        for invite in session.scalars(select(Invite)):
            invite.revoked_at = clock.now()
    return code


def used_up(client: TestClient, app: FastAPI, clock: SetClock) -> str:
    code = invite_link(client)
    with app.state.database.transaction() as session:
        for invite in session.scalars(select(Invite)):
            invite.expires_at = clock.now()
    return code


@pytest.mark.parametrize("link", [unknown, expired, revoked, used_up])
def test_whatever_is_wrong_with_a_link_it_is_answered_with_the_same_words_and_the_same_work(
    app: FastAPI, clock: SetClock, victim: None, link: Link, work: Work
) -> None:
    client = TestClient(app, follow_redirects=False)
    code = link(client, app, clock)
    for known_as in ("A" * 16, code):
        work.begin(known_as)
        pages = [client.get(f"/i/{known_as}"), client.post(f"/i/{known_as}")]
        pages.append(client.post("/v1/chat/conversations", json={"invite": known_as}))
        work.end([(page.status_code, page.text.replace(known_as, "")) for page in pages])
    assert work.alike()


@pytest.mark.long
def test_no_simple_look_at_the_time_tells_an_unknown_link_from_an_expired_or_revoked_one(
    app: FastAPI, clock: SetClock, victim: None
) -> None:
    """A large difference only, of medians of interleaved calls: what a stranger with a watch could see.

    That the work is the same is held by the test before; this would find work that it does not count.
    """
    client = TestClient(app, follow_redirects=False)
    links = {"revoked": revoked(client, app, clock), "expired": expired(client, app, clock)}
    links["unknown"] = "A" * 16
    took: dict[str, list[float]] = {name: [] for name in links}
    for turn in range(400):
        for name in sorted(links, key=lambda each: (turn * 7 + len(each)) % 3):
            begun = time.perf_counter()
            assert client.get(f"/i/{links[name]}").status_code == 404
            took[name].append(time.perf_counter() - begun)
    middles = [statistics.median(times) for times in took.values()]
    assert max(middles) < 2 * min(middles), "not even by a factor of two"
