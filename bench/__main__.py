"""Measure, and print a line for each figure: `name value unit`."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.figures import Group

# In the order in which they run. Each is imported only when it is wanted.
GROUPS = ("kv", "cpu", "stream", "start", "tokens", "memory", "local", "upload", "peers", "sizes", "voice")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the groups that the arguments name, or all of them; gives the exit status."""
    options = _parser().parse_args(arguments)
    for name in options.group or GROUPS:
        sys.stderr.write(f"measuring {name} ...\n")
        group = cast("Group", importlib.import_module(f"bench.{name}"))
        for figure in group.run():
            sys.stdout.write(f"{figure.as_json() if options.json else figure.line()}\n")
            sys.stdout.flush()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("group", nargs="*", type=_group, help=f"{', '.join(GROUPS)}; all if none is named")
    parser.add_argument("--json", action="store_true", help="print a JSON object for each figure")
    return parser


def _group(name: str) -> str:
    if name in GROUPS:
        return name
    message = f"there is no group '{name}', only {', '.join(GROUPS)}"
    raise argparse.ArgumentTypeError(message)


if __name__ == "__main__":
    raise SystemExit(main())
