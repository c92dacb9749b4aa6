"""Lets `python -m reflect` do what the installed command does."""

from reflect.cli.app import run

if __name__ == "__main__":
    run()
