"""What a page loads: the widget's modules as they are served, compressed, one by one.

1 KB is 1,024 bytes. Compressed with gzip at level 6, which servers use, without the file's name and time.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLIC = Path(__file__).parent.parent / "public"
LAUNCHER = PUBLIC / "voice-agent.js"
TEXTS = PUBLIC / "voice-agent" / "texts"
# Its buttons load with the panel where speech is possible, the rest at the first use of one of them.
VOICE = PUBLIC / "voice-agent" / "voice"
BUTTONS = VOICE / "buttons.js"
BROWSER = VOICE / "browser.js"
LANGUAGE = "en"
# The anchor: what Cloudflare's text-only widget loads (ai-search-snippet 0.0.42), measured in November 2026.
PEER_TEXT_GZIP_BYTES = 20_858

STATIC = re.compile(r"""^(?:import|export)\b[^;]*?\bfrom\s+'(\.[^']+)'""", re.MULTILINE)
DYNAMIC = re.compile(r"""\bimport\('(\.[^']+)'\)""")


def run() -> Iterator[Figure]:
    """The launcher, all that a conversation by text loads, and what speech adds.

    Speech through the server, and with the browser's own; texts of both in the largest language.
    """
    launcher = loaded(LAUNCHER, STATIC)
    everything = loaded(LAUNCHER, STATIC, DYNAMIC)
    # No import shows the audio worklet.
    voice = {path for path in everything if VOICE in path.parents} | set(VOICE.glob("*.js"))
    text = everything - voice
    languages = _languages(TEXTS)
    largest = max(languages, key=languages.__getitem__)
    modules = sum(map(compressed, text))
    yield _kb("size.launcher_gzip_kb", sum(map(compressed, launcher)))
    yield _kb("size.text_gzip_kb", modules + languages[LANGUAGE])
    yield _kb(f"size.text_{largest}_gzip_kb", modules + languages[largest])
    yield _kb("size.voice_buttons_gzip_kb", compressed(BUTTONS))
    said = max(_languages(VOICE / "texts").values())
    yield _kb("size.voice_gzip_kb", sum(map(compressed, voice - {BROWSER})) + said)
    own = loaded(VOICE / "voice.js", STATIC) - launcher - text | {BUTTONS, BROWSER}
    yield _kb("size.voice_browser_gzip_kb", sum(map(compressed, own)) + said)
    yield _kb("size.text_peer_gzip_kb", PEER_TEXT_GZIP_BYTES)
    yield Figure("size.text_ratio", (modules + languages[LANGUAGE]) / PEER_TEXT_GZIP_BYTES, "x")


def loaded(module: Path, *imports: re.Pattern[str]) -> set[Path]:
    """The module and all that it imports in the ways that `imports` find, however deep."""
    found: set[Path] = set()
    waiting = [module.resolve()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            source = path.read_text("utf-8")
            waiting += [
                (path.parent / name).resolve() for pattern in imports for name in pattern.findall(source)
            ]
    return found


def compressed(path: Path) -> int:
    """The bytes that one file takes on its way."""
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))


def _languages(folder: Path) -> dict[str, int]:
    return {path.stem: compressed(path) for path in folder.glob("*.js")}


def _kb(name: str, size: int) -> Figure:
    return Figure(name, round(size / 1024, 2), "KB")
