"""The only door out: what it sends, and how every failure looks."""

import asyncio

import pytest
from aiohttp import web

from bot.actions.api_client import ApiClient, ApiError, Challenge, OfferSummary

from .conftest import CONVERSATION, TOKEN


async def test_every_call_carries_the_token_and_its_body(api, client):
    await client.consent(CONVERSATION, granted=False)
    await client.choice(CONVERSATION, 2)
    await client.challenge(CONVERSATION, "signature")
    assert api.asked == [
        ("POST", "consent", {"kind": "financial", "granted": False}),
        ("POST", "choice", {"option": 2}),
        ("POST", "challenge", {"purpose": "signature"}),
    ]
    assert set(api.authorisations) == {f"Bearer {TOKEN}"}


async def test_a_context_is_read_whole(api, client):
    api.context(
        stage="agree",
        words={"monthly": "1,083.11 元", "paused_until": None, "fees": ""},
        open_challenge={"purpose": "signature", "state": "open", "tries_left": 3},
        offers=[
            {"number": 1, "tag": "best", "monthly": "1083.11", "periods": 18, "total": "19495.98"}
        ],
        situation={"pay_day": 25},
    )
    context = await client.context(CONVERSATION)
    assert context.words == {"monthly": "1,083.11 元"}, "words without a value are left out"
    assert context.challenge == Challenge("signature", "open", 3)
    assert context.offers == (OfferSummary(1, "best", "1083.11", 18, "19495.98"),)
    assert context.situation == {"pay_day": 25}


async def test_a_problem_keeps_its_code_and_words(api, client):
    api.answers("choice", 409, code="offers_expired", words={"expires": "12月1日"})
    with pytest.raises(ApiError) as caught:
        await client.choice(CONVERSATION, 1)
    assert (caught.value.code, caught.value.status) == ("offers_expired", 409)
    assert caught.value.words == {"expires": "12月1日"}


async def test_an_answer_that_is_not_json_is_malformed(api, client):
    api.answers_raw("context", "<html>")
    with pytest.raises(ApiError, match="api_malformed"):
        await client.context(CONVERSATION)


async def test_an_answer_without_a_stage_is_malformed(api, client):
    api.answers_raw("context", '{"locale": "zh"}')
    with pytest.raises(ApiError, match="api_malformed"):
        await client.context(CONVERSATION)


async def test_an_api_that_is_not_there_is_unreachable():
    client = ApiClient("http://127.0.0.1:9", TOKEN)
    with pytest.raises(ApiError, match="api_unreachable"):
        await client.context(CONVERSATION)
    await client.close()


async def test_an_api_that_never_answers_times_out():
    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", silent)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = ApiClient(f"http://127.0.0.1:{runner.addresses[0][1]}", TOKEN, total_seconds=0.2)
    with pytest.raises(ApiError, match="api_timeout"):
        await client.context(CONVERSATION)
    await client.close()
    await runner.cleanup()
