"""Code that runs inside Pyodide, next to the Worker that it measures."""
