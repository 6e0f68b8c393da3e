"""Figures under load: `python -m tests.load --help`. Everything stays on this machine and comes to an end.

A small slice of each is a test of ring 1 (tests/test_load.py).
"""
