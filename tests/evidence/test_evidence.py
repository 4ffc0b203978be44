"""Evidence through the real application: wanted, sent, looked at, told of, kept and deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from api.agreements.evidence.records import content_of
from api.agreements.evidence.scanner import ClamAv, NoScanner, scanner_at
from api.channels.texting import compose
from api.conversations.models import Message
from api.followup.evidence import check_again, delete_due
from api.followup.models import AgreementEnd
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.kit.money import ZERO
from api.kit.secrecy import Keyring, keyring, use_keyring
from api.policy.lookup import Policy
from tests.conftest import Telephone, Visit
from tests.console.signing_in import signed_in
from tests.evidence.conftest import Owing, owing
from tests.evidence.papers import (
    ARCHIVE,
    EICAR,
    HEIC,
    HTML,
    JPEG,
    PDF,
    PROGRAM,
    SVG,
    daemon,
    png,
)

PAGE = {"Accept": "text/html"}


def kinds_of_events(app: FastAPI, *, like: str = "evidence_%") -> list[str]:
    with app.state.database.reading() as session:
        return list(
            session.scalars(select(Event.kind).where(Event.kind.like(like)).order_by(Event.id))
        )


@pytest.mark.each_database
def test_above_the_amount_no_code_is_sent_before_a_colleague_has_accepted_the_paper(
    person: Owing, telephone: Telephone
) -> None:
    visit = person.visit
    assert visit.bot("context")["evidence"] == "missing"
    texts = len(telephone.texts)
    refused = visit.bot("challenge", {"purpose": "signature"})
    assert (refused["status_code"], refused["code"]) == (409, "evidence_missing")
    assert refused["words"]["evidence_missing"] == "收入证明"

    assert person.send().status_code == 303
    refused = visit.bot("challenge", {"purpose": "signature"})
    assert (refused["status_code"], refused["code"]) == (409, "evidence_in_review")
    assert person.cases("waiting") == ["evidence"]
    assert "收入证明收到了" in person.said()[-1]["text"]
    assert len(telephone.texts) == texts

    assert person.decide("accept").status_code == 303
    told = person.said()[-1]
    assert told["text"].startswith("收入证明同事看过了")
    assert told["quick_replies"] == [{"title": "接着签", "text": "接着签"}]
    assert person.cases("waiting") == []
    assert visit.bot("context")["evidence"] == "complete"
    assert visit.sign()["signed"]
    assert kinds_of_events(person.app) == ["evidence_received", "evidence_accepted"]


def test_where_the_plan_itself_is_looked_at_too_nobody_is_told_that_signing_is_next(
    app: FastAPI, client: TestClient, telephone: Telephone
) -> None:
    person = owing(app, client, telephone, reviewed_from="60000.00")
    assert person.visit.bot("challenge", {"purpose": "signature"})["code"] == "evidence_missing"
    person.send()
    person.decide("accept")
    assert person.said()[-1]["text"] == "收入证明同事看过了，没有问题。"
    assert person.visit.bot("challenge", {"purpose": "signature"})["code"] == "needs_review"


def test_below_the_amounts_nothing_is_wanted(visit: Visit) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    assert visit.bot("context")["evidence"] is None
    assert "现在不用交什么" in visit.client.get("/evidence").text
    assert visit.sign()["signed"]


def test_a_code_given_before_evidence_was_wanted_signs_nothing(person: Owing) -> None:
    """A row of policy may begin to hold between the code and the signature: the signature asks again."""
    policy = person.app.state.policy
    person.app.state.policy = policy.amended(
        {"bank.evidence.wanted_from": "900000.00"}, since=person.app.state.clock.today()
    )
    code = person.visit.code("signature")
    person.app.state.policy = policy
    person.visit.say(code)
    answer = person.visit.bot("agreement", {})
    assert (answer["status_code"], answer["code"]) == (409, "evidence_missing")
    assert not person.visit.bot("context")["signed"]
    assert person.visit.bot("agreement", {})["code"] == "not_signed"


@pytest.mark.parametrize("content", [png(), JPEG, HEIC, PDF])
def test_photos_and_documents_are_taken_by_what_they_are(person: Owing, content: bytes) -> None:
    assert person.send(content, name="anything.exe").status_code == 303
    assert person.files() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(HTML, "file_type"), (PROGRAM, "file_type"), (ARCHIVE, "file_type"), (SVG, "file_type"),
     (b"hello", "file_type")],
)  # fmt: skip
def test_anything_else_is_not_taken_whatever_its_name(
    person: Owing, content: bytes, code: str
) -> None:
    answer = person.send(content, name="payslip.pdf")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "不是照片或 PDF" in answer.text
    assert person.pieces() == []
    assert code == "file_type"


def test_an_empty_or_missing_file_is_asked_for_again(person: Owing) -> None:
    empty = person.visit.client.post(
        "/evidence", data={"kind": "income_proof"}, files={"file": ("a.png", b"")}
    )
    assert (empty.status_code, "是空的" in empty.text) == (422, True)
    none = person.visit.client.post(
        "/evidence", files={"kind": (None, "income_proof"), "file": ("", b"")}
    )
    assert (none.status_code, "还没有选文件" in none.text) == (422, True)
    odd = person.send(kind="passport")
    assert odd.status_code == 422
    plain = person.visit.client.post("/evidence", data={"kind": "income_proof"})
    assert plain.status_code in (400, 422)
    assert person.pieces() == []


def test_a_file_that_is_too_large_is_not_read_into_memory_and_told_kindly(person: Owing) -> None:
    answer = person.send(png() + bytes(11 * 1024 * 1024))
    assert answer.status_code == 413
    assert "超过了 10 MB" in answer.text
    assert person.pieces() == []


@pytest.mark.each_database
def test_the_same_file_again_is_the_same_piece_and_there_is_an_end_to_many(person: Owing) -> None:
    for _ in range(3):
        assert person.send().status_code == 303
    assert len(person.pieces()) == 1
    for shade in range(1, 5):
        assert person.send(png(shade)).status_code == 303
    over = person.send(png(9))
    assert (over.status_code, "已经有 5 份" in over.text) == (409, True)
    assert person.files() == 5
    assert person.cases("waiting") == ["evidence"]


def test_what_nobody_has_looked_at_can_be_taken_back_and_is_gone_at_once(person: Owing) -> None:
    person.send()
    (piece,) = person.pieces()
    for _ in range(2):
        back = person.visit.client.post(f"/evidence/{piece.id}/back")
        assert back.status_code == 303
    assert person.files() == 0
    assert "您拿回去了" in person.page()
    assert person.cases("waiting") == []
    assert kinds_of_events(person.app) == [
        "evidence_received", "evidence_withdrawn", "evidence_deleted",
    ]  # fmt: skip
    person.send(png(3))
    person.decide("accept")
    decided = person.visit.client.post(f"/evidence/{person.pieces()[-1].id}/back", headers=PAGE)
    assert decided.status_code == 409
    assert person.visit.client.post("/evidence/v_other/back").status_code == 404


@pytest.mark.parametrize(
    ("reason", "words"),
    [("unreadable", "看不清"), ("another_paper", "不是收入证明"), ("another_person", "不是您的名字"),
     ("too_old", "近三个月"), ("incomplete", "整页")],
)  # fmt: skip
def test_a_refusal_is_told_with_its_reason_and_two_ways_on(
    person: Owing, reason: str, words: str
) -> None:
    person.send()
    assert person.decide("refuse", reason=reason).status_code == 303
    told = person.said()[-1]
    assert words in told["text"]
    assert "同事" in told["text"]
    assert told["card"]["kind"] == "evidence"
    page = person.page()
    assert "没法用" in page
    assert 'name="file"' in page
    assert person.send(png(7)).status_code == 303  # and another one is welcome


@pytest.mark.each_database
def test_deciding_twice_does_it_once_and_otherwise_is_refused(person: Owing) -> None:
    person.send()
    for _ in range(2):
        assert person.decide("accept").status_code == 303
    assert sum("同事看过了" in each["text"] for each in person.said()) == 1
    other = person.decide("refuse", reason="too_old")
    assert (other.status_code, other.json()["code"]) == (409, "evidence_decided")
    unknown = person.decide("refuse", reason="because")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "reason_unknown")


def test_a_paper_shown_to_a_colleague_counts_without_any_file(person: Owing) -> None:
    person.visit.bot("handoff", {"reason": "ask_human"})
    colleague, staff = signed_in(person.app, "collector")
    shown = colleague.post("/console/evidence/case/1/shown", data={"kind": "income_proof"})
    assert shown.status_code == 303
    (piece,) = person.pieces()
    assert (piece.state, piece.scan, piece.decided_by) == ("accepted", "none", staff.actor)
    assert person.files() == 0
    assert "当面看的" in person.page()
    assert person.visit.sign()["signed"]


def test_a_note_about_health_needs_a_consent_of_its_own_which_may_be_refused(
    app: FastAPI, client: TestClient, telephone: Telephone
) -> None:
    app.state.policy = app.state.policy.amended(
        {"bank.evidence.medical_from": "1000.00"}, since=app.state.clock.today()
    )
    person = owing(
        app, client, telephone, {"reason": "illness", "proposed_payment": "1000.00",
                                 "monthly_income": "6000.00"}, principal="33000.00",
    )  # fmt: skip
    assert person.visit.bot("context")["evidence"] == "missing"
    assert "单独同意" in person.page()
    refused = person.send(kind="medical_certificate")
    assert (refused.status_code, "要先同意才能收" in refused.text) == (403, True)
    client.post("/evidence/consent", data={"granted": "false"})
    assert "您选了不同意" in person.page()
    assert person.send(kind="medical_certificate").status_code == 403
    client.post("/evidence/consent", data={"granted": "true"})
    assert person.send(kind="medical_certificate").status_code == 303
    assert kinds_of_events(app, like="consent_%") == [
        "consent_granted", "consent_refused", "consent_granted",
    ]  # fmt: skip


def test_large_living_costs_want_a_receipt(
    app: FastAPI, client: TestClient, telephone: Telephone
) -> None:
    person = owing(
        app, client, telephone,
        {"essential_spending": "21000.00", "monthly_income": "26000.00"}, principal="33000.00",
    )  # fmt: skip
    assert "支出的票据" in person.page()
    assert person.send(kind="receipt").status_code == 303


def test_before_identity_the_page_tells_nothing(visit: Visit) -> None:
    page = visit.client.get("/evidence", headers=PAGE)
    assert page.status_code == 403
    assert "收入" not in page.text
    sent = visit.client.post(
        "/evidence", data={"kind": "income_proof"}, files={"file": ("a.png", png())}
    )
    assert sent.status_code == 403
    assert visit.client.post("/evidence/consent", data={"granted": "true"}).status_code == 403
    visit.client.cookies.clear()
    assert visit.client.get("/evidence").status_code == 401


def test_a_file_lies_encrypted_and_is_read_with_older_keys_too(person: Owing) -> None:
    content = png(40)
    person.send(content)
    (piece,) = person.pieces()
    with person.app.state.database.engine.connect() as connection:
        stored = bytes(connection.execute(text("SELECT content FROM evidence_files")).scalar_one())
    assert content not in stored
    assert b"PNG" not in stored
    older = keyring()
    newest = Fernet.generate_key().decode()
    use_keyring(Keyring([newest, *older.data_keys], older.hash_key))
    with person.app.state.database.reading() as session:
        assert content_of(session, piece.id) == content
    with pytest.raises(InvalidToken):
        MultiFernet([Fernet(newest)]).decrypt(stored)


def test_opening_a_file_is_on_record_and_nothing_in_it_can_run(person: Owing) -> None:
    person.send(PDF)
    (piece,) = person.pieces()
    colleague, staff = signed_in(person.app, "collector")
    got = colleague.get(f"/console/evidence/{piece.id}/file")
    assert got.content == PDF
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"] == f'attachment; filename="{piece.id}.pdf"'
    assert got.headers["cache-control"] == "no-store"
    with person.app.state.database.reading() as session:
        seen = session.scalars(select(Event).where(Event.kind == "seen")).one()
    assert (seen.actor, seen.subject_id) == (staff.actor, piece.id)


def test_who_may_look_at_papers_and_who_may_not(person: Owing) -> None:
    person.send()
    (piece,) = person.pieces()
    for roles in (("administrator",), ("care",)):
        other, _ = signed_in(person.app, *roles)
        for path in ("", "/case/1", f"/{piece.id}/file"):
            assert other.get(f"/console/evidence{path}").status_code == 403
        assert other.post(f"/console/evidence/{piece.id}/accept").status_code == 403
    person.visit.say("我不想活了")  # care comes first: nobody else reads on
    colleague, _ = signed_in(person.app, "collector")
    assert colleague.get("/console/evidence/case/1").status_code == 403
    assert colleague.get(f"/console/evidence/{piece.id}/file").status_code == 403
    assert colleague.post(f"/console/evidence/{piece.id}/accept").status_code == 403


def test_a_file_that_a_scanner_finds_harmful_is_not_kept(person: Owing) -> None:
    with daemon() as clamd:
        person.app.state.scanner = scanner_at(clamd.address)
        harmful = person.send(PDF + EICAR)
        assert (harmful.status_code, "安全检查" in harmful.text) == (422, True)
        assert person.pieces() == []
        assert kinds_of_events(person.app) == ["evidence_harmful"]
        person.send(png())
        assert person.pieces()[0].scan == "clean"
        assert clamd.seen[-1] == len(png())


def test_without_a_scanner_a_file_is_taken_and_shown_as_unchecked(person: Owing) -> None:
    assert isinstance(person.app.state.scanner, NoScanner)
    person.send()
    assert person.pieces()[0].scan == "unchecked"
    colleague, _ = signed_in(person.app, "collector")
    assert "没有查过病毒" in colleague.get("/console/evidence", headers=PAGE).text
    assert "没有查过病毒" in colleague.get("/console/evidence/case/1", headers=PAGE).text


def test_what_could_not_be_checked_is_checked_when_the_scanner_answers(
    person: Owing, clock: SetClock
) -> None:
    state = person.app.state
    person.send(png(1))
    person.send(PDF + EICAR)

    def check(address: str) -> int:
        scanner = scanner_at(address)
        return check_again(state.database, clock, state.policy, scanner, "https://bank.example")

    assert check("") == 0
    assert check("tcp://127.0.0.1:9") == 0  # nobody answers: they stay as they are
    assert {each.scan for each in person.pieces()} == {"unchecked"}
    with daemon() as clamd:
        assert check(clamd.address) == 2
        assert check(clamd.address) == 0
    by_size = sorted(person.pieces(), key=lambda each: each.size)
    assert [(each.state, each.reason) for each in by_size] == [
        ("waiting", ""),
        ("refused", "harmful"),
    ]
    assert by_size[0].scan == "clean"
    assert person.files() == 1
    assert "安全检查发现了不该有的东西" in person.said()[-1]["text"]


def test_the_scanners_address_is_checked_at_the_start() -> None:
    with pytest.raises(ValueError, match="unix:"):
        ClamAv("localhost:3310")
    assert ClamAv("unix:/nowhere/clamd.ctl").scan(b"x") == "unchecked"


@pytest.mark.each_database
def test_files_are_deleted_on_their_day_and_what_was_decided_stays(
    person: Owing, clock: SetClock
) -> None:
    state = person.app.state

    def pass_days(days: int) -> int:
        clock.forward(timedelta(days=days))
        return delete_due(state.database, clock, state.policy)

    person.send(png(1))
    person.decide("refuse", reason="too_old")
    person.send(png(2))
    person.decide("accept")
    person.send(png(3))  # nobody looks at this one: it stays
    assert pass_days(29) == 0
    assert pass_days(2) == 2
    assert person.files() == 1
    assert [each.state for each in person.pieces()] == ["refused", "accepted", "waiting"]
    assert kinds_of_events(person.app).count("evidence_deleted") == 2
    assert pass_days(400) == 0


def test_while_an_agreement_rests_on_it_a_file_is_kept_until_after_its_end(
    person: Owing, clock: SetClock
) -> None:
    state = person.app.state
    person.send()
    person.decide("accept")
    assert person.visit.sign()["signed"]
    clock.forward(timedelta(days=200))
    assert delete_due(state.database, clock, state.policy) == 0
    with state.database.transaction() as session:
        session.execute(text("UPDATE agreements SET in_force_for = NULL"))
        session.add(
            AgreementEnd(
                agreement_id=session.execute(text("SELECT id FROM agreements")).scalar_one(),
                person_id=person.pieces()[0].person_id, kind="fulfilled", reason="all_paid",
                relief="stays", left=ZERO, at=clock.now(),
            )
        )  # fmt: skip
    clock.forward(timedelta(days=29))
    assert delete_due(state.database, clock, state.policy) == 0
    clock.forward(timedelta(days=2))
    assert delete_due(state.database, clock, state.policy) == 1
    assert person.files() == 0


def test_by_text_a_link_to_the_page_stands_where_a_photo_would_be_asked_for(person: Owing) -> None:
    record = Message(
        seq=1, speaker="assistant", text="签之前要看一份收入证明。", lang="zh", quick_replies=[],
        card={"kind": "evidence", "url": "/evidence"},
    )  # fmt: skip
    policy = Policy.shipped().on(person.app.state.clock.today())
    (written,) = compose([record], "zh", policy, lambda: "https://bank.example/i/k7Q")
    assert written.endswith("在网页上拍照交：https://bank.example/i/k7Q")


def test_nothing_of_a_file_reaches_a_log(person: Owing, capsys: pytest.CaptureFixture[str]) -> None:
    marked = png(77) + b"SECRET-CONTENT"
    person.send(marked, name="张三的工资单.png")
    person.send(HTML, name="张三的工资单.pdf")
    person.decide("refuse", reason="too_old")
    out = "".join(capsys.readouterr())
    assert "张三" not in out
    assert "SECRET-CONTENT" not in out
