"""Finds uses of private names of third-party packages in a module's source."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import sys

from local.environment import ROOT

OWN = {"local", "tests", "bench"} | {path.stem for path in (ROOT / "src").iterdir()}


def private_names(source: str) -> set[str]:
    """The private names of third-party packages in `source`: imported, read, or inherited.

    Inherited are those that a subclass of a package's class overrides or uses as its own.
    """
    tree = ast.parse(source)
    imports = _third_party_imports(tree)
    found = {name for name in imports.values() if any(map(_is_private, name.split(".")[1:]))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr):
            first, *rest = ast.unparse(node).split(".")
            found |= {".".join([imports[first], *rest])} if first in imports else set()
        elif isinstance(node, ast.ClassDef):
            found |= _inherited(node, imports)
    return found


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _third_party_imports(tree: ast.Module) -> dict[str, str]:
    """Each local name of something imported from a third-party package, with its full name."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    ours = OWN | sys.stdlib_module_names
    return {name: full for name, full in names.items() if full.split(".")[0] not in ours}


def _inherited(node: ast.ClassDef, imports: dict[str, str]) -> set[str]:
    """Private names of third-party base classes that the class `node` overrides or uses as its own."""
    used = {n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    used |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and _is_self(n.value)}
    private = set(filter(_is_private, used))
    return {f"{node.name}.{name}" for base in node.bases for name in private & _names_of(base, imports)}


def _is_self(node: ast.expr) -> bool:
    return ast.unparse(node) in {"self", "super()"}


def _names_of(base: ast.expr, imports: dict[str, str]) -> set[str]:
    """All names of a third-party class, annotated ones too; none if it is not installed here."""
    first, *rest = ast.unparse(base).split(".")
    if first not in imports:
        return set()
    try:
        found = pkgutil.resolve_name(".".join([imports[first], *rest]))
    except (ImportError, AttributeError):
        return set()
    parents = inspect.getmro(found) if inspect.isclass(found) else ()
    return {name for parent in parents for name in (*vars(parent), *inspect.get_annotations(parent))}
