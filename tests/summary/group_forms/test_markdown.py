"""The Markdown form, letter for letter."""

from __future__ import annotations

from tests.summary.group_forms.conftest import Rendered, golden


def test_page(rendered: Rendered) -> None:
    """The page stands as in the golden file."""
    made = rendered("markdown", "canal").decode()
    assert made == golden("markdown.md", made)


def test_page_of_four(rendered: Rendered) -> None:
    """A team of four has a page without a number, with the words that may be quoted, as in the golden file."""
    made = rendered("markdown", "four").decode()
    assert made == golden("markdown-four.md", made)
