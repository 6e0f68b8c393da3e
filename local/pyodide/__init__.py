"""The Worker in real Pyodide under Node.js, with miniflare's KV and D1: for tests and benchmarks only."""
