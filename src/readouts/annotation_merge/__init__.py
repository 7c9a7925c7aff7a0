"""Three-way merge of annotation trees, and the git driver."""
