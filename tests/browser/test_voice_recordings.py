"""Recordings as Chromium encodes them: they play, and the server counts the same length."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from speech.lengths import seconds_of
from speech.upload import MemoryFile
from tests.browser.backend import run_apart

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

# Encodes a tone that rises, decodes it again, and looks for the frequency in the middle.
ENCODED = """async (seconds) => {
  const { recordingOf } = await import('/voice-agent/voice/hearing/recording.js');
  const samples = Int16Array.from({ length: 16000 * seconds }, (_, at) => 9000 * Math.sin(at * at * 1e-5));
  const file = await recordingOf(samples);
  const bytes = await file.arrayBuffer();
  const base64 = btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
  const context = new OfflineAudioContext(1, 16000, 16000);
  const sound = (await context.decodeAudioData(bytes)).getChannelData(0);
  const middle = sound.subarray(8000 * seconds - 800, 8000 * seconds + 800);
  const crossings = middle.filter((sample, at) => sample >= 0 && middle[at - 1] < 0).length;
  return { type: file.type, base64, seconds: sound.length / 16000, hertz: crossings * 10 };
}"""


@pytest.mark.parametrize("encoder", ["Opus in Ogg", "WAV"])
def test_recording_plays_and_is_measured(page: Page, sources: Backend, encoder: str) -> None:
    page.goto(sources.url)
    if encoder == "WAV":
        page.evaluate("() => { delete window.AudioEncoder; }")
    found = page.evaluate(ENCODED, 3)
    data = base64.b64decode(found["base64"])
    kind = found["type"].removeprefix("audio/")
    counted = run_apart(seconds_of(MemoryFile(data), kind, enough=100))
    assert kind == ("wav" if encoder == "WAV" else "ogg")
    assert found["seconds"] == pytest.approx(3, abs=0.01)
    assert counted == pytest.approx(3, abs=0.1)
    assert found["hertz"] == pytest.approx(24000 * 2e-5 * 16000 / 6.2832, rel=0.05)
    assert (len(data) < 12_000) == (kind == "ogg")
