"""Writes the published JSON Schemas from the models that check the files, so that editors can complete them.

Run: make schemas
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from reflect.bank.lenses import Lenses
from reflect.bank.packs import Pack
from reflect.config import our_data
from reflect.exchange import our_json, published
from reflect.session import plans
from reflect.session.script import Script
from reflect.themes import codebook

if TYPE_CHECKING:
    from pydantic import BaseModel

FOLDER = our_data() / "schema"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[Path, str]:
    """Return each schema's file with its content."""
    ours = {
        "pack.json": _pack(),
        "lenses.json": _schema(Lenses, "Lenses"),
        "plan.json": _plan(),
        "step.json": _schema(plans.Kind, "A kind of step"),
        "script.json": _schema(Script, "A session from a file"),
        "journal.json": our_json.schema(),
    }
    texts = {name: json.dumps(each, ensure_ascii=False, indent=2) + "\n" for name, each in ours.items()}
    return {FOLDER / name: text for name, text in (texts | dict(published.schemas())).items()}


def _schema(kind: type[BaseModel], title: str) -> dict[str, object]:
    return {"$schema": _DRAFT, **kind.model_json_schema(), "title": title}


def _plan() -> dict[str, object]:
    schema = plans.Plan.model_json_schema()
    schema["$defs"]["Step"]["properties"]["kind"]["enum"] = list(plans.kinds())
    return {"$schema": _DRAFT, **schema, "title": "A plan of a session"}


def _pack() -> dict[str, object]:
    schema = Pack.model_json_schema()
    themes = [each.id for each in codebook.read(our_data() / "themes.toml").theme]
    occasions = [each.id for each in codebook.read_occasions(our_data() / "occasions.toml").occasion]
    fields = schema["$defs"]["PackPrompt"]["properties"]
    fields["theme"]["examples"] = themes
    fields["also_themes"]["items"]["examples"] = themes
    fields["occasions"]["items"]["examples"] = occasions
    return {"$schema": _DRAFT, **schema, "title": "A pack of questions"}


def main() -> None:
    """Write every schema."""
    for path, content in schemas().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        print(path.relative_to(FOLDER.parent.parent))


if __name__ == "__main__":
    main()
