"""Load runs that print figures: `python -m tests.load --help`. They stay on this machine and come to an end.

tests/test_load.py runs a small part of each in ring 1.
"""
