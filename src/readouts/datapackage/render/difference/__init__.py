"""Renderers of a difference, one module per format."""
