"""The floor of a screen: a Textual app that shows one line."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """One line, and nothing else."""

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static("Here: nobody.")


Empty().run()
