"""One module per command, each with a typed `main`; `cli.py` and the files in `scripts/` run the same ones."""
