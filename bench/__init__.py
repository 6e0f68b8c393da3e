"""Figures: `uv run python -m bench` prints all of them, `uv run python -m bench GROUP` those of one group.

A group is a module here with `run() -> Iterable[Figure]`, named in `bench.__main__.GROUPS`.
"""
