"""The states of the widget that an agent with accounts adds: history, other devices, consent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt

from local.scene import Scene
from local.script import SCRIPTS
from session_id import generate_session_id
from settings import Settings

if TYPE_CHECKING:
    from local.stage import Stage

PRICING, MIDDLE = SCRIPTS["en"].question, SCRIPTS["en"].follow_up
SECRET = "only-for-screenshots-and-nothing-else-0123"  # noqa: S105 - signs tokens for a local agent
ACCOUNTS: dict[str, Any] = {
    "identity_secret": (SECRET,),
    "privacy_url": "https://thistledesk.example/privacy",
}
ASKING = {**ACCOUNTS, "consent": "ask"}
QUESTIONS = (
    "Do you have templates for a nature reserve that is open to visitors on weekends only?",
    "Can I change my plan later?",
    PRICING,
)
MANY = 200


def _signed_in(stage: Stage) -> str:
    """Sign somebody in who was never there before; returns the token."""
    now = int(time.time())
    claims = {
        "sub": generate_session_id(),
        "aud": Settings().identity_audience,
        "iat": now,
        "exp": now + 3600,
    }
    token = jwt.encode(claims, SECRET, algorithm="HS256")
    stage.page.locator("voice-agent").evaluate("(host, token) => host.identify(token)", token)
    return token


def _opened(stage: Stage) -> None:
    """Open the panel, and wait for everything that it offers."""
    stage.open()
    stage.page.locator("voice-agent .notice:not(:empty)").wait_for()


def _choose(stage: Stage, entry: str) -> None:
    stage.open_menu()
    stage.page.locator(f"voice-agent .entry.{entry}").click()
    stage.page.locator("voice-agent .sheet").wait_for()


def _history(stage: Stage, *questions: str) -> None:
    """Show the history of a visitor who asked each of `questions` in a conversation of its own."""
    headers = {"Authorization": f"Bearer {_signed_in(stage)}"}
    for question in questions:
        body = {"question": question, "sessionId": generate_session_id()}
        stage.page.request.post("/api/voice-agent/chat", headers=headers, data=body)
    _opened(stage)
    _choose(stage, "history")
    stage.page.locator("voice-agent .sheet .note:not(:empty)").wait_for(state="attached")


def _empty_history(stage: Stage) -> None:
    _history(stage)


def _one_conversation(stage: Stage) -> None:
    _history(stage, PRICING)


def _some_conversations(stage: Stage) -> None:
    _history(stage, *QUESTIONS)


def _many_conversations(stage: Stage) -> None:
    _history(stage, *(f"{QUESTIONS[number % 3]} ({number})" for number in range(1, MANY + 1)))


def _found(stage: Stage) -> None:
    _some_conversations(stage)
    stage.page.locator("voice-agent .field").fill("plan")
    stage.page.locator("voice-agent .past li").nth(1).wait_for(state="detached")


def _renaming(stage: Stage) -> None:
    _some_conversations(stage)
    stage.page.locator("voice-agent .rename").nth(1).click()


def _deleting(stage: Stage) -> None:
    _some_conversations(stage)
    stage.page.locator("voice-agent .remove").nth(1).click()


def _deleting_all(stage: Stage) -> None:
    _some_conversations(stage)
    stage.page.locator("voice-agent .foot .danger").click()


def _continued(stage: Stage) -> None:
    _some_conversations(stage)
    stage.page.locator("voice-agent .reopen").first.click()
    stage.page.locator("voice-agent .message.assistant").wait_for()


def _german_history(stage: Stage) -> None:
    stage.set(language="de")
    _some_conversations(stage)


def _arabic_history(stage: Stage) -> None:
    stage.set(language="ar")
    _some_conversations(stage)


def _known_menu(stage: Stage) -> None:
    _signed_in(stage)
    _opened(stage)
    stage.ask(PRICING)
    stage.open_menu()


def _offered(stage: Stage) -> None:
    _opened(stage)
    stage.ask(PRICING, MIDDLE)
    _choose(stage, "pairing")
    stage.page.locator("voice-agent .qr").wait_for()


def _arabic_offer(stage: Stage) -> None:
    stage.set(language="ar")
    _offered(stage)


def _code(stage: Stage) -> None:
    _opened(stage)
    _choose(stage, "haveCode")


def _wrong_code(stage: Stage) -> None:
    _code(stage)
    stage.page.locator("voice-agent .field").fill("K7QM-2F9T")
    stage.page.locator("voice-agent .agree").click()
    stage.page.locator("voice-agent .sheet .failure:not(:empty)").wait_for()


def _arrived(stage: Stage) -> None:
    url = stage.page.url
    stage.page.goto("about:blank")
    stage.page.goto(f"{url}#voice-agent=K7QM-2F9T")
    stage.page.locator("voice-agent .sheet .agree").wait_for()


def _asked_for_consent(stage: Stage) -> None:
    stage.page.locator("voice-agent button.launcher").click()
    stage.page.locator("voice-agent .consent button").first.wait_for()


def _german_consent(stage: Stage) -> None:
    stage.set(language="de")
    _asked_for_consent(stage)


def _arabic_consent(stage: Stage) -> None:
    stage.set(language="ar")
    _asked_for_consent(stage)


def _known_consent(stage: Stage) -> None:
    _signed_in(stage)
    _asked_for_consent(stage)


SHEET = ".sheet"
LIST = (SHEET, ".past li >> nth=2", ".foot .danger")
HISTORY = Scene(_some_conversations, LIST, (".composer", ".confirm"))
HISTORY_0 = Scene(_empty_history, (SHEET, "text=You have no conversations yet."), (".past li", ".field"))
HISTORY_1 = Scene(_one_conversation, (SHEET, ".past li"), (".past li >> nth=1",))
HISTORY_200 = Scene(_many_conversations, (SHEET, ".past li"))
SEARCH = Scene(_found, (SHEET, ".past li"), (".past li >> nth=1",))
RENAME = Scene(_renaming, (SHEET, ".past form .field"))
DELETE = Scene(_deleting, (SHEET, ".past .confirm .danger"))
DELETE_ALL = Scene(_deleting_all, (SHEET, ".foot .confirm .danger"))
CONTINUED = Scene(_continued, (".message.user", ".message.assistant", ".composer"), (SHEET,))
HISTORY_GERMAN = Scene(_german_history, (*LIST, "text=Ihre Gespräche"))
HISTORY_ARABIC = Scene(_arabic_history, (*LIST, "text=محادثاتك"))
KNOWN_MENU = Scene(_known_menu, (".menu", ".entry.history"), (".entry.pairing",))
PAIRING = Scene(_offered, (SHEET, ".qr", "output.code"), (".composer",))
PAIRING_ARABIC = Scene(_arabic_offer, (SHEET, ".qr", "text=المتابعة على هاتفك"))
CODE = Scene(_code, (SHEET, "label", ".field"), (".composer",))
WRONG_CODE = Scene(_wrong_code, (SHEET, ".sheet .failure >> text=This code is not valid"), failing=True)
ARRIVED = Scene(_arrived, (SHEET, ".sheet .agree"), (".field",))
CONSENT = Scene(_asked_for_consent, (".consent", ".agree"), (".composer", ".suggestions"))
CONSENT_KNOWN = Scene(_known_consent, (".consent >> text=stays in your history", ".agree"), (".composer",))
CONSENT_GERMAN = Scene(_german_consent, (".consent >> text=Bevor wir beginnen",), (".composer",))
CONSENT_ARABIC = Scene(_arabic_consent, (".consent >> text=قبل أن نبدأ",), (".composer",))
