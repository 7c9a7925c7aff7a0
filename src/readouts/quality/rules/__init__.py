"""Contracts: the rules of the corpus beyond Table Schema, and schemas and rules together on typed frames."""
