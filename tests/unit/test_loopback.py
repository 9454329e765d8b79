"""Whom a gateway answers that asks nobody to sign in."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from registrations.http.loopback import REFUSAL, LoopbackOnly, is_loopback

GATEWAY = LoopbackOnly(PlainTextResponse("welcome"))


async def asked(client: str, host: str) -> tuple[int, str]:
    transport = httpx.ASGITransport(GATEWAY, client=(client, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        response = await http.get("/graphql", headers={"host": host})
    return response.status_code, response.text


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "LocalHost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
async def test_programs_of_this_machine_are_answered(client: str, host: str) -> None:
    assert await asked(client, host) == (200, "welcome")


@pytest.mark.parametrize(
    "client",
    ["192.0.2.1", "2001:db8::1", "::", "fe80::1%eth0", "::ffff:192.0.2.1", "::127.0.0.1", "unknown"],
)
async def test_other_machines_are_not_whatever_they_call_this_one(client: str) -> None:
    assert await asked(client, "localhost") == (403, REFUSAL)


@pytest.mark.parametrize(
    "host",
    [
        *("attacker.example", "attacker.example:8000", "localhost.attacker.example", "127.0.0.1.attacker.example"),
        *("localhost.", "attacker.example:127.0.0.1", "user@localhost", "localhost,attacker.example", "", ":8000"),
        *(
            "0.0.0.0:8000",
            "[::]",
            "192.0.2.1",
            "2130706433",
            "127.1",
            "0x7f.1",
            "[::1].attacker.example",
            "[::ffff:c000:201]",
        ),
    ],
)
async def test_a_page_whose_domain_leads_here_is_not_answered(host: str) -> None:
    assert await asked("127.0.0.1", host) == (403, REFUSAL)


async def test_a_request_without_one_host_is_not_answered_and_on_a_socket_here_nobody_has_an_address() -> None:
    both = [(b"host", b"localhost"), (b"host", b"attacker.example")]
    for headers, status in (([], 403), ([(b"host", b"localhost")], 200), (both, 403), (both[::-1], 403)):
        for kind, start in (("http", "http.response.start"), ("websocket", "websocket.http.response.start")):
            sent: list[Message] = []

            async def receive() -> Message:
                raise AssertionError("nothing is read")

            async def send(message: Message, sent: list[Message] = sent) -> None:
                sent.append(message)

            scope = {"type": kind, "path": "/graphql", "headers": headers, "client": None}
            await GATEWAY(scope, receive, send)
            assert (sent[0]["type"], sent[0]["status"]) == (start, status)


def test_names_of_this_machine_are_known_from_others() -> None:
    assert [is_loopback(name) for name in ("localhost", "127.0.0.1", "::1", "::ffff:7f00:1")] == [True] * 4
    assert [is_loopback(name) for name in ("", "192.0.2.1", "::", "host.example", "::ffff:0.0.0.0")] == [False] * 5
