"""Contracts: suites of checks that run against every implementation of an interface, in CPython and Pyodide.

A contract maps names to async functions that take the implementation and make assertions. Each of them is run
as a separate test. Contracts must not import pytest, which is not available in Pyodide.
"""
