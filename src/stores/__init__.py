"""Workers KV's interface, and a fake of it."""
