"""What people edit: bounded YAML, read with the place of every value, and turned into records of the tables."""
