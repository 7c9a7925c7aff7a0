"""Making a release of a package: what is archived, and how others find and check it."""
