"""A data package on disk: descriptor and tables, read and written safely."""
