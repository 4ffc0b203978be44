"""What a seal is worth: checked by pyHanko, with the bank's own certificates as the only trust roots."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from api.agreements.seal.ranges import SealedRange, sealed_ranges
from api.kit.threads import beside_a_loop

__all__ = ["SealStatus", "check_document", "check_range", "statement_holds"]

# Both tell their log whose certificate a stranger's file bears, with the lines they came through.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class SealStatus:
    """Whether a seal fits the bytes it covers (``holds``), and whether it is the bank's (``ours``)."""

    holds: bool
    ours: bool
    certificate: x509.Certificate | None = None


BROKEN = SealStatus(holds=False, ours=False)


def _trust(certificates: Sequence[x509.Certificate], moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=list(certificates), moment=moment, allow_fetching=False,
        revocation_mode="soft-fail",
    )  # fmt: skip


def _ours(certificate: x509.Certificate, trusted: Sequence[x509.Certificate]) -> bool:
    return any(certificate.sha256 == one.sha256 for one in trusted)


def _valid_at(certificate: x509.Certificate, moment: datetime) -> bool:
    """Tell whether a certificate was valid; pyHanko does not ask that of a trust root."""
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)


def check_range(
    content: bytes, found: SealedRange, trusted: Sequence[x509.Certificate], moment: datetime
) -> SealStatus:
    """Return what one seal of a stranger's file is worth; whatever cannot be read holds nothing."""
    try:
        return _checked(found.cms, found.signed_bytes(content), trusted, moment)
    except Exception:  # noqa: BLE001 - invented bytes fail in any way they like; none of them is a seal
        return BROKEN


def _checked(
    der: bytes, signed: bytes, trusted: Sequence[x509.Certificate], moment: datetime
) -> SealStatus:
    content = cms.ContentInfo.load(der)
    if content["content_type"].native != "signed_data":
        return BROKEN
    status = beside_a_loop(
        lambda: asyncio.run(
            async_validate_detached_cms(signed, content["content"], _trust(trusted, moment))
        )
    )
    certificate = status.signing_cert
    return SealStatus(
        holds=bool(status.intact and status.valid),
        ours=_ours(certificate, trusted),
        certificate=certificate,
    )


def check_document(
    document: bytes, trusted: Sequence[x509.Certificate], moment: datetime
) -> SealStatus | None:
    """Return what the seal of a recorded document is worth; ``None`` where it never had one.

    Only for bytes that are in the ledger: they are read as the PDF they are. The seal has to be the only one,
    to cover every byte, and to be of a certificate that was valid at ``moment``.
    """
    if next(sealed_ranges(document), None) is None:
        return None
    signatures = PdfFileReader(BytesIO(document)).embedded_signatures
    if len(signatures) != 1:
        return BROKEN
    status = beside_a_loop(lambda: validate_pdf_signature(signatures[0], _trust(trusted, moment)))
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    certificate = status.signing_cert
    return SealStatus(
        holds=bool(status.intact and status.valid and whole),
        ours=bool(status.trusted)
        and _ours(certificate, trusted)
        and _valid_at(certificate, moment),
        certificate=certificate,
    )


def statement_holds(
    statement: bytes, seal: bytes, trusted: Sequence[x509.Certificate], moment: datetime
) -> bool:
    """Return whether a detached seal is the bank's and fits the statement."""
    try:
        status = _checked(seal, statement, trusted, moment)
    except Exception:  # noqa: BLE001 - as above
        return False
    certificate = status.certificate
    good = status.holds and status.ours
    return good and certificate is not None and _valid_at(certificate, moment)
