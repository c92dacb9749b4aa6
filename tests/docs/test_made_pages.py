"""The pages and schemas that are made from the source are as the source has them now."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from docs import make_schemas, make_sources
from reflect.bank import packs, shelf
from tests.data.make_source_hashes import known, shared
from tests.data.make_source_tables import rows

SCHEMA = json.loads((make_schemas.FOLDER / "pack.json").read_text(encoding="utf-8"))
CHECK = Draft202012Validator(SCHEMA)


def _table(path: Path) -> dict[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_the_published_schemas_are_up_to_date() -> None:
    """What `make schemas` would write is what stands in prompts/schema."""
    for path, content in make_schemas.schemas().items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name} is stale; run `make schemas`"


def test_the_key_to_the_sources_is_up_to_date() -> None:
    """What `make schemas` would write is what stands in docs/sources.md."""
    assert make_sources.PAGE.read_text(encoding="utf-8") == make_sources.page(), "run `make schemas`"


def test_the_schema_is_a_schema() -> None:
    """The published schema is itself valid."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", shelf.shipped().values(), ids=lambda path: path.name)
def test_every_shipped_pack_validates(path: Path) -> None:
    """Each of our packs passes the schema that it names in its first line."""
    assert path.read_text(encoding="utf-8").startswith("#:schema ./schema/pack.json\n")
    assert list(CHECK.iter_errors(_table(path))) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("include", "https://example.org/more.toml"),
        ("depth", "bottomless"),
        ("id", "../../x"),
        ("rows", ["KF-10"]),
        ("occasions", []),
        ("text", 7),
    ],
)
def test_what_a_pack_may_not_hold_fails_the_schema(field: str, value: object) -> None:
    """An editor that knows the schema marks what `prompts check` refuses."""
    table = deepcopy(_table(shelf.shipped()["roles"]))
    prompts = table["prompt"]
    assert isinstance(prompts, list)
    prompts[0][field] = value
    assert len(list(CHECK.iter_errors(table))) == 1


def test_every_row_and_every_prompt_stands_in_the_key() -> None:
    """The key lists each row that a prompt rests on and each prompt of the bank, and the row that is left out."""
    page = make_sources.page()
    for path in shelf.shipped().values():
        for prompt in packs.read(path).prompt:
            assert f"[{prompt.id}](" in page
            assert all(f"\n| {row} | " in page for row in prompt.rows)
    assert "| IVAR-Q07 |" not in page
    assert "IVAR-Q07 stands in its document as an example of what not to ask" in page
    assert {source.prefix for source in make_sources.SOURCES} == {each.document for each in rows().values()}


def test_the_key_is_in_our_own_words() -> None:
    """Titles aside, the key shares no run of seven words with a source."""
    page = make_sources.page()
    for _, title in packs.DOCUMENTS.values():
        page = page.replace(title, "\n") if title else page
    assert shared(page, known()) == []
