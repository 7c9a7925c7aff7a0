"""The tables of the corpus, PLOVER's labels, and the release that ships with the package."""
