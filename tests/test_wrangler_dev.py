"""`wrangler dev` with this project's configuration, and a Worker in JavaScript in place of ours.

Python Workers need a runtime that wrangler downloads from Cloudflare. What is tested here does not depend on
the language: which requests reach the Worker, and what happens while the knowledge is broken.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import tomllib
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from local.environment import ROOT
from local.node_tools import Unavailable, node_tools
from local.serving import listen
from tests.rings import cannot_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.pyodide
SECONDS = 60
WORKER = "export default { fetch: (request) => new Response(`worker ${new URL(request.url).pathname}`) };"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with our build of the knowledge, our assets, and a Worker that says it was called."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("python.mjs", "bundle_knowledge.py"):
        (folder / "local").mkdir(exist_ok=True)
        shutil.copy(ROOT / "local" / name, folder / "local")
    shutil.copytree(ROOT / "knowledge", folder / "knowledge")
    shutil.copytree(ROOT / "public", folder / "dist")
    (folder / "src").mkdir()
    (folder / "src" / "worker.mjs").write_text(WORKER, "utf-8")
    (folder / "wrangler.json").write_text(json.dumps(_configuration()), "utf-8")
    return folder


def _configuration() -> dict[str, Any]:
    ours = tomllib.loads((ROOT / "wrangler.toml").read_text("utf-8"))
    build = ours["build"]
    return {
        "name": "test",
        "main": "src/worker.mjs",
        "compatibility_date": ours["compatibility_date"],
        "assets": ours["assets"],
        "build": {"command": build["command"].rpartition("&& ")[2], "watch_dir": ["knowledge", "src"]},
    }


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx2.Client]:
    """A client of `wrangler dev` in `folder`, whose output is in `folder/dev.log`."""
    try:
        tools = node_tools()
    except Unavailable as reason:
        cannot_run(str(reason))
    with listen() as socket:
        port = socket.getsockname()[1]
    with (
        (folder / "dev.log").open("w") as log,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=5, trust_env=False) as client,
    ):
        process = subprocess.Popen(
            [
                *tools.wrangler,
                "dev",
                "--ip",
                "127.0.0.1",
                "--port",
                str(port),
                "--show-interactive-dev-session=false",
            ],
            cwd=folder,
            env=tools.environment(CI="true", NO_COLOR="1", HOME=str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(folder, "Ready on ")
            yield client
        finally:
            process.terminate()
            process.wait(SECONDS)


def _wait_for(folder: Path, text: str, times: int = 1) -> str:
    """Wait until wrangler has printed `text` so many times; returns all of its output."""
    deadline = time.monotonic() + SECONDS
    while (output := (folder / "dev.log").read_text("utf-8")).count(text) < times:
        assert time.monotonic() < deadline, output
        time.sleep(0.1)
    return output


@pytest.mark.parametrize(
    ("path", "status", "beginning"),
    [
        ("/", 200, "<!doctype html>"),
        ("/api/voice-agent/health", 200, "worker /api/voice-agent/health"),
        ("/api/unknown", 200, "worker /api/unknown"),
        ("/wp-login.php", 404, "<!doctype html>"),
        ("/.env", 404, "<!doctype html>"),
        ("/voice-agent/unknown.js", 404, "<!doctype html>"),
    ],
)
@pytest.mark.parametrize("mode", ["navigate", "no-cors", None])
def test_only_the_api_starts_the_worker(
    client: httpx2.Client, path: str, status: int, beginning: str, mode: str | None
) -> None:
    response = client.get(path, headers={"sec-fetch-mode": mode} if mode else {})
    assert (response.status_code, response.text[: len(beginning)]) == (status, beginning)


def test_posts_to_unknown_paths_do_not_start_the_worker(client: httpx2.Client) -> None:
    assert client.post("/xmlrpc.php", content=b"x").status_code == 405


def test_broken_knowledge_is_reported_once_and_requests_are_answered(
    client: httpx2.Client, folder: Path
) -> None:
    broken = folder / "knowledge" / "99-broken.md"
    broken.write_bytes(b"Caf\xe9")
    _wait_for(folder, "99-broken.md is not UTF-8")
    bundle = folder / "src" / "knowledge_bundle.py"
    assert "PROBLEM: str | None = 'knowledge/99-broken.md" in bundle.read_text("utf-8")
    assert client.get("/api/x").text == "worker /api/x"
    broken.write_text("# Coffee", "utf-8")
    # By then the build that follows the writing of the bundle is over as well.
    output = _wait_for(folder, "Bundled ", times=2)
    assert output.count("is not UTF-8") == 1
    assert "# Coffee" in bundle.read_text("utf-8")
    assert client.get("/api/x").text == "worker /api/x"
