"""Everything that imports the Workers runtime."""
