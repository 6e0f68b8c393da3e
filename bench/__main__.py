"""Measure, and print one line for each figure: `name value unit`."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.figures import Group

# In the order in which they run. A group is imported only when it is selected.
GROUPS = (
    "kv",
    "d1",
    "cpu",
    "stream",
    "start",
    "tokens",
    "memory",
    "local",
    "upload",
    "peers",
    "sizes",
    "voice",
    "vad",
    "barge",
    "knowledge",
    "trace",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the selected groups, or all of them, and return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.list and options.group != ["trace"]:
        parser.error("--list belongs to the group 'trace'")
    lines = _listing() if options.list else _figures(options.group or GROUPS, as_json=options.json)
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0


def _figures(names: Sequence[str], *, as_json: bool) -> Iterator[str]:
    for name in names:
        sys.stderr.write(f"measuring {name} ...\n")
        group = cast("Group", importlib.import_module(f"bench.{name}"))
        for figure in group.run():
            yield figure.as_json() if as_json else figure.line()


def _listing() -> Iterator[str]:
    from bench import trace  # noqa: PLC0415 - only when it is selected

    return trace.listing()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("group", nargs="*", type=_group, help=f"{', '.join(GROUPS)}; all by default")
    parser.add_argument("--json", action="store_true", help="print a JSON object for each figure")
    parser.add_argument(
        "--list", action="store_true", help="with 'trace': print every call instead, in order"
    )
    return parser


def _group(name: str) -> str:
    if name in GROUPS:
        return name
    message = f"there is no group '{name}', only {', '.join(GROUPS)}"
    raise argparse.ArgumentTypeError(message)


if __name__ == "__main__":
    raise SystemExit(main())
