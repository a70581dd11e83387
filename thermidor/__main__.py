"""`python -m thermidor`, and the installed command: Ctrl-C is heard before anything else is
loaded."""

import os

from .terminal.interrupt import ends_at_once

# Where colorama is installed, Numba starts it, and it writes an escape at the end of every command.
os.environ.setdefault("NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING", "1")


def main() -> None:
    with ends_at_once():
        from .cli.app import entry

        entry()


if __name__ == "__main__":
    main()
