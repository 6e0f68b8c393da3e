"""The benchmarks' groups and their arithmetic. Nothing is timed here."""

from __future__ import annotations

import importlib
import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bench import (
    barge,
    cpu,
    d1,
    kv,
    local,
    memory,
    peers,
    script,
    start,
    stream,
    tokens,
    trace,
    upload,
    voice,
)
from bench.__main__ import GROUPS, main
from bench.figures import interquartile_mean, peer_ratio
from local.standin import tokens as cut
from local.standin.chat_request import OVERHEAD_TOKENS, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.figures import Figure


def by_name(figures: Iterable[Figure]) -> dict[str, float]:
    return {figure.name: figure.value for figure in figures}


@pytest.mark.parametrize("name", GROUPS)
def test_group_can_be_run(name: str) -> None:
    assert callable(importlib.import_module(f"bench.{name}").run)


def test_unknown_group_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "there is no group 'speed'" in capsys.readouterr().err


def test_kv_figures_are_maxima() -> None:
    once = {"get": 1, "put": 1, "delete": 0, "list": 0}
    twice = {"get": 2, "put": 1, "delete": 1, "list": 1}
    figures = by_name(kv.figures({"json 1": once, "json 2": once, "stream 1": once, "stream 2": twice}))
    assert figures == {"kv.reads": 1, "kv.writes": 1, "kv.stream_reads": 3, "kv.stream_writes": 2}


def test_d1_figures_are_maxima_of_each_kind_of_exchange() -> None:
    first: d1.Counts = {"all": 1, "batch": 1, "rows_read": 9, "rows_written": 4}
    later: d1.Counts = {"all": 1, "batch": 1, "rows_read": 30, "rows_written": 4}
    trimming: d1.Counts = {"all": 2, "first": 1, "batch": 1, "run": 1, "rows_read": 40, "rows_written": 5}
    counts = [first, later, first, later, first, trimming, later]
    figures = by_name(
        d1.of_exchanges(
            {f"{form} {number}": one for form in ("json", "stream") for number, one in enumerate(counts)}
        )
    )
    assert (figures["d1.reads"], figures["d1.writes"]) == (3, 2)
    kinds = ("first", "later", "trimming")
    assert [figures[f"d1.rows_read_{kind}"] for kind in kinds] == [9, 30, 40]
    assert [figures[f"d1.rows_written_{kind}"] for kind in kinds] == [4, 4, 5]


def test_exchanges_a_day_on_the_free_plan() -> None:
    by_writes = by_name(d1.of_a_day(10, {"rows_read": 400, "rows_written": 50}))
    assert (by_writes["d1.rows_read"], by_writes["d1.rows_written"]) == (40, 5)
    assert by_writes["d1.free_exchanges_a_day"] == 20_000
    by_reads = by_name(d1.of_a_day(10, {"rows_read": 10_000, "rows_written": 50}))
    assert by_reads["d1.free_exchanges_a_day"] == 5_000


def test_d1_ratios_are_of_the_same_round() -> None:
    figures = by_name(d1.of_stores({"kv": [1.0, 2.0, 10.0], "d1": [1.5, 3.0, 15.0]}))
    assert figures["d1.cpu_vs_kv"] == 1.5
    slow = {"exchange": [4.0, 8.0], "database": [1.0, 2.0]}
    figures = by_name(d1.of_sizes({d1.FEW: {"exchange": [2.0, 4.0], "database": [1.0, 2.0]}, d1.MANY: slow}))
    assert (figures["d1.exchange_scale_ratio"], figures["d1.database_scale_ratio"]) == (2, 1)


def test_interquartile_mean_ignores_outliers() -> None:
    assert interquartile_mean([1.0, 2.0, 4.0, 90.0]) == 3
    assert interquartile_mean([5.0]) == 5


def test_cpu_ratios() -> None:
    measured = {
        "exchange": [3.0, 9.0, 3.0, 5.0],
        "sdk": [8.0],
        "fetch": [2.0],
        "sdk_call": [5.0],
        "fetch_call": [1.0],
    }
    figures = by_name(cpu.figures(measured))
    assert figures["cpu.exchange_ms"] == 4
    assert figures["cpu.exchange_vs_sdk"] == 0.5
    assert figures["cpu.exchange_vs_fetch"] == 2


