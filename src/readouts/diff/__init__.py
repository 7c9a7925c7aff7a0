"""Comparing two packages: rows by key, cells by type, ids by their lineage, and what it all does to the version."""
