"""`python -m thermidor`, and the installed command: Ctrl-C is heard before anything else is
loaded."""

from .terminal.interrupt import ends_at_once


def main() -> None:
    with ends_at_once():
        from .cli.app import entry

        entry()


if __name__ == "__main__":
    main()
