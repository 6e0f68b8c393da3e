"""Local tools; never deployed."""
