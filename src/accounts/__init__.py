"""Visitors whom the website knows: who they are, and what was said with them before."""
