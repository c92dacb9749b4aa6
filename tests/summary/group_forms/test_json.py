"""The JSON form, field by field."""

from __future__ import annotations

from tests.summary.group_forms.conftest import Rendered, golden


def test_object(rendered: Rendered) -> None:
    """The object stands as in the golden file."""
    made = rendered("json", "canal").decode()
    assert made == golden("json.json", made)
