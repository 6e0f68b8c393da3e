"""The single entry point to a session."""
