"""The Worker's runtime dependencies as WebAssembly wheels from PyPI, for Pyodide's CPython 3.14."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from packaging.requirements import Requirement

from local.environment import ROOT
from local.node_tools import CACHE, Unavailable
from local.uv import uv_program

if TYPE_CHECKING:
    from collections.abc import Iterator

# `pywrangler sync` adds this SDK to every Worker; uv.lock pins it as a dependency of workers-py.
SDK = "workers-runtime-sdk"
PLATFORM = "pyemscripten_2026_0_wasm32"
# The environment markers of Pyodide 314.0.6, the version in the Workers runtime.
MARKERS = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
}
INSTALL_SECONDS = 600


def vendored_modules() -> Path:
    """Return a folder like `python_modules/` with the Worker's dependencies pinned in uv.lock, hash-checked.

    Each distinct list of pins is installed once and cached under `.cache/`. Safe to call from several
    processes at once. Raises `Unavailable` if uv is missing or the wheels cannot be fetched.
    """
    pins = "\n".join(worker_pins()) + "\n"
    key = hashlib.sha256(f"{PLATFORM}\n{pins}".encode()).hexdigest()[:16]
    folder = CACHE / "python_modules" / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "vendor.lock"):
        if not folder.exists():
            _install(pins, folder)
    return folder


def worker_pins() -> Iterator[str]:
    """Yield one requirements line, with hashes, for each package the Worker needs at run time."""
    yield from pins_for_pyodide(_exported("--no-default-groups", "--no-emit-project"))
    deploy = _exported("--only-group", "deploy")
    yield from (pin for pin in pins_for_pyodide(deploy) if pin.startswith(f"{SDK}=="))


def pins_for_pyodide(exported: str) -> Iterator[str]:
    """Yield the requirements in the output of `uv export` that apply to Pyodide.

    Environment markers are evaluated here and removed, because pip would evaluate them for this Python.
    """
    for line in exported.replace("\\\n", " ").splitlines():
        text, *hashes = line.split(" --hash=")
        requirement = Requirement(text.strip())
        if requirement.marker is None or requirement.marker.evaluate(MARKERS):
            pin = f"{requirement.name}{requirement.specifier}"
            yield " ".join([pin, *(f"--hash={value.strip()}" for value in hashes)])


def _exported(*options: str) -> str:
    command = [uv_program(), "export", "--frozen", "--quiet", "--no-annotate", "--no-header", *options]
    exported = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - uv
    return exported.stdout


def _install(pins: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        requirements = Path(scratch) / "requirements.txt"
        requirements.write_text(pins, "utf-8")
        target = Path(scratch) / "modules"
        done = subprocess.run(  # noqa: S603 - this environment's pip
            _pip_install(requirements, target),
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
        if done.returncode:
            message = f"pip could not fetch the WebAssembly wheels:\n{done.stderr.strip()[-1000:]}"
            raise Unavailable(message)
        target.rename(folder)


def _pip_install(requirements: Path, target: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
        *("--target", str(target), "--no-compile", "--no-deps", "--require-hashes", "-r", str(requirements)),
        *("--ignore-requires-python", "--only-binary=:all:", "--platform", PLATFORM),
        *("--python-version", "3.14", "--implementation", "cp", "--abi", "cp314", "--abi", "none"),
    ]
