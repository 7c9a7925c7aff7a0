"""From annotations to tables: every file on its own, then what joins them, then the package."""
