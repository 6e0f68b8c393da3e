"""Benchmarks: `uv run python -m bench` prints all figures, `… GROUP` those of one group.

A group is a module in this package with `run() -> Iterable[Figure]`, listed in `bench.__main__.GROUPS`.
"""
