"""Putting the bank's seal on a document or a statement.

A document gets a PAdES signature (ETSI EN 319 142-1, level B-B; B-T where a time stamp authority is
configured) over every byte of it, as a certification that permits no change afterwards. pyHanko makes it.
A licensed certificate authority is plugged in as another ``Seal``: one class that gives the documents to it
and states its own evidence level, installed in ``api.main`` instead of ``KeySeal``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Literal, Protocol

import structlog
from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from api.agreements.seal.keys import BankKey
from api.kit.threads import beside_a_loop

__all__ = ["DIGEST", "Evidence", "KeySeal", "Seal"]

log = structlog.get_logger(__name__)

DIGEST = "sha256"
FIELD = "BankSeal"
RESERVED = 16 * 1024
RESERVED_WITH_STAMP = 48 * 1024
"""Hexadecimal digits kept free for the signature: a chain of large certificates, and a time stamp with its own."""
STAMP_SECONDS = 1.5
"""How long the time stamp authority may take: others wait for their turn in the ledger meanwhile."""

Evidence = Literal["development", "bank"]
"""What the seal is worth: a practice certificate, or the bank's own. A licensed authority's is a third, which
needs its own sentence in the agreement's wording before it may be stated."""


class Seal(Protocol):
    """Who seals documents in the bank's name."""

    @property
    def evidence(self) -> Evidence:
        """What the seal is worth as evidence, as the document states it."""
        ...

    @property
    def certificates(self) -> Sequence[x509.Certificate]:
        """Return the certificate in use, then those that were in use before: all that is trusted."""
        ...

    def seal_pdf(self, pdf: bytes, *, number: str, at: datetime) -> bytes:
        """Return the document with the seal on it; ``number`` is what it is recorded under.

        Raises:
            Exception: it cannot be sealed; nothing is recorded then.
        """
        ...

    def seal_statement(self, statement: bytes, *, at: datetime) -> bytes:
        """Return a detached CMS signature (DER) over a statement made at a time."""
        ...


class _At(PdfSigner):
    """A signer that writes the time it is told and not the machine's."""

    at: datetime

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        """Begin as pyHanko does, at our time."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Announce none: PDF/A-3 is a PDF 1.7, and theirs for elliptic curves would make it a PDF 2.0."""


class _Writer(IncrementalPdfFileWriter):
    """Adds the seal and leaves the document's own description, with its date, as it was made."""

    def _update_meta(self) -> None:
        pass


class KeySeal:
    """Seals with a key of our own (``api.agreements.seal.keys``)."""

    def __init__(self, key: BankKey, time_stamps: str = "") -> None:
        """``time_stamps`` is the address of an RFC 3161 authority; empty: documents bear our time alone."""
        self._key = key
        self._signer = SimpleSigner(
            key.certificate, key.private, SimpleCertificateStore.from_certs(key.issuers),
            embed_roots=True,
        )  # fmt: skip
        self._stamper = (
            RequestsHTTPTimeStamper(time_stamps, timeout=STAMP_SECONDS) if time_stamps else None
        )

    @property
    def evidence(self) -> Evidence:
        """``development`` for a key that was made at first run."""
        return "development" if self._key.development else "bank"

    @property
    def certificates(self) -> Sequence[x509.Certificate]:
        """Return the key's certificate, and those of before."""
        return (self._key.certificate, *self._key.past)

    def seal_pdf(self, pdf: bytes, *, number: str, at: datetime) -> bytes:
        """Seal; without its time stamp where the authority does not answer in time.

        Raises:
            SealKeyError: the certificate is not valid at that time.
        """
        self._key.must_be_valid(at)
        if self._stamper is not None:
            try:
                return self._sealed(pdf, number, at, self._stamper)
            except (TimestampRequestError, OSError, ValueError) as error:
                log.warning("time_stamp_missing", kind=type(error).__name__)
        return self._sealed(pdf, number, at, None)

    def _sealed(
        self, pdf: bytes, number: str, at: datetime, stamper: RequestsHTTPTimeStamper | None
    ) -> bytes:
        about = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm=DIGEST, subfilter=SigSeedSubFilter.PADES, certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES, reason=number,
        )  # fmt: skip
        signer = _At(about, self._signer, timestamper=stamper)
        signer.at = at.replace(microsecond=0)
        out = BytesIO()
        reserved = RESERVED if stamper is None else RESERVED_WITH_STAMP
        beside_a_loop(
            lambda: signer.sign_pdf(_Writer(BytesIO(pdf)), output=out, bytes_reserved=reserved)
        )
        return out.getvalue()

    def seal_statement(self, statement: bytes, *, at: datetime) -> bytes:
        """Sign with the same key; raises ``SealKeyError`` outside its certificate's time."""
        self._key.must_be_valid(at)
        signed = beside_a_loop(
            lambda: asyncio.run(
                self._signer.async_sign_general_data(statement, DIGEST, use_cades=True)
            )
        )
        der: bytes = signed.dump()
        return der
