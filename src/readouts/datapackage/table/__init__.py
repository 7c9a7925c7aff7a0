"""Tables: from bytes to records, blocks and frames."""
