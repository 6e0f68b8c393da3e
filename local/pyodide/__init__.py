"""The Worker in real Pyodide under Node.js, with miniflare's KV: for tests and benchmarks, never deployed."""
