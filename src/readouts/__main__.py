"""`python -m readouts` is the command `readouts`."""

if __name__ == "__main__":
    # The processes that a command starts import this module, and don't need the command line.
    from readouts.cli import main

    main()
