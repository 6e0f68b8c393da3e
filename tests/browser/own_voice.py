"""Fakes of the browser's speech recognition and synthesis that fire the same events.

Headless Chromium has no voices and no recognition service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.voice import Talker

NEITHER = """
delete window.SpeechRecognition;
delete window.webkitSpeechRecognition;
delete window.speechSynthesis;
"""
HEARS = """
window.webkitSpeechRecognition = class {
  start() {
    window.recognition = this;
    setTimeout(() => this.say(["What's your"]), 50);
  }
  say(parts) {
    this.onresult?.({ results: parts.map(transcript => [{ transcript }]) });
  }
  stop() {
    setTimeout(() => {
      this.say(["What's your", ' pricing?']);
      this.onend?.();
    }, 20);
  }
  abort() {
    setTimeout(() => {
      this.onerror?.({ error: 'aborted' });
      this.onend?.();
    }, 0);
  }
  fail(error) {
    this.onerror?.({ error });
    this.onend?.();
  }
};
"""
SPEAKS = """
window.said = [];
window.allowed = true;
const queue = [];
let soon = 0;
const next = () => {
  const utterance = queue[0];
  if (!utterance) return;
  if (utterance.text.includes(window.unsayable)) {
    queue.shift();
    utterance.onerror?.({ error: 'synthesis-failed' });
    return;
  }
  utterance.onstart?.({});
  said.push(utterance.text);
  utterance.timer = setTimeout(() => {
    queue.shift();
    utterance.onend?.({});
    next();
  }, 200);
};
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [{}],
  speak(utterance) {
    if (!allowed) return setTimeout(() => utterance.onerror?.({ error: 'not-allowed' }), 0);
    queue.push(utterance);
    if (queue.length === 1) soon = setTimeout(next, 0);
  },
  cancel() {
    clearTimeout(soon);
    queue.splice(0).forEach((utterance, place) => {
      clearTimeout(utterance.timer);
      setTimeout(() => utterance.onerror?.({ error: place ? 'canceled' : 'interrupted' }), 0);
    });
  },
} });
"""


def said(talker: Talker) -> list[str]:
    """What the browser has spoken, in order."""
    found: list[str] = talker.page.evaluate("() => said")
    return found
