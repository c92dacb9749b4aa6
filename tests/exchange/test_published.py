"""The published JSON Schemas: up to date, and true of what is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest

from reflect import config
from reflect.exchange import letters, published
from reflect.summary.group_forms import json as form
from reflect.summary.together import GroupSummary
from tests.summary import hub
from tests.summary.group_forms import canal

KEY = "age1" + "q" * 58
INVITATION = letters.Invitation.model_validate(
    {
        "group": "wtamde1c",
        "name": "Canal partners",
        "purpose": "to hear each other",
        "audience": "the partners",
        "keeper": "Dilys",
        "responder": "Priya",
        "respond_by": "2026-12-15",
        "cost": "",
        "fewest": 5,
        "sites": ("North",),
        "glossary": {"INT": "Integrated Neighbourhood Team"},
        "erase_on": "2027-03-31",
        "keys": (KEY,),
    }
)
SHARE = letters.Share.model_validate(
    {
        "group": "wtamde1c",
        "contributor": canal.contributor(1),
        "sequence": 1,
        "contributions": (
            {
                "id": canal.contribution(1),
                "audience": "group",
                "level": "verbatim",
                "words": "Words.",
                "themes": ("funding",),
                "prompt": {"id": "who-waits", "text": "Who waited?"},
                "occasion": "",
                "week": "2026-W33",
                "stance": "",
                "leads_to": "",
                "alone_ok": False,
                "attribution": "",
            },
        ),
        "withdrawn": (canal.contribution(2),),
    }
)
ANSWER = letters.Answer.model_validate(
    {
        "group": "wtamde1c",
        "output": canal.contribution(3),
        "kind": "final",
        "audience": "group",
        "made_on": "2026-11-20",
        "quoted": (canal.contribution(1),),
        "summary": "# Canal partners",
        "answers": ({"point": "Funding", "outcome": "can act", "reply": "From May."},),
    }
)


def schema(name: str) -> Mapping[str, Any]:
    """Return a published schema as it ships."""
    found: Mapping[str, Any] = json.loads((config.our_data() / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", sorted(published.schemas()))
def test_up_to_date(name: str) -> None:
    """What ships is what the models say; when this fails, run `make schemas`."""
    shipped = (config.our_data() / "schema" / name).read_text(encoding="utf-8")
    assert shipped == published.schemas()[name]
    jsonschema.Draft202012Validator.check_schema(json.loads(shipped))


@pytest.mark.parametrize(("name", "letter"), [("invitation", INVITATION), ("share", SHARE), ("answer", ANSWER)])
def test_letters_validate(name: str, letter: letters.Letter) -> None:
    """A letter as it is written is what its schema describes; one with a field more is not."""
    value = json.loads(letters.write(letter))
    jsonschema.validate(value, schema(name))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value | {"more": 1}, schema(name))


@pytest.mark.parametrize(
    "made", [canal.summary(), canal.of_four(), canal.of_theme_marks(), canal.hostile(), hub.summary()]
)
def test_summaries_validate(made: GroupSummary) -> None:
    """A summary's JSON is what its schema describes."""
    jsonschema.validate(json.loads(form.render(made)), schema("summary"))


def test_schema_knows_every_field() -> None:
    """No field of a summary's JSON is missing from its schema."""
    value = json.loads(form.render(canal.summary()))
    known = published.Summary.model_validate(value).model_dump(mode="json", by_alias=True)
    assert known == value


@pytest.mark.parametrize("field", ["group", "themes", "method", "period"])
def test_schema_can_fail(field: str) -> None:
    """A summary without one of its fields is none."""
    value = json.loads(form.render(canal.summary()))
    del value[field]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, schema("summary"))
