"""Where sessions are kept: the interface of Workers KV, and a fake that behaves like it."""
