"""Ring 4: the agent over HTTP, whatever runs it."""
