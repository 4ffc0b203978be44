"""The bank's key and certificates: from files in PEM, or made at first run where days are only practised."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import keys, pem, x509
from cryptography import x509 as made
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = [
    "DEVELOPMENT_FILE",
    "BankKey",
    "SealFiles",
    "SealKeyError",
    "certificates_in",
    "open_key",
]

DEVELOPMENT_FILE = "development-seal.pem"
"""In the data folder of a sandbox: a key and a certificate that nobody but this machine vouches for."""
DEVELOPMENT_YEARS = 30
"""Practised days go far ahead; what was sealed on the first of them is still to be verified on the last."""


class SealKeyError(ValueError):
    """The bank's key cannot be used. Names the setting, never what is in the file."""


@dataclass(frozen=True)
class SealFiles:
    """Where the seal's files are. Without a key, only a sandbox (``development_in``) has a seal."""

    key: Path | None = None
    certificate: Path | None = None
    """The certificate of the key first, then those that issued it, if any."""
    passphrase: bytes | None = None
    past: Path | None = None
    """Certificates with which this ledger's documents were sealed before."""
    development_in: Path | None = None
    time_stamps: str = ""
    """Address of an RFC 3161 time stamp authority."""


@dataclass(frozen=True)
class BankKey:
    """A private key, its certificate, and who issued that."""

    certificate: x509.Certificate
    private: keys.PrivateKeyInfo
    issuers: Sequence[x509.Certificate] = ()
    past: Sequence[x509.Certificate] = ()
    development: bool = False

    def must_be_valid(self, at: datetime) -> None:
        """Refuse to seal outside the certificate's time: nobody could verify it.

        Raises:
            SealKeyError: it is not valid yet, or no longer.
        """
        if not self.certificate.not_valid_before <= at <= self.certificate.not_valid_after:
            msg = "the certificate of ANHUAN_SEAL_CERTIFICATE is not valid at this time"
            raise SealKeyError(msg)


def certificates_in(content: bytes) -> list[x509.Certificate]:
    """Return the certificates of a PEM file, in its order; other parts are passed over.

    Raises:
        ValueError: it is not PEM.
    """
    return [
        x509.Certificate.load(der)
        for kind, _, der in pem.unarmor(content, multiple=True)
        if kind == "CERTIFICATE"
    ]


def open_key(files: SealFiles, *, bank: str, now: datetime) -> BankKey:
    """Return the bank's key; in a sandbox without one, a development key that is made once and kept.

    Raises:
        SealKeyError: there is no key and this is no sandbox; a file is missing or unreadable, or key and
            certificate are not of one pair.
    """
    if files.key is None and files.certificate is None and files.development_in is not None:
        path = _development(files.development_in, bank, now)
        found = _read(path, path, None, development=True)
    elif files.key is None or files.certificate is None:
        msg = "ANHUAN_SEAL_KEY and ANHUAN_SEAL_CERTIFICATE are not set; no start without both"
        raise SealKeyError(f"{msg} (see docs/operations.md)")
    else:
        found = _read(files.key, files.certificate, files.passphrase)
    if files.past is None:
        return found
    past = _certificates(files.past, "ANHUAN_SEAL_PAST_CERTIFICATES")
    return BankKey(found.certificate, found.private, found.issuers, past, found.development)


def _read(
    key: Path, certificate: Path, passphrase: bytes | None, *, development: bool = False
) -> BankKey:
    try:
        loaded = serialization.load_pem_private_key(key.read_bytes(), passphrase or None)
    except (OSError, ValueError, TypeError) as error:
        msg = "ANHUAN_SEAL_KEY names no private key in PEM that its passphrase opens"
        raise SealKeyError(msg) from error
    chain = _certificates(certificate, "ANHUAN_SEAL_CERTIFICATE")
    public = loaded.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    if chain[0].public_key.dump() != public:
        msg = "ANHUAN_SEAL_CERTIFICATE does not begin with the certificate of ANHUAN_SEAL_KEY"
        raise SealKeyError(msg)
    private = loaded.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return BankKey(
        chain[0], keys.PrivateKeyInfo.load(private), tuple(chain[1:]), development=development
    )


def _certificates(path: Path, setting: str) -> list[x509.Certificate]:
    try:
        found = certificates_in(path.read_bytes())
    except (OSError, ValueError) as error:
        msg = f"{setting} names no file of certificates in PEM"
        raise SealKeyError(msg) from error
    if not found:
        msg = f"{setting} names a file without a certificate"
        raise SealKeyError(msg)
    return found


def _development(folder: Path, bank: str, now: datetime) -> Path:
    """Return the development key's file; the first of several processes makes it, whole or not at all."""
    path = folder / DEVELOPMENT_FILE
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{DEVELOPMENT_FILE}.{secrets.token_hex(8)}"
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + _self_signed(key, bank, now).public_bytes(serialization.Encoding.PEM)
        )  # fmt: skip
    with suppress(FileExistsError):  # another process was first: its key is the one
        os.link(draft, path)
    draft.unlink()
    return path


def _self_signed(key: ec.EllipticCurvePrivateKey, bank: str, now: datetime) -> made.Certificate:
    owner = re.sub(r"\s+", " ", bank).strip()[:40]
    name = made.Name(
        [
            made.NameAttribute(NameOID.ORGANIZATION_NAME, owner),
            made.NameAttribute(NameOID.COMMON_NAME, f"{owner} DEVELOPMENT ONLY"),
        ]
    )
    usage = made.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        made.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(made.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * DEVELOPMENT_YEARS))
        .add_extension(made.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(made.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
