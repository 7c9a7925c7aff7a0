"""Whether a corpus is good: the rules between columns and tables, and the gates of a release."""
