"""The settlement certificate as a file: everything on it, in both languages, and for its holder alone."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from api.agreements.ledger.verifying import verify_ledger
from api.followup.certificate import render_certificate
from tests.conftest import Visit
from tests.followup.conftest import Months

ORIGIN = {"Origin": "http://testserver"}
BODY: dict[str, Any] = {
    "schema": "anhuan.settlement-certificate/1", "number": "J20261124-0001",
    "agreement_number": "20261124-0001", "agreement_digest": "a" * 64, "bank": "云汀银行",
    "holder": "沈禾", "cards": ["3071", "8812"], "currency": "CNY", "paid_total": "2874.64",
    "relief_total": "0.00", "payments": 8, "cleared_on": "2027-07-15", "issued_on": "2027-07-16",
}  # fmt: skip


def text_of(pdf: bytes) -> str:
    """The words of a document, without its line breaks and spaces: a page in each language."""
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 2
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh", ("结清证明", "沈禾", "3071、8812", "到2027年7月15日已经全部还清", "2,874.64元", "J20261124-0001",
                "2027年7月16日", "再留5年", "没有加盖电子印章", "a" * 20)),
        ("en", ("Settlementcertificate", "沈禾", "3071,8812", "paidinfullby15Jul2027", "¥2,874.64",
                "J20261124-0001", "16Jul2027", "stays5years", "noelectronicseal")),
    ],
)  # fmt: skip
def test_everything_is_on_it(locale: str, words: tuple[str, ...]) -> None:
    pdf = render_certificate(BODY, "a" * 64, locale, credit_years=5, promise=True)
    text = text_of(pdf)
    for word in words:
        assert word in text, word
    assert pdf == render_certificate(BODY, "a" * 64, locale, credit_years=5, promise=True)
    without = text_of(render_certificate(BODY, "a" * 64, locale, credit_years=5, promise=False))
    assert 0 < len(text) - len(without) < 120
    title = PdfReader(BytesIO(pdf)).metadata
    assert title is not None
    assert title.title in ("文件", "Document")


def test_a_name_that_the_fonts_lack_is_written_by_its_code() -> None:
    text = text_of(
        render_certificate({**BODY, "holder": "𠮷禾"}, "a" * 64, "zh", credit_years=5, promise=True)
    )
    assert "[U+20BB7]禾" in text


def test_it_is_for_its_holder_and_only_once_all_is_paid(months: Months, visit: Visit) -> None:
    assert visit.client.get("/progress/certificate.pdf").status_code in (401, 403)
    client = months.client
    assert client.get("/progress/certificate.pdf").status_code == 404
    assert "certificate.pdf" not in client.get("/progress").text
    months.pay("2874.64")
    assert "/progress/certificate.pdf" in client.get("/progress").text
    answer = client.get("/progress/certificate.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    name = unquote(answer.headers["content-disposition"])
    assert name.endswith("文件-J20261124-0001.pdf")
    assert "已经全部还清，一共还了2,874.64元" in text_of(answer.content)
    client.post("/chat/locale", data={"locale": "en"}, headers=ORIGIN)
    again = client.get("/progress/certificate.pdf").content
    assert again == answer.content  # one sealed document, with a page in each language
    assert "Settlementcertificate" in text_of(again)
    assert "owedtoYuntingBank" in text_of(again)
    told = client.post("/v1/agreements/verify", content=again).json()
    assert (told["result"], told["kind"], told["number"], told["state"]) == (
        "intact", "certificate", "J20261124-0001", "issued",
    )  # fmt: skip
    with months.app.state.database.reading() as session:
        trusted = months.app.state.seal.seal.certificates
        assert verify_ledger(session, trusted).entries == 2
    client.cookies.clear()
    assert client.get("/progress/certificate.pdf").status_code == 401
