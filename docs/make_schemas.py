"""Writes the published JSON Schemas from the models that check the files, so that editors can complete them.

Run: make schemas
"""

from __future__ import annotations

import json
from pathlib import Path

from reflect.bank.packs import Pack
from reflect.config import our_data
from reflect.exchange import our_json, published
from reflect.themes import codebook

FOLDER = our_data() / "schema"


def schemas() -> dict[Path, str]:
    """Return each schema's file with its content."""
    letters = {FOLDER / name: content for name, content in published.schemas().items()}
    pack = json.dumps(_pack(), ensure_ascii=False, indent=2) + "\n"
    return {FOLDER / "pack.json": pack, FOLDER / "journal.json": our_json.schema()} | letters


def _pack() -> dict[str, object]:
    schema = Pack.model_json_schema()
    themes = [each.id for each in codebook.read(our_data() / "themes.toml").theme]
    occasions = [each.id for each in codebook.read_occasions(our_data() / "occasions.toml").occasion]
    fields = schema["$defs"]["PackPrompt"]["properties"]
    fields["theme"]["examples"] = themes
    fields["also_themes"]["items"]["examples"] = themes
    fields["occasions"]["items"]["examples"] = occasions
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "A pack of questions"}


def main() -> None:
    """Write every schema."""
    for path, content in schemas().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        print(path.relative_to(FOLDER.parent.parent))


if __name__ == "__main__":
    main()
