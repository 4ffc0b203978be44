from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from sandbox.telephone import TelephoneSettings, create_app
from tests.sandbox.running import Recorder, serving

SID = "AC" + "0" * 31 + "1"
TOKEN = "a-token-for-tests"
BANK = "+8610000000"


@dataclass(frozen=True)
class Bench:
    """A running telephone, the stand-in for the product, and how to reach them."""

    address: str
    product: Recorder
    product_address: str
    settings: TelephoneSettings
    clients: list[TwilioHttpClient] = field(default_factory=list)

    def client(self, token: str = TOKEN, sid: str = SID) -> Client:
        """Return Twilio's official client, with the telephone in Twilio's place."""
        http = TwilioHttpClient(timeout=10)
        client = Client(sid, token, http_client=http)
        client.api.base_url = self.address
        self.clients.append(http)
        return client

    def close(self) -> None:
        """Close the clients' connections, which they never do themselves."""
        for http in self.clients:
            http.session.close()


def settings_for(data_dir: Path, public_url: str) -> TelephoneSettings:
    return TelephoneSettings.read(
        {
            "ANHUAN_ENVIRONMENT": "sandbox",
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": BANK,
            "ANHUAN_PUBLIC_URL": public_url,
            "ANHUAN_DATA_DIR": str(data_dir),
        }
    )


@pytest.fixture
def product() -> Recorder:
    return Recorder()


@pytest.fixture
def bench(tmp_path: Path, product: Recorder) -> Iterator[Bench]:
    with serving(product.app) as product_address:
        settings = settings_for(tmp_path, product_address)
        with serving(create_app(settings, step_seconds=0.02)) as address:
            running = Bench(address, product, product_address, settings)
            yield running
            running.close()