def test_stream_figures() -> None:
    figures = by_name(stream.pieces("", {"ours": [0.1], "sdk": [0.4]}))
    assert figures["stream.piece_us"] == 100
    assert figures["stream.piece_vs_sdk"] == 0.25
    delays = by_name(stream.delays({"first": [1.0, 3.0, 2.0], "later": [1.0], "sdk_first": [1.0]}))
    assert delays["stream.first_piece_delay_ms"] == 2


def test_answers_are_compared_with_javascript() -> None:
    figures = by_name(peer_ratio("stream.at_once", {"ours": [3.0], "javascript": [2.0]}))
    assert figures == {
        "stream.at_once_ms": 3,
        "stream.at_once_javascript_ms": 2,
        "stream.at_once_vs_javascript": 1.5,
    }


def test_delays_of_the_first_and_of_later_pieces() -> None:
    measured = {"first": [1.0, 3.0, 2.0], "later": [5.0] * 40 + [9.0]}
    figures = by_name(stream.paced_delays("stream.ours", measured))
    assert figures == {
        "stream.ours_first_delay_ms": 2,
        "stream.ours_later_delay_ms": 5,
        "stream.ours_later_delay_p95_ms": 5,
        "stream.ours_longest_delay_ms": 9,
    }


def test_start_lists_imports_and_work_of_the_first_request(capsys: pytest.CaptureFixture[str]) -> None:
    measured = {"cpu": 100.0, "modules": ["a", "a.b"], "shares": {"a": 0.25, "a.b": 0.5, "c": 0.25}}
    json_ = {"modules": [], "built": {"settings.py Settings.read": 3, "logs.py log_json": 2}}
    streamed = {"modules": ["late"], "built": {}}
    figures = by_name(start.figures(measured, {"json": json_, "stream": streamed}))
    assert (figures["start.import_ms"], figures["start.modules"], figures["start.a_ms"]) == (100, 2, 75)
    assert figures["start.first_request_modules"] == 1
    assert (figures["start.first_request_built"], figures["start.first_request_functions"]) == (2, 5)
    errors = capsys.readouterr().err
    assert "late" in errors
    assert "settings.py Settings.read, and 2 functions" in errors


def test_memory_of_audio() -> None:
    figures = by_name(memory.of_audio({"recordings": 1.5, "speech": 3.0}))
    assert figures == {"memory.recordings_mb": 1.5, "memory.unread_speech_mb": 3}


def test_memory_growth() -> None:
    figures = by_name(memory.of_heap({"start": 60.0, "end": 62.0, "objects": 5}))
    assert figures["memory.heap_growth_mb"] == 2


async def test_local_sessions_expire() -> None:
    few = await memory.Local.with_sessions(3)
    assert len(few.storage) == 3
    few.clock.advance(3601)
    await few.exchange(0)
    assert len(few.storage) == 1


def test_local_ratios() -> None:
    figures = by_name(local.figures({"exchanges": 30.0, "bare": 40.0}, {"exchanges": 5.0, "bare": 4.0}))
    assert figures["local.throughput_ratio"] == 0.75
    assert figures["local.cpu_ratio"] == 1.25


def test_voice_figures() -> None:
    figures = by_name(voice.figures("", [1500.0, 1300.0, 1400.0], 1200.0))
    assert figures["voice.first_audio_ms"] == 1400
    assert figures["voice.first_audio_over_floor_ms"] == 200


def test_voice_components_follow_one_another() -> None:
    marks = ["released", *voice.COMPONENTS.values()]
    turn: dict[str, object] = {"spoken": "Our", **{mark: 100.0 * place for place, mark in enumerate(marks)}}
    figures = by_name(voice.turns("", "released", [turn]))
    assert [figures[f"voice.{name}_ms"] for name in voice.COMPONENTS] == [100] * len(voice.COMPONENTS)
    assert figures["voice.first_audio_ms"] == 100 * len(voice.COMPONENTS)


def test_barge_figures() -> None:
    trials = [
        {"kind": "words", "level": -20, "ducked": 90, "interrupted": time, "restored": None}
        for time in (200, 250, 300, None)
    ]
    cough = {"kind": "cough", "level": -18, "ducked": 90, "interrupted": None, "restored": 700}
    stuck = {**cough, "restored": None}
    figures = by_name(barge.figures([*trials, cough, stuck]))
    assert (figures["barge.words_20_in_time"], figures["barge.words_20_ever"]) == (0.5, 0.75)
    assert (figures["barge.cough_18_ended"], figures["barge.cough_18_ducked"]) == (0, 1)
    assert figures["barge.cough_18_left_ducked"] == 0.5


