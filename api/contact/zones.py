"""In which time zones a telephone number may be, so that nobody's night is counted by our clock."""

from __future__ import annotations

from functools import cache, lru_cache
from zoneinfo import available_timezones

import phonenumbers
from phonenumbers import timezone

from api.kit.dates import LOCAL_ZONE

__all__ = ["zones_of"]


@cache
def _known_zones() -> frozenset[str]:
    """Return the zones this machine knows; to find them, hundreds of files are opened."""
    return frozenset(available_timezones())


@lru_cache(maxsize=4096)
def zones_of(telephone: str) -> tuple[str, ...]:
    """Return the zones (tz database names, sorted) of an E.164 number.

    A mobile number tells its country, not its place: where a country has several zones all of them
    are returned, and it must be day in each. A number that tells nothing counts as being here.
    """
    try:
        names = timezone.time_zones_for_number(phonenumbers.parse(telephone))
    except phonenumbers.NumberParseException:
        names = ()
    known = _known_zones()
    found = tuple(sorted(name for name in names if name in known and name != "Etc/Unknown"))
    return found or (LOCAL_ZONE.key,)
