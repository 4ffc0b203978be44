"""Keyed hashes by which encrypted fields are found without being read."""

from __future__ import annotations

import unicodedata

from api.kit.secrecy import keyring

__all__ = ["document_hash", "name_hash", "telephone_hash"]


def telephone_hash(telephone: str) -> str:
    """Return the keyed hash by which a telephone number (E.164) is found."""
    return keyring().keyed_hash("telephone", telephone)


def document_hash(person_ref: str, last4: str) -> str:
    """Return the keyed hash of an identity document's last four characters, bound to the person."""
    return keyring().keyed_hash("id_last4", person_ref, last4.upper())


def name_hash(name: str) -> str:
    """Return the keyed hash by which a whole name is found; capitals, width and spaces do not matter."""
    plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return keyring().keyed_hash("name", plain)
