"""Ring 2: the Worker in real Pyodide, with PyPI's WebAssembly wheels and miniflare's KV, under Node.js."""
