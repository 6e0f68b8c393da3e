"""Which of our modules imports which, read from the source."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from local.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDERS = ("src", "local", "bench", "tests")
# Every module's file by its importable name.
MODULES = {
    ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in FOLDERS
    for base in [ROOT / "src" if folder == "src" else ROOT]
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def import_statements(
    tree: ast.AST, *, at_import_time: bool = False
) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports in a module, except those for type checkers; `at_import_time` skips function bodies."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            for other in node.orelse:
                yield from import_statements(ast.Module([other], []), at_import_time=at_import_time)
        elif not (at_import_time and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            yield from import_statements(node, at_import_time=at_import_time)


def named(name: str, statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The full names that an import in the module `name` mentions: modules, or what they contain."""
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
        return
    base = statement.module or ""
    if statement.level:
        is_package = MODULES[name].name == "__init__.py"
        parents = name.split(".")[: len(name.split(".")) - statement.level + is_package]
        base = ".".join([*parents, *filter(None, [statement.module])])
    yield base
    yield from (f"{base}.{alias.name}" for alias in statement.names)


def imports_of(name: str, *, at_import_time: bool = False) -> set[str]:
    """The full names that the module `name` imports, whether ours or not."""
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    statements = import_statements(tree, at_import_time=at_import_time)
    return {found for statement in statements for found in named(name, statement)}


def cycles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The cycles of a directed graph: each set of nodes that all reach each other, sorted."""
    reached = {node: reachable(graph, node) for node in graph}
    groups = {
        tuple(sorted({node, *(other for other in reached[node] if node in reached.get(other, set()))}))
        for node in graph
        if node in reached[node]
    }
    return sorted(map(list, groups))


def reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """The nodes that can be reached from `start` by one edge or more."""
    found: set[str] = set()
    waiting = [*graph.get(start, ())]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.get(node, ())
    return found


def package_of(name: str) -> str:
    """The package that a module is in, without the module's own name; a module at the root is its own."""
    if MODULES[name].name == "__init__.py":
        return name
    return name.rpartition(".")[0] or name


def nested(one: str, other: str) -> bool:
    """Whether one package contains the other, or both are the same."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
