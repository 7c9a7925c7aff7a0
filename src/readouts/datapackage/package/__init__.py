"""A package on disk: located, opened, dereferenced, and written safely."""
