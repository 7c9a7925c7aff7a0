"""The files of annotation tools: a proposal written for a tool, and what people made of it read back."""
