"""The size of a deployment, from a dry run of wrangler. A MiB is 1,048,576 bytes; gzip is at level 6.

`whole` is the size without wrangler.toml's list of modules to leave out.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Figure
from local.environment import ROOT
from local.node_tools import node_tools
from local.pyodide.vendor import vendored_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = ("src", "public", "widget", "knowledge", "local")
FILES = ("wrangler.toml", "package.json", "package-lock.json")
SECONDS = 300
# This many packages are listed; the rest is summed.
SHOWN = 8


def run() -> Iterator[Figure]:
    """Measure the upload by package, uncompressed and compressed, and what was left out."""
    with tempfile.TemporaryDirectory() as scratch:
        upload = dry_run(Path(scratch))
        packages = by_package(upload)
    whole = sum(path.stat().st_size for path in vendored_modules().rglob("*") if path.is_file())
    yield from figures(packages, whole)


def figures(packages: dict[str, list[bytes]], whole: int) -> Iterator[Figure]:
    """Yield the sizes of `packages` (files by package), of which nothing left out would be `whole` bytes."""
    sizes = {name: sum(map(len, files)) for name, files in packages.items()}
    packed = {name: len(gzip.compress(b"".join(files), 6)) for name, files in packages.items()}
    uploaded = sum(sizes.values())
    yield _mib("upload.mib", uploaded)
    yield _mib("upload.gzip_mib", sum(packed.values()))
    yield _mib("upload.whole_mib", whole + sizes["ours"])
    yield Figure("upload.left_out_share", 1 - uploaded / (whole + sizes["ours"]), "of the whole")
    largest = sorted(sizes, key=sizes.__getitem__, reverse=True)
    for name in largest[:SHOWN]:
        yield _mib(f"upload.{name}_mib", sizes[name])
        yield _mib(f"upload.{name}_gzip_mib", packed[name])
    yield _mib("upload.other_mib", sum(sizes[name] for name in largest[SHOWN:]))
    yield _mib("upload.other_gzip_mib", sum(packed[name] for name in largest[SHOWN:]))


def dry_run(scratch: Path) -> Path:
    """Return a folder in `scratch` with what `wrangler deploy --env production` would upload."""
    clone, upload = scratch / "clone", scratch / "upload"
    for part in PARTS:
        shutil.copytree(ROOT / part, clone / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, clone)
    (clone / "python_modules").symlink_to(vendored_modules())
    tools = node_tools()
    (clone / "node_modules").symlink_to(tools.modules)
    subprocess.run(  # noqa: S603 - wrangler of this project
        [*tools.wrangler, "deploy", "--dry-run", "--outdir", str(upload), "--env", "production"],
        cwd=clone,
        env=tools.environment(CI="true", HOME=str(scratch)),
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    return upload


def deployed_modules(scratch: Path) -> Path:
    """Return a folder with the vendored modules that are uploaded; kept timestamps keep bytecode valid."""
    uploaded, vendored = dry_run(scratch) / "python_modules", vendored_modules()
    folder = scratch / "deployed"
    for path in (path for path in uploaded.rglob("*") if path.is_file()):
        name = path.relative_to(uploaded)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(vendored / name, folder / name)
    return folder


def by_package(upload: Path) -> dict[str, list[bytes]]:
    """Return the contents of the uploaded files by package; the Worker's own are `ours`."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted(path for path in upload.rglob("*") if path.is_file()):
        parts = path.relative_to(upload).parts
        name = parts[1] if parts[0] == "python_modules" else "ours"
        found[package(name)].append(path.read_bytes())
    return found


def package(name: str) -> str:
    """Return the package of an entry in python_modules: `openai` for `openai-3.54.0.dist-info`, too."""
    return re.sub(r"-[^-]*\.dist-info$|\.(py|pyi|pth|so)$", "", name)


def _mib(name: str, size: int) -> Figure:
    return Figure(name, size / 1_048_576, "MiB")
