"""What `wrangler deploy` would upload, found out without a network or an account."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import tomllib
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from local.environment import ROOT
from local.node_tools import NodeTools, Unavailable, node_tools
from local.pyodide.database import running_database
from local.pyodide.vendor import vendored_modules, worker_pins
from local.pyodide.worker import PyodideWorker
from local.standin import StandIn, running_standin
from local.widget_build import build_widget
from rate_limit import LIMIT, PERIOD
from tests.identity_tokens import SECRET as WEBSITE_SECRET
from tests.identity_tokens import bearer
from tests.pyodide_ring.visitor import Visitor
from tests.recordings import wav
from tests.rings import cannot_run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pyodide
# What lies beside each other in a clone, uploaded or not.
PARTS = ("src", "public", "widget", "knowledge", "local", "migrations", "tests")
FILES = ("wrangler.toml", "package.json", "package-lock.json")
SECRET = "sk-must-stay-at-home"  # noqa: S105 - made up
# Nothing listens there. Wrangler warns that it was told to go that way.
NO_NETWORK = "http://127.0.0.1:9"
ABOUT_THE_PROXY = "Proxy environment variables detected"
# Cloudflare's limit for a Worker's uncompressed code.
LIMIT_KIB = 64 * 1024
WRANGLER_SECONDS = 120
WRITTEN_BY_WRANGLER = {"README.md"}
CLIP = wav(1)
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"


@dataclass(frozen=True, slots=True)
class DryRun:
    """A deployment that was not made: what wrangler said, and the folder with what it would upload."""

    output: str
    upload: Path

    def bindings(self) -> dict[str, str]:
        """Each binding and variable, with what wrangler says of it."""
        return dict(re.findall(r"^env\.(\w+(?: \(.*?\))?) {2,}(.*?)\s*$", self.output, re.MULTILINE))

    def files(self) -> set[str]:
        """The uploaded files, as paths."""
        return {path.relative_to(self.upload).as_posix() for path in self.upload.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project before a deployment, with vendored packages and a secret for local runs."""
    folder = tmp_path_factory.mktemp("clone")
    try:
        (folder / "python_modules").symlink_to(vendored_modules())
        # With them, the widget is built without a network.
        (folder / "node_modules").symlink_to(node_tools().modules)
    except Unavailable as reason:
        cannot_run(str(reason))
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    for file in FILES:
        shutil.copy(ROOT / file, folder)
    (folder / "src" / "knowledge_bundle.py").unlink(missing_ok=True)
    (folder / ".dev.vars").write_text(f"OPENAI_API_KEY={SECRET}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def dry_runs(clone: Path) -> dict[str, DryRun]:
    """A dry run for each environment of wrangler.toml; the one without a name is for local runs."""
    return {environment: deploy(clone, environment) for environment in ("", "production", "preview")}


@pytest.fixture(scope="module")
def production(dry_runs: dict[str, DryRun]) -> DryRun:
    return dry_runs["production"]


def deploy(clone: Path, environment: str, *options: str) -> DryRun:
    """A dry run in `clone`."""
    upload = clone.parent / f"upload-{environment}"
    return DryRun(
        wrangler(clone, "deploy", "--dry-run", "--outdir", str(upload), "--env", environment, *options),
        upload,
    )


def wrangler(clone: Path, *arguments: str) -> str:
    """Run wrangler in `clone`, and return its output; the test fails where wrangler does."""
    try:
        tools = node_tools()
    except Unavailable as reason:
        cannot_run(str(reason))
    done = subprocess.run(
        [*tools.wrangler, *arguments],
        cwd=clone,
        env=_cut_off(tools, clone),
        capture_output=True,
        text=True,
        check=False,
        timeout=WRANGLER_SECONDS,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    return output


def _cut_off(tools: NodeTools, home: Path) -> dict[str, str]:
    """An environment without a network, an account or colours."""
    environment = tools.environment(CI="true", NO_COLOR="1", HOME=str(home))
    mine = {name: value for name, value in environment.items() if not name.startswith(("CLOUDFLARE_", "CF_"))}
    return {**mine, "HTTP_PROXY": NO_NETWORK, "HTTPS_PROXY": NO_NETWORK}


@pytest.mark.parametrize(
    ("environment", "name", "kv"),
    [
        ("", "development", "placeholder_id"),
        ("production", "production", "placeholder_id"),
        ("preview", "preview", "placeholder_preview_id"),
    ],
)
def test_each_environment_has_its_name_and_its_sessions(
    dry_runs: dict[str, DryRun], environment: str, name: str, kv: str
) -> None:
    limiter = {f"RATE_LIMITER ({LIMIT} requests/{PERIOD}s)": "Rate Limit"}
    deployed = {**limiter, "AI": "AI"} if environment else {}
    assert dry_runs[environment].bindings() == {
        f"VOICE_SESSIONS ({kv})": "KV Namespace",
        f'ENVIRONMENT ("{name}")': "Environment Variable",
        **deployed,
    }


@pytest.fixture(scope="module")
def with_d1(clone: Path) -> str:
    """The name of a configuration in which the lines about D1 are uncommented."""
    text = (clone / "wrangler.toml").read_text("utf-8")
    uncommented = re.sub(
        r'^# (\[\[.*d1_databases\]\]|binding = "VOICE_DB"|database_\w+ = .*)$',
        r"\1",
        text,
        flags=re.MULTILINE,
    )
    (clone / "wrangler.d1.toml").write_text(uncommented, "utf-8")
    return "wrangler.d1.toml"


def test_d1_is_bound_once_its_lines_are_uncommented(clone: Path, with_d1: str) -> None:
    configuration = tomllib.loads((clone / with_d1).read_text("utf-8"))
    for environment in (configuration, *configuration["env"].values()):
        assert [database["binding"] for database in environment["d1_databases"]] == ["VOICE_DB"]
    bindings = deploy(clone, "production", "--config", with_d1).bindings()
    assert bindings["VOICE_DB (voice-agent)"] == "D1 Database"


def test_wrangler_applies_the_migrations(clone: Path, with_d1: str, tmp_path: Path) -> None:
    local = ("--local", "--persist-to", str(tmp_path), "--config", with_d1)
    wrangler(clone, "d1", "migrations", "apply", "VOICE_DB", *local)
    output = wrangler(clone, "d1", "execute", "VOICE_DB", "--json", "--command", TABLES, *local)
    assert {"conversations", "turns", "sessions", "pairings"} <= set(re.findall(r'"name": "(\w+)"', output))


def test_wrangler_has_nothing_to_warn_of(dry_runs: dict[str, DryRun]) -> None:
    lines = [line for run in dry_runs.values() for line in run.output.splitlines()]
    warnings = [line for line in lines if "WARNING" in line or "ERROR" in line]
    assert not [line for line in warnings if ABOUT_THE_PROXY not in line]


def test_the_upload_is_src_and_the_pinned_packages(production: DryRun, clone: Path) -> None:
    ours = {name for name in production.files() if not name.startswith("python_modules/")}
    sources = {path.relative_to(clone / "src").as_posix() for path in (clone / "src").rglob("*.py")}
    assert ours - WRITTEN_BY_WRANGLER == sources
    packages = {name.split("/")[1] for name in production.files() - ours}
    distributions = [name.removesuffix(".dist-info") for name in packages if name.endswith(".dist-info")]
    installed = {name.rpartition("-")[0].replace("_", "-") for name in distributions}
    assert installed == {pin.partition("==")[0] for pin in worker_pins()}


def test_nothing_local_is_uploaded(production: DryRun) -> None:
    names = production.files()
    assert not [name for name in names if name.endswith((".pyc", ".pyi", ".dev.vars", ".env"))]
    assert not [name for name in names if SECRET.encode() in (production.upload / name).read_bytes()]
    assert SECRET not in production.output


def test_the_upload_is_small_enough(production: DryRun) -> None:
    total = re.search(r"Total Upload: ([\d.]+) KiB", production.output)
    assert total
    assert float(total[1]) < LIMIT_KIB


def test_built_widget_is_uploaded(production: DryRun, clone: Path, tmp_path: Path) -> None:
    """Wrangler ran the build in the clone, and uploads what it made."""
    build_widget(tmp_path)
    assert _contents(clone / "dist") == _contents(tmp_path)
    assert re.search(rf"Read \d+ files from the assets directory {clone / 'dist'}\n", production.output)


def _contents(folder: Path) -> dict[str, bytes]:
    """All files in a folder, by path."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def uploaded_worker(
    upload: DryRun, *, database: str | None = None, ai: str | None = None, **env: str
) -> PyodideWorker:
    """Start a Worker from the uploaded files."""
    modules = upload.upload / "python_modules"
    return PyodideWorker.start(
        env=env, folders=[upload.upload], modules=modules, compiled=False, database=database, ai=ai
    )


def test_what_is_uploaded_talks_without_any_key(production: DryRun) -> None:
    """A whole spoken exchange through Workers AI, as README's deployment without a key has it."""
    with running_standin() as cloudflare:
        ai = cloudflare.base_url.removesuffix("/v1")
        with (
            uploaded_worker(production, ai=ai, ENVIRONMENT="production") as worker,
            Visitor(worker) as visitor,
        ):
            assert _providers(visitor) == ("kv", "workers-ai", "workers-ai", "workers-ai")
            clip = {"file": ("clip.wav", CLIP, "audio/wav")}
            question = visitor.client.post("/transcribe", files=clip).json()["text"]
            cloudflare.behave(on="chat", piece_delay=0.01)
            with visitor.streaming(question, speech=True) as events:
                *deltas, (last, answer) = list(events)
            assert (last, answer["saved"], answer["model"]) == ("done", True, "@cf/google/gemma-4-26b-a4b-it")
            texts = [delta["text"] for _, delta in deltas]
            speech = {"text": answer["response"], "answer": "".join(texts), "ticket": deltas[-1][1]["ticket"]}
            session = {"X-Session-Token": visitor.session_id}
            spoken = visitor.client.post("/speech", json={**speech, "format": "pcm"}, headers=session)
            assert (spoken.status_code, spoken.headers["content-type"]) == (200, "audio/wav")
            assert spoken.content.startswith(b"RIFF")
            sent = cloudflare.requests[0].body["inputs"]["audio"]
            assert b64decode(sent) == CLIP
            _assert_faults_of_workers_ai(cloudflare, visitor, session)
            assert worker.control.background_failures() == []
            assert "ERROR" not in "".join(worker.log())


def _providers(visitor: Visitor) -> tuple[str, ...]:
    health = visitor.client.get("/health").json()
    return tuple(health[name] for name in ("storage", "responder", "recognition", "synthesis"))


def _assert_faults_of_workers_ai(cloudflare: StandIn, visitor: Visitor, session: dict[str, str]) -> None:
    """Errors, and streams that break off, through the binding."""
    cloudflare.behave(on="chat", status=429, error_code="3040", retry_after="7")
    busy = visitor.ask("Hello?")
    assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (
        503,
        "responder_busy",
        "7",
    )
    cloudflare.behave(on="chat", reply="One. Two. Three.", cut_after=2)
    name, error = visitor.ask_for_stream("Count!")[-1]
    assert (name, error["code"]) == ("error", "responder_unreachable")
    cloudflare.behave(on="speech", status=500, times=2)
    greeting = {"text": "Hi! Ask me anything about us."}
    failed = visitor.client.post("/speech", json=greeting, headers=session)
    assert (failed.status_code, failed.json()["code"]) == (502, "responder_failed")
    assert visitor.client.post("/speech", json=greeting, headers=session).status_code == 200
    not_said = visitor.client.post("/speech", json={"text": "Buy something else!"}, headers=session)
    assert (not_said.status_code, not_said.json()["code"]) == (403, "speech_not_allowed")


def test_what_is_uploaded_chats_hears_and_speaks_with_a_model(production: DryRun) -> None:
    """What wrangler.toml leaves out of the packages is missed by nothing, retries included."""
    with running_standin() as standin:
        env = {"ENVIRONMENT": "production", "OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": standin.base_url}
        with uploaded_worker(production, **env) as worker, Visitor(worker) as visitor:
            standin.behave(status=500)
            assert visitor.ask("What's your pricing?").json()["saved"] is True
            assert visitor.ask_for_stream("And the middle tier?")[-1][0] == "done"
            clip = {"file": ("clip.wav", wav(1), "audio/wav")}
            assert visitor.client.post("/transcribe", files=clip).json()["text"]
            assert visitor.client.post("/speech", json={"text": "Ask me anything."}).status_code == 200


def test_what_is_uploaded_knows_visitors_and_draws_codes(production: DryRun) -> None:
    with running_database() as database:
        env = {"ENVIRONMENT": "production", "IDENTITY_SECRET": WEBSITE_SECRET}
        with uploaded_worker(production, database=database.url, **env) as worker, Visitor(worker) as visitor:
            assert visitor.ask("What's your pricing?").json()["saved"] is True
            session = {"X-Session-Token": visitor.session_id}
            offered = visitor.client.post("/pairings", json={"page": "https://a.example"}, headers=session)
            assert offered.json()["qr"].startswith("<svg ")
            now = int(time.time())
            identity = bearer(WEBSITE_SECRET, iat=now, exp=now + 60)
            assert visitor.client.get("/conversations", headers=identity).json()["conversations"] == []
