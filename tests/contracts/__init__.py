"""Contracts: suites of checks that run against every implementation of an interface, in CPython and Pyodide.

A contract imports nothing but the standard library and its neighbours here. It maps names to async functions
that take the implementation and assert; a runner calls each of them in a test of its own.
"""
