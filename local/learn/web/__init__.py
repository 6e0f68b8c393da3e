"""Visiting a website: politely, within limits, and only where its owner lets programs go."""
