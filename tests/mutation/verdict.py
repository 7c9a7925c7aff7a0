"""Asks the process of `verdicts.py` whether the tests pass; a program without any import that takes time."""

import socket
import sys

if __name__ == "__main__":
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(sys.argv[1])
        code = connection.makefile().readline().strip()
    print(code)
    sys.exit(int(code or 1) != 0)
