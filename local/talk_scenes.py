"""The states of the talk view: what a visitor sees while talking."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from local.environment import ROOT
from local.scene import Scene
from local.scenes import ANSWER, PANEL, answered

if TYPE_CHECKING:
    from local.stage import Stage

# What the talk view does not show once the question was sent.
TEXT_ONLY = (".composer", ".cancel", ".finish", ".left")
SPEECH_MS = 1500
# A spoken question: the beep of the fake microphone is not taken for speech.
QUESTION = ROOT / "tests" / "browser" / "recordings" / "question.wav"
# Repeats the part of the recording in which somebody speaks.
SPEAK = """async (recording) => {
  const context = new AudioContext();
  const bytes = Uint8Array.from(atob(recording), (character) => character.charCodeAt(0));
  const buffer = await context.decodeAudioData(bytes.buffer);
  const voice = new AudioBufferSourceNode(context, { buffer, loop: true, loopStart: 0.45, loopEnd: 1.8 });
  const microphone = new MediaStreamAudioDestinationNode(context);
  voice.connect(microphone);
  voice.start(0, 0.45);
  navigator.mediaDevices.getUserMedia = async () => microphone.stream;
}"""


def _listening(stage: Stage) -> None:
    answered(stage)
    stage.talk()
    stage.page.locator("voice-agent .left:not(:empty)").wait_for()


def _say(stage: Stage, state: str) -> None:
    """Ask the script's question with the microphone, and wait until `state` follows."""
    stage.model.behave(on="transcriptions", reply=stage.script.question)
    stage.open()
    stage.page.evaluate(SPEAK, base64.b64encode(QUESTION.read_bytes()).decode())
    stage.talk()
    stage.page.wait_for_timeout(SPEECH_MS)
    stage.page.locator("voice-agent .finish").click()
    stage.reaches(state)


def _transcribing(stage: Stage) -> None:
    stage.model.behave(on="transcriptions", first_delay=10)
    _say(stage, "transcribing")


def _spoken_thinking(stage: Stage) -> None:
    stage.answer(stall_after=0)
    _say(stage, "thinking")


def _spoken_answering(stage: Stage) -> None:
    stage.answer(stall_after=2)
    _say(stage, "answering")


def _spoken_speaking(stage: Stage) -> None:
    stage.answer()
    _say(stage, "speaking")


LISTENING = Scene(
    _listening,
    (PANEL, ".talking[data-state=listening] >> text={listening}", ".left", ".cancel", ".finish", ".type"),
    (".composer", ".halt"),
    "listening",
)
TRANSCRIBING = Scene(
    _transcribing,
    (PANEL, ".talking[data-state=transcribing] >> text={transcribing}", ".cancel", ".type"),
    (".composer", ".halt", ".finish", ".left", "div.failure:not(:empty)"),
    "transcribing",
)
TALK_THINKING = Scene(
    _spoken_thinking, (PANEL, ".talking[data-state=thinking] .halt", ".type"), TEXT_ONLY, "thinking"
)
TALK_ANSWERING = Scene(
    _spoken_answering,
    (PANEL, ANSWER, ".talking[data-state=answering] .halt", ".type"),
    TEXT_ONLY,
    "answering",
)
TALK_SPEAKING = Scene(
    _spoken_speaking, (PANEL, ANSWER, ".talking[data-state=speaking] .halt", ".type"), TEXT_ONLY, "speaking"
)
