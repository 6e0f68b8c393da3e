"""The voice is loaded when one of its buttons is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.voice import Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser
BUILT = re.compile(r"/hashed/voice-([a-z-]+)-[0-9a-f]+\.js$")
BUTTONS = {"buttons"}
SERVER = {"start", "server", "texts-en"}
# Who receives what is said.
RECEIVER = {"receiver"}
# What words the answers.
SPOKEN = {"spoken-answers", "spoken-rules-en"}


def loaded(talker: Talker) -> set[str]:
    """The built files of the voice that were requested so far, without their hashes."""
    return {found[1] for request in talker.widget.requests if (found := BUILT.search(request.url))}


def test_nothing_is_loaded_before_first_use(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.")
    talker = Talker(visitor, agent)
    talker.widget.ask("Hello?")
    assert loaded(talker) == BUTTONS
    talker.widget.choose("Read answers aloud")
    talker.widget.expect_checked("Read answers aloud")
    assert loaded(talker) == BUTTONS | SERVER | RECEIVER | SPOKEN


def test_loading_failure_is_shown(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.")
    talker = Talker(visitor, agent)
    talker.page.route("**/voice-start-*.js", lambda route: route.abort())
    talker.talk.click()
    expect(talker.problem).to_contain_text("be reached right now")
    talker.widget.ask("Hello?")


@pytest.mark.parametrize("name", sorted(SERVER))
def test_failed_file_is_loaded_at_the_next_use(
    asking: Browser, agent: str, model: StandIn, name: str
) -> None:
    model.reply_with("Yes.")
    talker = Talker(asking, agent)
    talker.page.route(f"**/voice-{name}-*.js", lambda route: route.abort(), times=1)
    talker.talk.click()
    expect(talker.problem).to_contain_text("be reached right now")
    talker.hold()
    talker.answered(1)
    expect(talker.problem).to_be_empty()


def test_failed_player_is_loaded_when_read_aloud_is_pressed_again(
    visitor: Browser, agent: str, model: StandIn
) -> None:
    model.reply_with("Yes.")
    talker = Talker(visitor, agent)
    talker.page.route("**/voice-server-*.js", lambda route: route.abort(), times=1)
    talker.widget.choose("Read answers aloud")
    expect(talker.problem).to_contain_text("be reached right now")
    talker.widget.host.evaluate("host => { host.minimize(); host.open(); }")
    talker.widget.choose("Read answers aloud")
    talker.widget.expect_checked("Read answers aloud")
    expect(talker.problem).to_be_empty()
    talker.widget.send("Hello?")
    talker.reaches("speaking")
    assert not any("TypeError" in text for text in talker.widget.complaints)


def test_voice_loaded_before_the_answer_arrives(visitor: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="chat", reply="Yes.", first_delay=2)
    talker = Talker(visitor, agent)
    talker.widget.send("Hello?")
    talker.reaches("thinking")
    talker.widget.choose("Read answers aloud")
    talker.reaches("speaking")


def test_language_change_loads_its_texts(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Ja.")
    talker = Talker(visitor, agent, "delete window.AudioWorkletNode")
    talker.talk.click()
    expect(talker.problem).to_contain_text("cannot record speech")
    with talker.page.expect_response("**/voice-texts-de-*.js"):
        talker.widget.host.evaluate("host => host.setAttribute('language', 'de')")
    talker.widget.button("Sprechen").click()
    expect(talker.problem).to_contain_text("keine Sprache aufnehmen")
