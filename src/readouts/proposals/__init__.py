"""Drafts of annotations: what rules find in a text, and what annotation tools and language models bring back."""
