"""A package in other formats, one module per format."""
