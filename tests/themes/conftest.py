"""The suggester as it ships."""

from __future__ import annotations

import json

import pytest

from reflect import config
from reflect.themes import codebook, suggest


@pytest.fixture(scope="session")
def table() -> suggest.Table:
    """The compiled codebook as it is kept in a journal."""
    data = config.our_data()
    learnt = json.loads((data / "learnt.json").read_bytes())
    return json.loads(json.dumps(suggest.compiled(codebook.read(data / "themes.toml"), learnt)))
