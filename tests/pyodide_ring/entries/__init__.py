"""Workers that exist only for the tests of this ring."""

from pathlib import Path

ENTRIES = Path(__file__).parent
