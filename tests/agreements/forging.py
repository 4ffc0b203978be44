"""What people do to a document, by accident or on purpose: each a kind of wrong that verification names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader, PdfWriter

from api.agreements.document import render_pdf
from api.agreements.seal.keys import BankKey, SealFiles, open_key
from api.agreements.seal.sealing import KeySeal
from tests.agreements.sample_terms import build

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)


def strangers_key(folder: Path) -> BankKey:
    """A key of somebody who calls themselves the bank."""
    made = open_key(SealFiles(development_in=folder), bank="云汀银行", now=AT)
    return replace(made, development=False)


def document(number: str = "20261124-0001", **changes: Any) -> bytes:
    """A document as we set it, without a seal."""
    signature: Any = {"signed_at": AT, "method": "code", "number": number, "evidence": "bank"}
    return render_pdf(build("zh", **changes), signature=signature)


def draft() -> bytes:
    """What somebody shows to their family first."""
    return render_pdf(build("zh"), signature=None)


def sealed_by(key: BankKey, number: str = "20261124-0001") -> bytes:
    """A document of ours under a seal of that key."""
    return KeySeal(key).seal_pdf(document(number), number=number, at=AT)


def without_seal(sealed: bytes) -> bytes:
    """Everything before the seal was put on: cut at the end of the document beneath."""
    return sealed[: sealed.index(b"%%EOF") + len(b"%%EOF")]


def saved_again(sealed: bytes) -> bytes:
    """Read and written by another program, as printing to a file does."""
    out = PdfWriter()
    for page in PdfReader(BytesIO(sealed)).pages:
        out.add_page(page)
    written = BytesIO()
    out.write(written)
    return written.getvalue()


def with_password(sealed: bytes) -> bytes:
    """Saved under a password."""
    out = PdfWriter(clone_from=PdfReader(BytesIO(sealed)))
    out.encrypt("secret", algorithm="AES-256")
    written = BytesIO()
    out.write(written)
    return written.getvalue()


class _Careless(PdfSigner):
    """Signs although the seal forbids any change."""

    def _enforce_certification_constraints(self, reader: Any) -> None:
        pass


def signed_over(sealed: bytes, key: BankKey) -> bytes:
    """A second signature of another key, put on top of ours."""
    signer = SimpleSigner(key.certificate, key.private, SimpleCertificateStore())
    out = BytesIO()
    _Careless(PdfSignatureMetadata(field_name="Second"), signer).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(sealed)), output=out
    )
    return out.getvalue()


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    """One bit is another."""
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    return bytes(changed)
