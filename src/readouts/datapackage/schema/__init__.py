"""Table Schema: types, fields, constraints and keys."""
