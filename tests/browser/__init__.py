"""Ring 3: the widget in real Chromium against the local server."""
