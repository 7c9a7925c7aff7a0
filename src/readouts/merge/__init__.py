"""Merging what two people changed, by key and cell instead of by line."""
