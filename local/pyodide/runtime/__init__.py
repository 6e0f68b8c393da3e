"""What runs inside Pyodide beside the Worker: the runtime's own package, and the isolate."""
