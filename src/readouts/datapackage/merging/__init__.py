"""Three-way merge of tables and descriptors, by key and cell."""
