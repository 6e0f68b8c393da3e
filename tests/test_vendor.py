"""Pinned packages for Pyodide."""

from __future__ import annotations

from local.pyodide.vendor import SDK, pins_for_pyodide, worker_pins

EXPORTED = """\
everywhere==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
only-here==2.0 ; python_full_version >= '3.14' and sys_platform == 'emscripten' \\
    --hash=sha256:cc
never-here==3.0 ; sys_platform != 'emscripten' \\
    --hash=sha256:dd
"""


def test_pins_are_filtered_for_pyodide_and_keep_their_hashes() -> None:
    assert list(pins_for_pyodide(EXPORTED)) == [
        "everywhere==1.0 --hash=sha256:aa --hash=sha256:bb",
        "only-here==2.0 --hash=sha256:cc",
    ]


def test_worker_pins_include_runtime_packages_only() -> None:
    pins = list(worker_pins())
    names = {pin.partition("==")[0] for pin in pins}
    assert names >= {"fastapi", "openai", "pydantic", "pydantic-core", "httpx2-jsfetch", SDK}
    assert not names & {"httpcore2", "uvicorn", "typer", "workers-py", "pytest"}
    assert all("--hash=sha256:" in pin for pin in pins)
