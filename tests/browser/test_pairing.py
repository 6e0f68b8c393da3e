"""'Continue on your phone': a conversation moves to another device."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest
import segno
from playwright.sync_api import expect

from tests.browser.known import Device, devices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Route

    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
OFFER = "Continue on your phone"
MOVED = "Your conversation continues on the other device. Here, you can start a new one."

# Which modules of a QR code are dark; around it are four that are not.
MODULES = """async ([picture, count]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const size = image.width / count;
    const dark = (x, y) => canvas.getImageData((x + 4.5) * size, (y + 4.5) * size, 1, 1).data[0] < 128;
    const places = [...Array(count - 8).keys()];
    return places.map((y) => places.map((x) => dark(x, y)));
}"""


@pytest.fixture
def both(browser: Browser, known: Backend) -> Iterator[list[Device]]:
    """A laptop on which something was said, and a phone."""
    with devices(browser, known) as [laptop, phone]:
        laptop.page.clock.install()
        laptop.open()
        laptop.ask(PRICING)
        yield [laptop, phone]


def offered(device: Device) -> str:
    """Have the widget show a code, and return it."""
    device.choose(OFFER)
    code = device.sheet.get_by_role("status", name="Your code")
    expect(code).to_have_text(CODE)
    return code.inner_text()


def test_typed_code(both: list[Device], known: Backend) -> None:
    laptop, phone = both
    said = laptop.messages.all_inner_texts()
    code = offered(laptop)
    phone.open()
    phone.choose("I have a code")
    field = phone.sheet.get_by_role("textbox", name="Code from the other device")
    expect(field).to_be_focused()
    field.fill(code.lower().replace("-", " "))
    field.press("Enter")
    expect(phone.messages).to_have_text(said)
    expect(phone.input).to_be_focused()
    laptop.page.clock.run_for(7000)
    expect(laptop.notes).to_have_text([MOVED])
    expect(laptop.messages).to_have_count(0)
    expect(laptop.input).to_be_focused()
    phone.ask(MIDDLE)
    assert len(known.model.requests[-1].body["messages"]) == 4
    laptop.ask(MIDDLE)
    assert len(known.model.requests[-1].body["messages"]) == 2


def test_code_in_the_address(both: list[Device], known: Backend) -> None:
    laptop, phone = both
    code = offered(laptop)
    phone.page.goto("about:blank")
    phone.page.goto(f"{known.url}/?from=shop#voice-agent={code}")
    go_on = phone.sheet.get_by_role("button", name="Continue here")
    expect(go_on).to_be_focused()
    assert phone.page.url == f"{known.url}/?from=shop"
    assert phone.sent("POST", "/pairings/redeem") == []
    go_on.click()
    expect(phone.questions).to_have_text([PRICING])
    assert not [request for request in phone.requests if code in request.url and "#" not in request.url]


def test_declining_keeps_the_conversation_where_it_is(both: list[Device], known: Backend) -> None:
    laptop, phone = both
    code = offered(laptop)
    phone.page.goto("about:blank")
    phone.page.goto(f"{known.url}/#voice-agent={code}")
    phone.sheet.get_by_role("button", name="Not now").click()
    expect(phone.sheet).to_have_count(0)
    laptop.button("Back to the conversation").click()
    laptop.ask(MIDDLE)
    assert len(known.model.requests[-1].body["messages"]) == 4


def test_code_works_once(both: list[Device], browser: Browser, known: Backend) -> None:
    laptop, phone = both
    code = offered(laptop)
    with devices(browser, known, 1) as [tablet]:
        for device in (phone, tablet):
            device.open()
            device.choose("I have a code")
            device.sheet.get_by_role("textbox").fill(code)
            device.button("Continue here").click()
        expect(phone.questions).to_have_text([PRICING])
        expect(tablet.sheet.get_by_role("alert")).to_contain_text("This code is not valid, or no longer.")


@pytest.mark.parametrize("failure", [None, 503])
def test_response_that_is_lost(both: list[Device], failure: int | None) -> None:
    """The code has been used, and the conversation is on neither device yet."""
    laptop, phone = both
    code = offered(laptop)
    phone.open()
    phone.choose("I have a code")
    phone.sheet.get_by_role("textbox").fill(code)

    def lose(route: Route) -> None:
        route.fetch()
        if failure:
            route.fulfill(status=failure, json={"error": "?", "code": "storage_unavailable"})
        else:
            route.abort()

    phone.page.route("**/pairings/redeem", lose, times=1)
    phone.button("Continue here").click()
    expect(phone.sheet.get_by_role("alert")).not_to_be_empty()
    phone.button("Continue here").click()
    expect(phone.questions).to_have_text([PRICING])


def test_conversation_that_is_replaced(both: list[Device]) -> None:
    laptop, phone = both
    code = offered(laptop)
    phone.open()
    phone.ask(MIDDLE)
    ended = phone.session_id
    phone.choose("I have a code")
    expect(phone.sheet).to_contain_text("The conversation on this device will be closed.")
    phone.sheet.get_by_role("textbox").fill(code)
    request = phone.expect_sent("DELETE", "/session", phone.button("Continue here").click)
    assert request.headers["x-session-token"] == ended
    expect(phone.questions).to_have_text([PRICING])


def test_picture_can_be_scanned(both: list[Device], known: Backend) -> None:
    """Each module of the picture is as it should be, dark or light."""
    laptop, _ = both
    laptop.page.emulate_media(color_scheme="dark")
    code = offered(laptop)
    expected = segno.make_qr(f"{known.url}/#voice-agent={code}", error="m").matrix
    picture = base64.b64encode(laptop.sheet.get_by_role("img").screenshot()).decode()
    laptop.page.goto("about:blank")
    seen = laptop.page.evaluate(MODULES, [picture, len(expected) + 8])
    assert seen == [[bool(module) for module in row] for row in expected]


def test_picture_and_time(both: list[Device]) -> None:
    laptop, _ = both
    code = offered(laptop)
    assert len(code) == len("K7QM-2F9T")
    picture = laptop.sheet.get_by_role("img", name="QR code that opens this page on the other device")
    expect(picture).to_be_visible()
    expect(laptop.sheet).to_contain_text("Valid once, for 5 minutes.")
    laptop.page.clock.run_for(240_000)
    expect(laptop.sheet).to_contain_text("Valid once, for 60 seconds.")
    laptop.page.clock.run_for(61_000)
    expect(laptop.sheet).to_contain_text("This code has expired.")
    laptop.button("New code").click()
    expect(laptop.sheet.get_by_role("status", name="Your code")).not_to_have_text(code)


def test_known_visitors_need_no_code(both: list[Device]) -> None:
    laptop, phone = both
    phone.open()
    assert OFFER not in phone.entries()  # nothing was said there yet
    laptop.sign_in()
    assert OFFER not in laptop.entries()


def test_agent_without_a_database(browser: Browser, backend: Backend) -> None:
    with devices(browser, backend, 1) as [device]:
        device.open()
        device.ask(PRICING)
        entries = device.entries()
        assert OFFER not in entries
        assert "I have a code" not in entries
