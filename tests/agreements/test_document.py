"""The PDF: what was agreed, readable and unchanged, on fonts of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from api.agreements.canonical import digest, fingerprint
from api.agreements.document import file_name, render_pdf
from api.agreements.terms import sections
from tests.agreements.sample_terms import build, instalments, with_interest

SIGNATURE: dict[str, Any] = {
    "signed_at": datetime(2026, 11, 24, 4, 0, 0, 123456, tzinfo=UTC),
    "method": "code",
    "number": "20261124-0417",
    "telephone_tail": "3071",
}


@cache
def signed(locale: str) -> bytes:
    return render_pdf(build(locale, offer=with_interest()), signature=SIGNATURE)  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_payment_and_every_clause_can_be_read_out_of_it(locale: str) -> None:
    terms = build(locale, offer=with_interest())
    text = text_of(signed(locale)).replace(",", "").replace("\n", "").replace(" ", "")
    for line in terms["repayment"]["schedule"]:
        assert line["payment"] in text
    for section in sections(terms):
        assert section["heading"].replace(" ", "").replace(",", "") in text
    assert "20261124-0417" in text
    assert digest(terms) in text
    assert "12:00" in text  # Shanghai time of signing


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_its_fonts_are_inside_and_its_title_tells_of_no_debt(locale: str) -> None:
    reader = PdfReader(BytesIO(signed(locale)))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all("NotoSansSC" in name for name in fonts)
    assert reader.metadata is not None
    assert reader.metadata.title in ("文件", "Document")
    assert b"pdfaid" in signed(locale)


def test_the_same_terms_give_the_same_bytes() -> None:
    again = render_pdf(build("zh", offer=with_interest()), signature=SIGNATURE)  # type: ignore[arg-type]
    assert again == signed("zh")


def test_a_draft_says_so_on_it() -> None:
    terms = build("zh")
    text = text_of(render_pdf(terms, signature=None))
    assert "草稿" in text
    assert fingerprint(digest(terms)) in text


def test_a_character_that_the_font_lacks_is_never_a_silent_gap() -> None:
    text = text_of(render_pdf(build("zh", holder_name="王𠮷"), signature=None))
    assert "U+20BB7" in text


def test_the_file_name_tells_of_no_debt() -> None:
    assert file_name("20261124-0417", "zh") == "文件-20261124-0417.pdf"
    assert "20261124-0417" in file_name("20261124-0417", "en")
    assert file_name(None, "zh").endswith(".pdf")


def test_a_signed_document_bears_no_draft_mark_and_does_not_claim_a_seal() -> None:
    text = text_of(signed("zh"))
    assert "草稿" not in text
    assert "电子章" not in text
    assert "它不是手写签名" in text
    for evidence, words in (("bank", "银行的电子章，是"), ("development", "演示证书")):
        sealed = render_pdf(build("zh"), signature=SIGNATURE | {"evidence": evidence})  # type: ignore[arg-type]
        assert words in text_of(sealed).replace("\n", "")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_says_its_number_and_the_fingerprint(locale: str) -> None:
    pages = PdfReader(BytesIO(signed(locale))).pages
    short = fingerprint(digest(build(locale, offer=with_interest())))
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        mark = (
            f"第{number}页，共{len(pages)}页" if locale == "zh" else f"Page{number}of{len(pages)}"
        )
        assert mark in re.sub(r"\s", "", text)
        assert short in text


def test_a_long_schedule_repeats_its_header_on_each_page() -> None:
    pages = PdfReader(BytesIO(render_pdf(build("zh", offer=instalments(60)), signature=None))).pages
    with_rows = [page.extract_text() for page in pages if "以前的利息和费用" in page.extract_text()]
    assert len(with_rows) >= 2


def test_one_changed_word_changes_the_document_and_its_digest() -> None:
    terms = build("zh", offer=with_interest())
    terms["summary"][0]["text"] += "。"
    assert digest(terms) != digest(build("zh", offer=with_interest()))
    assert render_pdf(terms, signature=SIGNATURE) != signed("zh")  # type: ignore[arg-type]
