"""``python -m sandbox.welcome``: load the sample portfolio and say where everything is.

``make run`` calls it when everything is ready. The sample is drawn up once, on the first day, and
kept in the data folder: a later start imports the same file, which changes nothing, and the
people's situations grow older as real ones would. Only the product's public HTTP contract is used.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

import httpx2

from sandbox.portfolio import Person, people, sample_csv
from sandbox.practised import NotAgreed, agree
from sandbox.telephone import TelephoneSettings

__all__ = ["Welcome", "kept_sample", "main"]

_PATIENCE_SECONDS = 30
"""How long to wait for an API that does not answer yet."""


class Welcome:
    """The bank's side of a first day: the portfolio goes in, a few people are invited."""

    def __init__(self, api_url: str, service_token: str) -> None:
        """Speak to the API at ``api_url`` as the bank."""
        self._client = httpx2.Client(
            base_url=api_url,
            headers={"Authorization": f"Bearer {service_token}"},
            timeout=120,
            trust_env=False,  # the API is on this machine, whatever proxy is set
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def load(self, portfolio: str) -> dict[str, Any]:
        """Import a portfolio file and return the API's report; raises ``httpx2.HTTPError``."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                answer = self._client.post(
                    "/v1/accounts/import",
                    content=portfolio.encode(),
                    headers={"Content-Type": "text/csv; charset=utf-8"},
                )
                break
            except httpx2.ConnectError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
        report: dict[str, Any] = answer.raise_for_status().json()
        return report

    def has_agreements(self) -> bool:
        """Return whether any agreement is recorded."""
        answer = self._client.get("/v1/agreements", params={"limit": 1}).raise_for_status()
        return bool(answer.json()["items"])

    def invite(self, invited: list[Person]) -> dict[str, str]:
        """Return a fresh chat link for each person's first overdue account, by ``person_ref``."""
        answer = self._client.get("/v1/accounts", params={"overdue": "true"}).raise_for_status()
        accounts = {item["account_ref"]: item["id"] for item in answer.json()["items"]}
        links: dict[str, str] = {}
        for person in invited:
            account = next((accounts[ref] for ref in person.account_refs if ref in accounts), None)
            if account is not None:
                made = self._client.post(f"/v1/accounts/{account}/invites", json={})
                links[person.person_ref] = made.raise_for_status().json()["url"]
        return links


def _agree_once(welcome: Welcome, api_url: str, telephone: TelephoneSettings) -> None:
    """Let the sample's one person with an agreement sign it, on the first day; say so if it fails."""
    if welcome.has_agreements():
        return
    agreed = [person for person in people() if person.expected["outcome"] == "agreement_in_force"]
    links = welcome.invite(agreed)
    for person in agreed:
        code = links[person.person_ref].rsplit("/", 1)[-1]
        try:
            agree(person, code, api_url=api_url, telephone_url=f"http://127.0.0.1:{telephone.port}")
        except (NotAgreed, httpx2.HTTPError) as error:
            print(
                f"样本里已有协议的人没有签成 / The sample's agreement was not signed: {error}",
                file=sys.stderr,
            )


def kept_sample(data_dir: Path) -> str:
    """Return the sample portfolio of this data folder, drawing it up on the first day."""
    path = data_dir / "sample-portfolio.csv"
    if not path.exists():
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(sample_csv(today), encoding="utf-8")
        draft.replace(path)
    return path.read_text(encoding="utf-8")


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Load, invite and print; return 0, or 1 after saying what went wrong."""
    telephone = TelephoneSettings.read(environment)
    port = environment.get("ANHUAN_PORT") or "8000"
    api_url = environment.get("ANHUAN_API_URL") or f"http://127.0.0.1:{port}"
    invited = sorted(
        (person for person in people() if person.welcome is not None),
        key=lambda person: person.welcome or 0,
    )
    try:
        with closing(Welcome(api_url, environment.get("ANHUAN_SERVICE_TOKEN", ""))) as welcome:
            report = welcome.load(kept_sample(telephone.data_dir))
            links = welcome.invite(invited)
            _agree_once(welcome, api_url, telephone)
    except httpx2.HTTPStatusError as error:
        answer = error.response
        return _failed(f"{answer.request.method} {answer.url.path}: {answer.status_code}")
    except httpx2.HTTPError as error:
        return _failed(f"{api_url}: {type(error).__name__}")
    if report["refused"]:
        reasons = report["refusals"]
        print(f"样本有几行没有导入 / Some sample rows were refused: {reasons}", file=sys.stderr)
    print(_page(telephone, invited, links))
    return 0


def _failed(reason: str) -> int:
    print(
        f"样本没有载入：{reason}。原因在数据目录的 log 里。\n"
        f"The sample was not loaded: {reason}. The reason is in the data folder’s log directory.",
        file=sys.stderr,
    )
    return 1


def _page(telephone: TelephoneSettings, invited: list[Person], links: dict[str, str]) -> str:
    """Return what is printed: plain text, so that any terminal and any log can hold it."""
    lines = [
        "",
        "=" * 78,
        "准备好了。以下人物和账户都是编的；聊天在手机旁边打开。",
        "Ready. All people and accounts are invented; the chat opens beside the phone.",
        "=" * 78,
    ]
    for person in invited:
        if person.person_ref not in links:
            continue
        chat = links[person.person_ref]
        lines += [
            "",
            f"{person.name} · {person.summary_zh}",
            f"  {person.summary_en}",
            f"  手机和聊天 / Phone and chat   {_phone_page(telephone, person, chat)}",
            f"  只要聊天   / Chat alone       {chat}",
            f"  证件后四位 / Document digits  {person.id_last4}",
        ]
    lines += [
        "",
        f"所有手机（验证码在这里看）/ All phones (codes arrive here)   {telephone.address}/",
        f"接口文档 / API documentation                                 {telephone.public_url}/docs",
        "",
        "停止：Ctrl-C / Stop: Ctrl-C",
        "=" * 78,
    ]
    return "\n".join(lines)


def _phone_page(telephone: TelephoneSettings, person: Person, chat: str) -> str:
    asked = urlencode({"chat": urlsplit(chat).path, "lang": person.locale}, safe="/")
    return f"{telephone.address}/phone/{quote(person.telephone, safe='+')}?{asked}"


if __name__ == "__main__":
    sys.exit(main())
