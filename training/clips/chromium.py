"""What Chromium lets through of the clips: `python -m training.clips.chromium CLIPS FOLDER`.

Its fake microphone plays every other clip into echo cancellation, noise suppression and gain control, as
the widget asks for them. That takes as long as the clips last, divided by `PAGES`. What it heard is shifted
so that truth.json still holds.
"""

from __future__ import annotations

import base64
import http.server
import json
import shutil
import sys
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from playwright.sync_api import sync_playwright

from training.clips.make import save
from training.clips.voices import RATE, Sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

EVERY, PAGES = 2, 3
# The recording goes on for this long after a clip, in seconds: it begins a little late.
MORE = 0.4
LOUDEST = 32_767
STEP = RATE // 100
RECORD = Path(__file__).parent / "record.js"
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
)


class EmptyPage(http.server.BaseHTTPRequestHandler):
    """Serves a page from which a microphone may be used."""

    def do_GET(self) -> None:
        """Answer with an empty page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Microphone</title>")

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def main() -> None:
    """Record what is not there yet."""
    clips, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    chosen = json.loads((clips / "truth.json").read_text("utf-8"))[::EVERY]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), EmptyPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    with ThreadPoolExecutor(PAGES) as pool:
        work = [
            pool.submit(_record, chosen[place::PAGES], clips, folder, place, url) for place in range(PAGES)
        ]
        for done in work:
            done.result()


def _record(chosen: Sequence[dict[str, Any]], clips: Path, folder: Path, place: int, url: str) -> None:
    microphone = folder / f"microphone-{place}.part"
    shutil.copy(clips / f"{chosen[0]['name']}.wav", microphone)
    file = f"--use-file-for-fake-audio-capture={microphone}%noloop"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*ARGUMENTS, file]
        )
        page = browser.new_page()
        page.goto(url)
        for clip in chosen:
            name = f"{clip['name']}.wav"
            if not (folder / name).exists():
                shutil.copy(clips / name, microphone)
                save(folder / name, _aligned(_heard(page, clip["seconds"]), read(clips / name)))
        browser.close()


def _heard(page: Page, seconds: float) -> Sound:
    found: str = page.evaluate(RECORD.read_text("utf-8"), seconds + MORE)
    return np.frombuffer(base64.b64decode(found), "<i2") / LOUDEST


def read(path: Path) -> Sound:
    """The samples of a WAV file of 16 bits."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / LOUDEST


def _aligned(heard: Sound, made: Sound) -> Sound:
    """What was heard, as long as what was made, and at the same time."""
    later = delay(heard, made)
    heard = heard[later:] if later >= 0 else np.concatenate([np.zeros(-later), heard])
    return np.pad(heard, (0, max(0, len(made) - len(heard))))[: len(made)]


def delay(heard: Sound, made: Sound) -> int:
    """By how many samples `heard` is later, within 0.6 s and to 10 ms: where the envelopes fit best."""
    one, other = _envelope(heard), _envelope(made)

    def fit(shift: int) -> float:
        a, b = one[max(0, shift) :], other[max(0, -shift) :]
        size = min(len(a), len(b))
        a, b = a[:size], b[:size]
        return float(a @ b / np.sqrt((a @ a) * (b @ b) + 1e-9))

    return max(range(-60, 60), key=fit) * STEP


def _envelope(sound: Sound) -> Sound:
    parts = sound[: len(sound) // STEP * STEP].reshape(-1, STEP)
    levels = np.log10(np.sqrt(np.mean(parts**2, axis=1)) + 1e-4)
    return np.asarray(levels - levels.mean())


if __name__ == "__main__":
    main()
