"""What a run has found, in words for the owner."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from local.bundle_knowledge import PROMPT_BYTES
from local.learn.knowledge_file import content_of, is_address
from local.learn.web.addresses import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from local.learn.page import Harvest
    from local.learn.plan import Plan

# How many of a kind are named, unless all are asked for.
_NAMED = 10
_LARGEST = 5


def report(harvests: Mapping[str, Harvest], plan: Plan, *, all_names: bool) -> str:
    """What each source has, what would change, and whether the agent can take it."""
    limit = None if all_names else _NAMED
    lines = [line for source, harvest in harvests.items() for line in _source(source, harvest, limit)]
    lines += ["", *_changes(plan, limit), *_others(plan)]
    return "\n".join([*lines, *_size(plan)])


def _source(source: str, harvest: Harvest, limit: int | None) -> Iterator[str]:
    found = len(harvest.pages) + len(harvest.unchanged)
    yield f"{source}: {_count(found, 'page' if is_address(source) else 'file')} to learn from"
    yield from _reasons("Could not be read", harvest.failed, limit)
    yield from _reasons("Left out", _grouped(harvest.left_out), limit)
    if not harvest.complete and found:
        yield "  There are more pages than were visited: see --max-pages and --exclude."


def _reasons(title: str, reasons: Mapping[str, str], limit: int | None) -> Iterator[str]:
    names: dict[str, list[str]] = defaultdict(list)
    for name, reason in reasons.items():
        names[reason].append(_shown(name))
    for reason, group in sorted(names.items()):
        yield f"  {title}: {_listed(group, limit)} ({reason})"


def _grouped(left_out: Mapping[str, str]) -> dict[str, str]:
    """The reasons with those of duplicates in one form, so that they are listed together."""
    same = "the same as "
    return {
        name: f"{same}another page" if reason.startswith(same) else reason
        for name, reason in left_out.items()
    }


def _changes(plan: Plan, limit: int | None) -> Iterator[str]:
    yield from _files("New", list(plan.new), limit)
    yield from _files("Changed", list(plan.changed), limit)
    yield from _files("Gone", list(plan.gone), limit)
    if plan.unchanged:
        yield f"Unchanged: {plan.unchanged}"
    if plan.edited:
        yield f"Edited by you, so your version stays: {_listed(plan.edited, limit)}"


def _files(title: str, names: list[str], limit: int | None) -> Iterator[str]:
    if not names:
        return
    yield f"{title}: {len(names)}"
    yield from (f"  {name}" for name in sorted(names)[:limit])
    if limit and len(names) > limit:
        yield f"  … and {len(names) - limit} more (--all names them)"


def _others(plan: Plan) -> Iterator[str]:
    """A line about files of the knowledge that no run has written: at first, those of an invented company."""
    learned = {page.file for page in plan.state.pages.values()} | set(plan.edited)
    others = [name for name in _knowledge_files(plan.folder) if name not in learned]
    if others:
        yield (
            f"The agent also answers from {_count(len(others), 'file')} that came from elsewhere: "
            f"{_listed(others, _NAMED)}. Delete those that are not about you."
        )


def _size(plan: Plan) -> Iterator[str]:
    """How much knowledge that makes, and what to do if it is too much."""
    sizes = _sizes(plan)
    total = sum(sizes.values())
    yield f"Together, that is {_count(len(sizes), 'file')} with {total / 1000:.0f} KB."
    if total <= PROMPT_BYTES:
        return
    by_folder: dict[str, int] = defaultdict(int)
    for name, size in sizes.items():
        by_folder[_folder_of(name)] += size
    largest = sorted(by_folder.items(), key=lambda item: -item[1])[:_LARGEST]
    yield (
        f"That is more than the {PROMPT_BYTES // 1000} KB that are sent with every question. Choose what "
        "visitors ask about, for example with --include '/services/*', or leave out what they do not, for "
        "example with --exclude '/blog/*'. Or keep all of it in a database: see 'Large knowledge' in "
        "docs/knowledge.md."
    )
    yield "The largest parts: " + ", ".join(f"{name} ({size / 1000:.0f} KB)" for name, size in largest)


def _sizes(plan: Plan) -> dict[str, int]:
    """The sizes of all files as they would be, in bytes."""
    sizes = {
        name: (plan.folder / name).stat().st_size
        for name in _knowledge_files(plan.folder)
        if name not in plan.gone
    }
    return sizes | {
        name: len(content_of(page).encode()) for name, page in {**plan.new, **plan.changed}.items()
    }


def _knowledge_files(folder: Path) -> list[str]:
    names = (path.relative_to(folder) for path in sorted(folder.rglob("*.md")) if path.is_file())
    return [name.as_posix() for name in names if not any(part.startswith((".", "_")) for part in name.parts)]


def _folder_of(name: str) -> str:
    parts = name.split("/")
    return "/".join(parts[: min(2, len(parts) - 1)]) + "/" if len(parts) > 1 else name


def _listed(names: list[str], limit: int | None) -> str:
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if limit and len(names) > limit else shown


def _shown(name: str) -> str:
    return path_of(name) if is_address(name) and urlsplit(name).path not in {"", "/"} else name


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
