"""Trains the network that tells speech from noise: `python -m training` (README.md)."""
