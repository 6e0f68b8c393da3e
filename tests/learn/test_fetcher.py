"""One request: what is followed, tried again, and refused."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx2
import pytest

from local.learn.web.fetcher import Fetcher, NotFetched
from local.learn.web.guarded_transport import GuardedTransport, PrivateAddress, is_public
from local.learn.web.pace import Pace
from tests.clocks import AutoClock

START = "https://example.com/"
Answer = Callable[[httpx2.Request], httpx2.Response]


@dataclass
class Server:
    """Answers one request after the other with `answers`; the last one answers all further requests."""

    answers: list[Answer | httpx2.Response]
    clock: AutoClock = field(default_factory=AutoClock)
    requests: list[httpx2.Request] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        return answer if isinstance(answer, httpx2.Response) else answer(request)

    def fetcher(self) -> Fetcher:
        """A fetcher whose requests this server answers."""
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(self))
        return Fetcher(client, Pace(self.clock, delay=0), self.clock)


def page(text: str = "<p>Hi</p>", **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return streamed(text.encode(), **named)


def streamed(data: bytes, **headers: str) -> httpx2.Response:
    """An answer whose body is still to come, as from a server."""

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    return httpx2.Response(200, headers={"Content-Type": "text/html", **headers}, content=chunks())


def moved(target: str, status: int = 301) -> httpx2.Response:
    return httpx2.Response(status, headers={"Location": target})


async def failure(*answers: Answer | httpx2.Response) -> NotFetched:
    with pytest.raises(NotFetched) as caught:
        await Server(list(answers)).fetcher().get(START)
    return caught.value


async def test_redirects_on_the_website_are_followed() -> None:
    server = Server([moved("https://www.example.com/"), moved("/en#top"), page()])
    answer = await server.fetcher().get("http://example.com/", {"If-None-Match": '"1"'})
    assert answer.url == "https://www.example.com/en"
    # What is known of one page says nothing about another.
    assert ["If-None-Match" in request.headers for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://evil.example/", "redirects to another website (https://evil.example/)"),
        ("http://169.254.169.254/", "redirects to another website"),
        ("file:///etc/passwd", "redirects to what is not a web address"),
        ("http://[", "redirects to what is not a web address"),
        (START, "redirects in a circle"),
    ],
)
async def test_other_redirects_are_not_followed(target: str, reason: str) -> None:
    assert str(await failure(moved(target))).startswith(reason)


async def test_redirect_to_where_robots_does_not_allow_it() -> None:
    server = Server([moved("/private"), page()])
    with pytest.raises(NotFetched, match=r"redirects to where robots\.txt does not"):
        await server.fetcher().get(START, allows=lambda url: "private" not in url)
    assert len(server.requests) == 1


async def test_endless_redirects() -> None:
    def further(request: httpx2.Request) -> httpx2.Response:
        return moved(f"{request.url}x")

    assert str(await failure(further)) == "redirects more than 8 times"


@pytest.mark.parametrize(
    ("status", "reason", "gone"),
    [
        (404, "there is no such page", True),
        (410, "there is no such page", True),
        (401, "needs a login, or refuses programs (status 401)", False),
        (500, "the server answers with status 500", False),
    ],
)
async def test_status(status: int, reason: str, gone: bool) -> None:  # noqa: FBT001 - a parameter of the test
    error = await failure(httpx2.Response(status))
    assert (str(error), error.gone, error.status) == (reason, gone, status)


async def test_busy_server_is_asked_again_when_it_says() -> None:
    server = Server([httpx2.Response(503, headers={"Retry-After": "7"}), httpx2.Response(429), page()])
    start = server.clock.now()
    assert (await server.fetcher().get(START)).data == b"<p>Hi</p>"
    assert (server.clock.now() - start).total_seconds() == 7 + 2


async def test_busy_server_is_given_up_after_three_tries() -> None:
    server = Server([httpx2.Response(503)])
    with pytest.raises(NotFetched, match="busy"):
        await server.fetcher().get(START)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx2.ReadTimeout("slow"), "the server does not answer"),
        (httpx2.ConnectError("refused"), "no connection (refused)"),
        (httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "its certificate is not valid"),
    ],
)
async def test_lost_connection(error: httpx2.TransportError, reason: str) -> None:
    def fail(_: httpx2.Request) -> httpx2.Response:
        raise error

    assert str(await failure(fail)) == reason
    assert (await Server([fail, page()]).fetcher().get(START)).url == START


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"0" * 1_000_000


async def test_endless_answers_are_cut_off() -> None:
    response = httpx2.Response(200, headers={"Content-Type": "text/html"}, content=endless())
    assert str(await failure(response)) == "larger than 3 MB"
    response = httpx2.Response(200, headers={"Content-Type": "application/pdf"}, content=endless())
    assert str(await failure(response)) == "larger than 20 MB"


def packed(data: bytes, encoding: str = "gzip") -> httpx2.Response:
    return streamed(data, **{"Content-Encoding": encoding})


async def test_packed_answers() -> None:
    answer = await Server([packed(gzip.compress(b"<p>Hi</p>"))]).fetcher().get(START)
    assert answer.data == b"<p>Hi</p>"
    assert str(await failure(packed(gzip.compress(b"0" * 40_000_000)))) == "larger than 3 MB"
    assert str(await failure(packed(b"no gzip"))) == "damaged (gzip)"
    assert str(await failure(packed(b"??", "br"))).startswith("packed as br")


async def test_unchanged_page() -> None:
    server = Server([httpx2.Response(304, headers={"ETag": '"1"'})])
    answer = await server.fetcher().get(START, {"If-None-Match": '"1"'})
    assert answer.unchanged
    assert answer.validators == {"If-None-Match": '"1"'}
    assert server.requests[0].headers["User-Agent"].startswith("voice-agent/")


async def test_validators_and_date_of_a_page() -> None:
    modified = "Tue, 03 Nov 2026 10:00:00 GMT"
    answer = await Server([page(ETag='"1"', Last_Modified=modified)]).fetcher().get(START)
    assert answer.validators == {"If-None-Match": '"1"', "If-Modified-Since": modified}
    assert answer.date == "2026-11-03"


async def test_pace_without_a_delay_rests_as_long_as_the_server_took() -> None:
    clock = AutoClock()
    pace = Pace(clock)
    start = clock.now()
    async with pace.request():
        await clock.sleep(3)
    assert (clock.now() - start).total_seconds() == 3 + 3


async def test_pace_with_a_delay_waits_before_each_request() -> None:
    clock = AutoClock()
    pace = Pace(clock, delay=2)
    pace.slow_down(1)
    start = clock.now()
    for _ in range(3):
        async with pace.request():
            await clock.sleep(5)
    assert (clock.now() - start).total_seconds() == 3 * (2 + 5)
    pace.slow_down(3600)
    async with pace.request():
        pass
    assert (clock.now() - start).total_seconds() == 3 * (2 + 5) + 10


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert is_public(address) is public


@dataclass
class Names:
    """A name server whose answer changes with every question."""

    answers: list[list[str]]

    async def __call__(self, _host: str, _port: int) -> list[str]:
        return self.answers.pop(0)


async def test_connections_go_to_the_address_that_was_checked() -> None:
    server = Server([page()])
    names = Names([["93.184.216.34"], ["127.0.0.1"]])
    transport = GuardedTransport(httpx2.MockTransport(server), names, public_only=True)
    async with httpx2.AsyncClient(transport=transport) as client:
        await client.get("https://example.com/a?b=c")
        with pytest.raises(PrivateAddress):
            await client.get("https://example.com/a")
    (request,) = server.requests
    assert str(request.url) == "https://93.184.216.34/a?b=c"
    assert request.headers["Host"] == "example.com"
    assert request.extensions["sni_hostname"] == "example.com"


async def test_private_website_may_have_a_private_address() -> None:
    transport = GuardedTransport(
        httpx2.MockTransport(Server([page()])), Names([["10.0.0.1"]]), public_only=False
    )
    async with httpx2.AsyncClient(transport=transport) as client:
        assert (await client.get("http://intranet/")).status_code == 200


async def test_one_private_address_among_several_is_enough_to_refuse() -> None:
    names = Names([["93.184.216.34", "10.0.0.1"]])
    transport = GuardedTransport(httpx2.MockTransport(Server([page()])), names, public_only=True)
    fetcher = Fetcher(httpx2.AsyncClient(transport=transport), Pace(AutoClock(), delay=0), AutoClock())
    with pytest.raises(NotFetched, match=r"example\.com leads to a private address"):
        await fetcher.get(START)
