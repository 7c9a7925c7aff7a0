"""A descriptor from bare files: how they are written, what their columns hold, their keys and references."""
