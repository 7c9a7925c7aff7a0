"""How two packages differ: rows by key, cells by type, ids by their lineage, and the version that follows."""