def test_voice_floor_ends_with_the_first_sentence() -> None:
    count = round(
        (voice.floor() / 1000 - voice.TRANSCRIBED - voice.FIRST_TOKEN - voice.FIRST_BYTE) / voice.TOKEN
    )
    assert "".join(cut(voice.ANSWER)[: count + 1]) == voice.FIRST_SENTENCE


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("openai", "openai"),
        ("openai-3.54.0.dist-info", "openai"),
        ("pydantic_core-2.50.4.dist-info", "pydantic_core"),
        ("typing_extensions.py", "typing_extensions"),
    ],
)
def test_package_of_a_file(name: str, package: str) -> None:
    assert upload.package(name) == package


def test_upload_sizes() -> None:
    figures = by_name(
        upload.figures({"ours": [b"a" * 1_048_576], "openai": [b"b" * 1_048_576]}, 3 * 1_048_576)
    )
    assert figures["upload.mib"] == 2
    assert figures["upload.whole_mib"] == 4
    assert figures["upload.left_out_share"] == 0.5
    assert 0 < figures["upload.gzip_mib"] < 0.01


def test_peers_ratios() -> None:
    costs = {"ours": 2.0, "agents_sdk": 8.0, "langchain": 4.0}
    figures = by_name(peers.figures(costs, dict.fromkeys(costs, 2.0), dict.fromkeys(costs, 1000.0)))
    assert figures["peers.agents_sdk_time_ratio"] == 0.25
    assert figures["peers.langchain_time_ratio"] == 0.5


def test_script_has_its_documented_sizes() -> None:
    exchanges = zip(script.questions(30), script.answers(30), strict=True)
    sizes = [2 * OVERHEAD_TOKENS + len(cut(asked)) + len(cut(told)) for asked, told in exchanges]
    assert max(sizes) <= script.EXCHANGE
    assert min(sizes) > script.EXCHANGE - 5


def test_tokens_are_flat_and_at_most_those_of_the_design() -> None:
    figures = by_name(tokens.run())
    sent = [figures[f"tokens.exchange_{number}"] for number in range(1, 31)]
    assert all(ours <= tokens.seed(number) for number, ours in enumerate(sent, 1))
    assert all(later > earlier for earlier, later in pairwise(sent[:6]))
    assert max(sent[5:]) - min(sent[5:]) <= 5
    assert figures["tokens.flat_from"] == tokens.FULL
    assert 0.4 < figures["tokens.shared_prefix_share"] < 1


def test_shared_prefix() -> None:
    old = [Message("system", "one two"), Message("user", "three")]
    assert tokens.shared(old, old) == 1
    assert tokens.shared(old, [Message("system", "four"), Message("user", "three")]) <= 0.5


def test_figures_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", "--json"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert set(first) == {"name", "value", "unit"}


def test_trace_counts_functions_once_and_every_switch() -> None:
    entries = [("a.py", "f"), ("b.py", "g"), ("b.py", "h"), ("a.py", "f"), ("b.py", "g")]
    figures = by_name(trace.Trace(entries).figures("json"))
    assert figures == {"trace.json_functions": 3, "trace.json_files": 2, "trace.json_switches": 3}


async def test_trace_follows_a_request_to_the_saved_exchange() -> None:
    found = await trace.trace(trace.JSON, trace.Environment())
    assert {"conversation.py", "stores/session_store.py", "responders/openai_responder.py"} <= set(
        found.files
    )
    assert [file for file in found.files if file.startswith("stores/")] == ["stores/session_store.py"]


def test_list_is_for_the_trace_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["kv", "--list"])
    assert "--list belongs to the group 'trace'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("accept", "functions", "files", "switches"), [(trace.JSON, 70, 20, 58), (trace.EVENTS, 97, 23, 83)]
)
async def test_trace_of_an_answer_is_within_budget(
    accept: str, functions: int, files: int, switches: int
) -> None:
    found = await trace.trace(accept, trace.Environment())
    assert ("conversation.py", "Conversation._exchange") in found.entries
    assert len(found.functions) <= functions
    assert len(found.files) <= files
    assert found.switches <= switches
