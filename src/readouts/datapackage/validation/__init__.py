"""Validation of any package: structure, types, constraints, keys and references."""
