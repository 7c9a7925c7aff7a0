"""Reports and differences as text, JSON, Markdown and HTML."""
