"""Sealed deltas that carry one canonical release to another and back, byte for byte."""
