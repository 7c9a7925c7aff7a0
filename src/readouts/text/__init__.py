"""Skeletons, fingerprints and anchors: finding a span in a text without publishing the text."""
