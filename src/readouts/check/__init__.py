"""Checkers of packages; each returns incidents."""
