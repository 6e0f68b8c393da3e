"""What a page loads: the widget as it is built for visitors, file by file, compressed.

1 KB is 1,024 bytes. Compressed with gzip at level 6, which servers use, without the file's name and time.
"""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Figure
from local.widget_build import build_widget

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGE = "en"
# Speech through the server, and with the browser's own; the texts are added in the largest language.
VOICE = ("voice-buttons", "voice-start", "voice-server")
# The worklet, with the network that tells speech from noise.
DETECTION = ("voice-meter",)
HANDS_FREE = ("voice-hearing-hands-free",)
# What words answers where something can speak; the rules are added in the largest language.
SPOKEN = ("voice-spoken-answers",)
BROWSER_VOICE = ("voice-buttons", "voice-start", "voice-browser")
# What a conversation by text loads when it is of use; the texts are added in the largest language.
ON_DEMAND = (
    "conversation-restore",
    "panel-menu",
    "panel-countdown",
    "panel-undo",
    "panel-small-screen",
    "transcript-rich",
    "transcript-download",
)
# The anchor: what Cloudflare's text-only widget loads (ai-search-snippet 0.0.42), measured in November 2026.
PEER_TEXT_GZIP_BYTES = 20_858


def run() -> Iterator[Figure]:
    """The launcher, all that a conversation by text loads, and what rarer parts add to that."""
    with tempfile.TemporaryDirectory() as out:
        build_widget(Path(out))
        yield from figures(built_sizes(Path(out)))


def figures(sizes: dict[str, int]) -> Iterator[Figure]:
    """Figures from the sizes that `built_sizes` returns."""
    texts = _languages(sizes, "texts-")
    largest = max(texts, key=texts.__getitem__)
    text = sizes["launcher"] + sizes["panel"]
    yield _kb("size.launcher_gzip_kb", sizes["launcher"])
    yield _kb("size.text_gzip_kb", text + texts[LANGUAGE])
    yield _kb(f"size.text_{largest}_gzip_kb", text + texts[largest])
    notice_texts = max(_languages(sizes, "notices-texts-").values())
    yield _kb("size.on_demand_gzip_kb", sum(sizes[name] for name in ON_DEMAND) + notice_texts)
    yield _kb("size.evidence_gzip_kb", sizes["transcript-evidence"])
    yield _kb("size.failures_gzip_kb", sizes["notices-explanations"] + notice_texts)
    voice_texts = max(_languages(sizes, "voice-texts-").values())
    yield _kb("size.voice_gzip_kb", sum(sizes[name] for name in VOICE) + voice_texts)
    yield _kb("size.detection_gzip_kb", sum(sizes[name] for name in DETECTION))
    yield _kb("size.hands_free_gzip_kb", sum(sizes[name] for name in HANDS_FREE))
    yield _kb("size.voice_browser_gzip_kb", sum(sizes[name] for name in BROWSER_VOICE) + voice_texts)
    spoken_rules = max(_languages(sizes, "voice-spoken-rules-").values())
    yield _kb("size.spoken_gzip_kb", sum(sizes[name] for name in SPOKEN) + spoken_rules)
    yield from _visitor(sizes)
    yield _kb("size.text_peer_gzip_kb", PEER_TEXT_GZIP_BYTES)
    yield Figure("size.text_ratio", (text + texts[LANGUAGE]) / PEER_TEXT_GZIP_BYTES, "x")


def _visitor(sizes: dict[str, int]) -> Iterator[Figure]:
    """What accounts, the history, other devices and consent add, in the largest language."""
    texts, history, pairing = (
        max(_languages(sizes, f"visitor-{kind}texts-").values()) for kind in ("", "history-", "pairing-")
    )
    yield _kb("size.visitor_page_gzip_kb", sizes["visitor-page"])
    yield _kb("size.visitor_panel_gzip_kb", sizes["visitor"] + texts)
    yield _kb("size.visitor_history_gzip_kb", sizes["visitor-history"] + history)
    yield _kb("size.visitor_pairing_gzip_kb", sizes["visitor-pairing-offer"] + pairing)
    yield _kb("size.visitor_consent_gzip_kb", sizes["visitor-consent"])


def built_sizes(out: Path) -> dict[str, int]:
    """Compressed bytes of each built file, by its name without the hash; the script is `launcher`."""
    hashed = sorted((out / "voice-agent" / "hashed").iterdir())
    files = {path.stem.rpartition("-")[0]: path for path in hashed}
    return {name: compressed(path) for name, path in {"launcher": out / "voice-agent.js", **files}.items()}


def compressed(path: Path) -> int:
    """The bytes that one file takes on its way."""
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))


def _languages(sizes: dict[str, int], prefix: str) -> dict[str, int]:
    return {name.removeprefix(prefix): size for name, size in sizes.items() if name.startswith(prefix)}


def _kb(name: str, size: int) -> Figure:
    return Figure(name, round(size / 1024, 2), "KB")
