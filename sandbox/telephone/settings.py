"""The sandbox telephone's settings, from the same environment as the product's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from api.kit.clock import SANDBOX_CLOCK, SandboxClock

__all__ = ["TelephoneSettings"]


@dataclass(frozen=True)
class TelephoneSettings:
    """What the telephone needs to know.

    ``public_url`` is where the product is reached and what signatures are computed over;
    ``address`` is where the telephone's own pages are reached. At ``api_url``, with ``service_token``,
    the product is asked to let days pass; without the token its clock is only shown.
    """

    account_sid: str
    auth_token: str
    bank_number: str
    public_url: str
    address: str
    port: int
    data_dir: Path
    api_url: str
    service_token: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> TelephoneSettings:
        """Return the settings in ``environment``.

        Raises:
            RuntimeError: it is not said to be a sandbox, or Twilio's credentials are not set.
        """
        if environment.get("ANHUAN_ENVIRONMENT") != "sandbox":
            msg = "the sandbox telephone shows every code to anybody: it only runs with ANHUAN_ENVIRONMENT=sandbox"
            raise RuntimeError(msg)
        missing = [
            name
            for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
            if not environment.get(name)
        ]
        if missing:
            msg = f"not set: {', '.join(missing)} (`make run` makes them and keeps them)"
            raise RuntimeError(msg)
        public_url = environment.get("ANHUAN_PUBLIC_URL") or (
            f"http://localhost:{environment.get('ANHUAN_PORT') or '8000'}"
        )
        port = int(environment.get("ANHUAN_TELEPHONE_PORT") or "8001")
        return cls(
            account_sid=environment["TWILIO_ACCOUNT_SID"],
            auth_token=environment["TWILIO_AUTH_TOKEN"],
            bank_number=environment.get("TWILIO_FROM", ""),
            public_url=public_url.rstrip("/"),
            address=(environment.get("ANHUAN_TELEPHONE_URL") or _beside(public_url, port)),
            port=port,
            data_dir=Path(environment.get("ANHUAN_DATA_DIR") or "var"),
            api_url=(environment.get("ANHUAN_API_URL") or public_url).rstrip("/"),
            service_token=environment.get("ANHUAN_SERVICE_TOKEN", ""),
        )

    def clock(self) -> SandboxClock:
        """Return the product's own clock, so that the telephone tells the same time."""
        return SandboxClock(self.data_dir / SANDBOX_CLOCK)

    @property
    def inbound_url(self) -> str:
        """Where a text written on the phone goes."""
        return f"{self.public_url}/v1/sms/inbound"


def _beside(public_url: str, port: int) -> str:
    """Return the telephone's address under the product's own host name on this machine.

    One host name with two ports is one site to a browser, so the chat's cookie reaches the frame
    beside the phone; ``localhost`` and ``127.0.0.1`` would be two.
    """
    host = urlsplit(public_url).hostname
    return f"http://{host if host == 'localhost' else '127.0.0.1'}:{port}"
