"""Modules inside Pyodide around the Worker: the isolate, and a package that only the runtime has."""
