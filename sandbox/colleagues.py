"""``python -m sandbox.colleagues``: the sample's colleagues, made once per data folder.

They get one-time passwords like anybody; nothing of signing in is different in the sandbox. Who has no
authenticator at hand reads codes off ``sandbox.authenticator``.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from sqlalchemy import select

from api.console.admission import Role
from api.console.models import StaffMember
from api.console.staffing import add_colleague
from api.kit.db import Database
from api.kit.secrecy import use_keyring
from api.policy.lookup import Policy
from api.settings import Settings

__all__ = ["COLLEAGUES", "main"]


class Colleague(NamedTuple):
    """One invented colleague."""

    login: str
    name: str
    roles: tuple[Role, ...]
    locale: Literal["zh", "en"]


COLLEAGUES = (
    Colleague("taoning", "陶宁", ("collector",), "zh"),
    Colleague("qinlan", "秦岚", ("supervisor",), "zh"),
    Colleague("hejing", "何静", ("care",), "zh"),
    Colleague("luocheng", "罗成", ("administrator",), "zh"),
)
WHAT = {
    "collector": "客服专员 collector",
    "supervisor": "主管 supervisor",
    "care": "关怀专员 care",
    "administrator": "管理员 administrator",
}


def main() -> int:
    """Make them where nobody works yet, and print how each signs in."""
    settings = Settings()
    if not settings.sandbox:
        print("Only in the sandbox: production makes its own colleagues (make staff).")
        return 2
    use_keyring(settings.keyring())
    database = Database(settings.database)
    try:
        with database.reading() as session:
            anybody = session.scalar(select(StaffMember.id).limit(1))
        lines = _known(settings.address) if anybody else _made(database, settings)
    finally:
        database.close()
    print("\n".join(lines))
    return 0


def _made(database: Database, settings: Settings) -> list[str]:
    clock = settings.clock()
    lines = [
        "",
        f"同事的工作台 / The colleagues' console   {settings.address}/console",
        "一次性密码只显示这一次 / One-time passwords, shown only now:",
    ]
    for one in COLLEAGUES:
        made = add_colleague(
            database, login=one.login, name=one.name, roles=one.roles, locale=one.locale,
            by="command", now=clock.now(), policy=Policy.shipped().on(clock.today()),
        )  # fmt: skip
        what = ", ".join(WHAT[role] for role in one.roles)
        lines.append(f"  {one.login:<10} {made.one_time_password}   {one.name} · {what}")
    return [*lines, *_how()]


def _known(address: str) -> list[str]:
    return [
        "",
        f"同事的工作台 / The colleagues' console   {address}/console",
        "一次性密码在第一次启动时给过；重给一个 / A new one-time password:   make staff LOGIN=taoning RESET=1",
        *_how(),
    ]


def _how() -> list[str]:
    return [
        "验证器的 6 位数字（没有手机验证器也行）/ The six digits, without an authenticator:",
        "  make authenticator LOGIN=taoning",
        "=" * 78,
    ]


if __name__ == "__main__":
    raise SystemExit(main())
