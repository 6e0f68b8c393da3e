"""The structure of the widget's sources."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests.widget.sources import MODULES, SCRIPT, code, imports, name

if TYPE_CHECKING:
    from pathlib import Path

MAX_LINES = 260


def test_imports_have_no_cycle() -> None:
    graph = {path: imports(path) for path in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_every_module_is_loaded_by_another() -> None:
    loaded = {target for path in MODULES for target in imports(path)}
    types_only = {path for path in MODULES if not code(path).replace("export {};", "").strip()}
    assert set(MODULES) - types_only == loaded | {SCRIPT}


def test_nothing_imports_the_script() -> None:
    """A page may name it with a query string, and an import would then load it a second time."""
    assert not [path for path in MODULES if SCRIPT in imports(path)]


def test_conversation_does_not_know_the_voice() -> None:
    knowing = [path for path in MODULES if path.parent.name in {"conversation", "transcript", "api"}]
    assert not [path for path in knowing if "/voice/" in MODULES[path]]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_length_of_module(path: Path) -> None:
    assert len(MODULES[path].splitlines()) <= MAX_LINES


@pytest.mark.parametrize("word", ["unsafe", "eval(", "innerHTML", "insertAdjacentHTML", "document.write"])
def test_text_never_becomes_markup_or_code(word: str) -> None:
    assert not [name(path) for path in MODULES if word in code(path)]
