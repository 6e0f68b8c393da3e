"""Where sessions are kept: Workers KV's interface, and a fake that behaves like it."""
