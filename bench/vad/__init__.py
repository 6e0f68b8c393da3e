"""The voice activity detector beside others, on real voices in noise: what is lost, cut off or invented.

The clips are made by `training/lab.sh` from recordings in Debian packages; no voice and no noise in them was
trained with. Ours is the widget's own worklet and detector, run under Node.js. The references' probabilities
are in the same folder. All end a question after 0.9 s of silence. Tables by condition are written beside the
clips.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from bench.vad.scoring import PRE_ROLL, SILENCE, Clip, Sent, Total, judge, turns
from local.node_tools import node_tools

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.vad.scoring import Judged

LAB = Path(os.environ.get("VOICE_LAB") or Path.home() / ".cache" / "voice-agent-lab")
HEAR = Path(__file__).parent / "hear.mjs"
# As they were made, and as Chromium's echo cancellation, noise suppression and gain control let them through.
FOLDERS = {"raw": "clips", "chromium": "heard"}
EVERYTHING, SILENT = "all speech", "nobody speaks"
COLUMNS = ("missed", "false", "cut", "late")

Questions = dict[str, list[Sent]]


def run() -> Iterator[Figure]:
    """Measure ours, and compare it with each reference that is in the lab."""
    truth = LAB / FOLDERS["raw"] / "truth.json"
    if not truth.exists():
        raise SystemExit(f"There are no clips in {LAB}: `bash training/lab.sh` makes them (an hour, 2 GB).")
    clips = [Clip.of(known) for known in json.loads(truth.read_text("utf-8"))]
    for kind, folder in FOLDERS.items():
        present = [clip for clip in clips if (LAB / folder / f"{clip.name}.wav").exists()]
        if present:
            yield from _compare(kind, LAB / folder, present)


def _compare(kind: str, folder: Path, clips: Sequence[Clip]) -> Iterator[Figure]:
    ours, cpu = _ours(folder, [clip.name for clip in clips])
    sent = {"ours": ours, **_references(folder)}
    judged = {name: _judged(clips, questions) for name, questions in sent.items()}
    (LAB / f"table-{kind}.md").write_text(table(judged), "utf-8")
    yield Figure(f"vad.{kind}.cpu_ms_per_s", cpu, "ms")
    for name, conditions in judged.items():
        yield from _figures(f"vad.{kind}.{name}", conditions)


def _ours(folder: Path, names: Sequence[str]) -> tuple[Questions, float]:
    asked = {"folder": str(folder), "names": names, "silence": SILENCE, "preRoll": PRE_ROLL}
    command = [str(node_tools().node), str(HEAR)]
    done = subprocess.run(command, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - ours
    found: dict[str, Any] = json.loads(done.stdout)
    return {name: [Sent(**each) for each in sent] for name, sent in found["sent"].items()}, found["cpu"]


def _references(folder: Path) -> dict[str, Questions]:
    """What each reference would send, from the probabilities that the lab has computed."""
    found = {}
    for path in sorted(folder.glob("reference-*.json")):
        known = json.loads(path.read_text("utf-8"))
        step, threshold = known["step"], known["threshold"]
        found[path.stem.removeprefix("reference-")] = {
            name: turns(probabilities, step, threshold) for name, probabilities in known["clips"].items()
        }
    return found


def _judged(clips: Sequence[Clip], sent: Questions) -> dict[str, Total]:
    rows: dict[str, list[Judged]] = defaultdict(list)
    for clip in clips:
        for condition in clip.conditions if clip.name in sent else ():
            rows[condition].append(judge(clip, sent[clip.name]))
    return {condition: Total.of(judged) for condition, judged in sorted(rows.items())}


def _figures(prefix: str, conditions: Mapping[str, Total]) -> Iterator[Figure]:
    speech, silent = conditions[EVERYTHING], conditions[SILENT]
    yield Figure(f"{prefix}.errors", speech.errors, f"of {speech.clips}")
    for column in COLUMNS:
        yield Figure(f"{prefix}.{column}", asdict(speech)[column], "clips")
    yield Figure(f"{prefix}.delay_ms", speech.delay or 0.0, "ms")
    yield Figure(f"{prefix}.onset_lost_ms", speech.lost, "ms")
    yield Figure(f"{prefix}.false_per_minute", silent.false / silent.minutes, "per minute")


def table(judged: Mapping[str, Mapping[str, Total]]) -> str:
    """Markdown: a row for each condition and detector."""
    lines = [
        "| | detector | clips | missed | false | cut | late | delay ms | onset lost ms, most |",
        "|-" * 9 + "|",
    ]
    for condition in next(iter(judged.values())):
        for name, totals in judged.items():
            total = totals[condition]
            delay = "-" if total.delay is None else str(round(total.delay))
            counts = " | ".join(str(asdict(total)[column]) for column in COLUMNS)
            lines.append(f"| {condition} | {name} | {total.clips} | {counts} | {delay} | {total.lost:.0f} |")
    return "\n".join([*lines, ""])
