"""`python -m readouts` is the command `readouts`."""

from readouts.cli import main

if __name__ == "__main__":
    main()
