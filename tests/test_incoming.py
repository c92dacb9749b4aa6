"""Moving in: sums that add up, all or nothing, twice is once, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reflect import ids, incoming
from reflect.actions import Actions, Seen
from reflect.consent import Consent, Terms
from reflect.errors import Refused
from reflect.exchange.letters import Invitation
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters, Meeting
from reflect.revisit import Revisit
from reflect.store import batches, engine, entries, migrations
from reflect.undo import Undo
from tests.conftest import bytes_under
from tests.exchange.importers.test_dayone import ONE
from tests.exchange.importers.test_dayone import journal as day_one
from tests.exchange.importers.test_jrnl import TWO
from tests.moving import another, brought, exported, looked, members, silent, wishes
from tests.people import AGREEMENT


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A journal of jrnl with two entries."""
    (tmp_path / "journal.txt").write_text(TWO)
    return tmp_path / "journal.txt"


def invitation() -> Invitation:
    """Return an invitation to a group."""
    return Invitation(group="g" * 8, keys=("age1" + "q" * 58,), **AGREEMENT)


def rows(journal: Journal) -> dict[str, list[tuple[object, ...]]]:
    """Return everything a journal holds, table by table, but what is kept ready."""
    with journal.reading() as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: sorted(map(tuple, db.execute(f"SELECT * FROM {table}")), key=repr)  # noqa: S608
            for table in tables
            if table != "kept" and "_fts" not in table and not table.startswith(("sqlite", "_sqlite"))
        }


# -- sums -----------------------------------------------------------------------------------------


def test_a_look_changes_nothing(journal: Journal, two: Path) -> None:
    """Looking at a file says what it would bring, and leaves the journal as it is."""
    before = rows(journal)
    plan = looked(journal, "jrnl", two)
    assert (plan.read, len(plan.new), plan.here, len(plan.refusals)) == (2, 2, 0, 0)
    assert rows(journal) == before


def test_entries_are_stored_whole(journal: Journal, two: Path) -> None:
    """What came in is found by its words, its tags, its day, and has its checksum."""
    _, done = brought(journal, "jrnl", two)
    assert done.entries == 2
    newest, oldest = journal.find(Filters())
    assert (newest.text, newest.tags) == ("Short one", ("starred",))
    assert oldest.happened_at == oldest.written_at == "2026-11-19T15:00:00+00:00"
    assert [each.entry.id for each in journal.search("decides", Filters())] == [oldest.id]
    assert [each.id for each in journal.find(Filters(tag="money", since="2026-11-19", until="2026-11-19"))] == [
        oldest.id
    ]
    with journal.reading() as db:
        assert list(entries.broken(db)) == []
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_the_same_file_twice_changes_nothing(journal: Journal, two: Path) -> None:
    """A second import has nothing new, in whatever form the journal comes, and leaves no trace (Row 27)."""
    brought(journal, "jrnl", two)
    before = rows(journal)
    plan = looked(journal, "jrnl", two)
    assert (plan.read, len(plan.new), plan.here, plan.brings_something) == (2, 0, 2, False)
    assert rows(journal) == before


def test_an_entry_that_was_edited_here_is_not_brought_in_again(journal: Journal, two: Path) -> None:
    """What became of an entry here stays, when the file comes again."""
    brought(journal, "jrnl", two)
    entry = next(iter(journal.find(Filters())))
    journal.edit(entry, from_text("Quite other words."))
    assert looked(journal, "jrnl", two).here == 2


def test_a_longer_file_brings_what_is_new(journal: Journal, two: Path) -> None:
    """When the other journal went on, only its new entries come."""
    brought(journal, "jrnl", two)
    two.write_text(TWO + "\n[2026-11-20 12:00] Later.\n")
    plan, _ = brought(journal, "jrnl", two)
    assert (plan.read, len(plan.new), plan.here) == (3, 1, 2)
    assert journal.size() == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.data())
def test_sums_add_up(journal: Journal, tmp_path: Path, data: st.DataObject) -> None:
    """For all files: read is new and already here and refused, and as many entries come as were new."""
    days = data.draw(st.lists(st.sampled_from(["2026-01-01", "2026-01-02", "2026-02-30", "x"]), max_size=8))
    found = [{"title": f"T{number % 3}", "date": day, "time": "10:00"} for number, day in enumerate(days)]
    path = tmp_path / "j.json"
    path.write_text(json.dumps({"entries": found}))
    before = journal.size()
    plan, done = brought(journal, "jrnl-json", path)
    assert plan.read == len(found) == len(plan.new) + plan.here + len(plan.refusals)
    assert journal.size() == before + done.entries == before + len(plan.new)


def test_all_or_nothing(journal: Journal, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last step fails, nothing of an import is there (Row 63)."""
    journal.write(from_text("Before."), Details())
    before = rows(journal)
    plan = looked(journal, "jrnl", two)

    def fail(*_: object) -> None:
        raise engine.database_errors()[0]("disk I/O error")

    monkeypatch.setattr(batches, "note", fail)
    with pytest.raises(Exception, match="disk"):
        incoming.bring_in(journal, plan, silent)
    assert rows(journal) == before
    assert [each.entry.text for each in journal.search("board", Filters())] == []


def test_another_process_brought_it_in_meanwhile(journal: Journal, two: Path) -> None:
    """Between looking and storing another reflect may bring the same file in; nothing comes twice."""
    plan = looked(journal, "jrnl", two)
    brought(journal, "jrnl", two)
    done = incoming.bring_in(journal, plan, silent)
    assert (done.entries, journal.size()) == (0, 2)


def test_a_copy_is_made_before(journal: Journal, two: Path) -> None:
    """A journal that holds entries is copied before an import, an empty one is not."""
    brought(journal, "jrnl", two)
    assert not journal.places.backups.exists()
    two.write_text(TWO + "\n[2026-11-20 12:00] Later.\n")
    brought(journal, "jrnl", two)
    assert len(list(journal.places.backups.glob("*before-import*.db"))) == 1


# -- the index ------------------------------------------------------------------------------------


@pytest.mark.parametrize("already", [0, 30])
def test_few_entries_into_a_long_journal_are_found_too(journal: Journal, two: Path, already: int) -> None:
    """Whether the index is made anew or added to, every word is found, and the index is sound."""
    for number in range(already):
        journal.write(from_text(f"Entry number {number}."), Details())
    brought(journal, "jrnl", two)
    assert len(list(journal.search("decides", Filters()))) == 1
    assert len(list(journal.search("number", Filters()))) == already
    with journal.reading() as db:
        db.execute("INSERT INTO entry_fts (entry_fts) VALUES ('integrity-check')")


def test_a_large_import_leaves_the_index_as_others_expect_it(journal: Journal, tmp_path: Path) -> None:
    """The memory lent to the index for many entries is not noted in the file."""
    text = "".join(
        f"[2026-01-{1 + n // 60 // 24:02} {n // 60 % 24:02}:{n % 60:02}] Entry {n}.\n\n" for n in range(1200)
    )
    (tmp_path / "many.txt").write_text(text)
    ticks: list[tuple[str, int, int]] = []
    plan = looked(journal, "jrnl", tmp_path / "many.txt")
    done = incoming.bring_in(journal, plan, lambda *tick: ticks.append(tick), suggest=False)
    assert (done.entries, done.suggested) == (1200, False)
    assert ("Storing", 1000, 1200) in ticks
    with journal.reading() as db:
        assert dict(db.execute("SELECT k, v FROM entry_fts_config").fetchall()) == {"version": 4}
        assert db.execute("PRAGMA cache_size").fetchone()[0] == -2000
    assert len(list(journal.search("entry", Filters()))) == 1200


# -- themes ---------------------------------------------------------------------------------------


def test_themes_are_suggested_for_a_few(journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small import has its themes suggested at once; a large one is told that they are not."""
    (tmp_path / "a.txt").write_text("[2026-11-19 15:00] The funder holds the grant and the budget.\n")
    _, done = brought(journal, "jrnl", tmp_path / "a.txt")
    assert done.suggested
    (entry,) = journal.find(Filters())
    assert "funding" in [theme.id for theme in entry.themes]
    monkeypatch.setattr(incoming, "SUGGEST_AT_ONCE", 0)
    (tmp_path / "b.txt").write_text("[2026-11-19 16:00] The funder holds the grant and the budget.\n")
    assert not brought(journal, "jrnl", tmp_path / "b.txt")[1].suggested
    assert brought(journal, "jrnl", tmp_path / "b.txt", suggest=True)[1].entries == 0


# -- the same id with other words -----------------------------------------------------------------


def test_the_same_id_with_other_words_keeps_both(journal: Journal, tmp_path: Path) -> None:
    """An entry that changed where it came from is brought in beside the one that is here, once (Row 28)."""
    path = tmp_path / "J.json"
    path.write_text(day_one(ONE))
    brought(journal, "dayone", path)
    (here,) = journal.find(Filters())
    path.write_text(day_one(ONE | {"text": "Changed in Day One."}))
    plan, _ = brought(journal, "dayone", path)
    assert [pair.here for pair in plan.pairs] == [here.id]
    assert {each.text for each in journal.find(Filters())} == {here.text, "Changed in Day One."}
    again = looked(journal, "dayone", path)
    assert (len(again.new), again.here, again.pairs) == (0, 1, [])


def test_one_file_with_an_id_twice(journal: Journal, tmp_path: Path) -> None:
    """Two entries with one id in a file: both are kept when their words differ, one when they don't."""
    path = tmp_path / "J.json"
    path.write_text(day_one(ONE, ONE | {"text": "Other."}, ONE))
    plan, done = brought(journal, "dayone", path)
    assert (plan.read, done.entries, plan.here, len(plan.pairs)) == (3, 2, 1, 1)


def test_an_id_of_ours_with_other_words_gets_a_new_one(journal: Journal, tmp_path: Path) -> None:
    """Our own JSON with a changed entry: both wordings are here, under two ids."""
    entry = journal.write(from_text("As it was."), Details()).entry
    path = tmp_path / "j.json"
    path.write_text(exported(journal).replace("As it was.", "As it became."))
    plan, _ = brought(journal, "reflect", path)
    assert [pair.here for pair in plan.pairs] == [entry.id]
    assert {each.text for each in journal.find(Filters())} == {"As it was.", "As it became."}
    assert looked(journal, "reflect", path).here == 1


def test_an_earlier_wording_is_here_already(journal: Journal, tmp_path: Path) -> None:
    """An older export, whose words are a version here, brings nothing."""
    entry = journal.write(from_text("As it was."), Details()).entry
    (tmp_path / "j.json").write_text(exported(journal))
    journal.edit(entry, from_text("As it became."))
    plan = looked(journal, "reflect", tmp_path / "j.json")
    assert (plan.here, plan.new) == (1, [])


def test_what_was_erased_stays_erased(journal: Journal, tmp_path: Path) -> None:
    """An export made before an erasure does not bring the entry back, and says so (Row 43)."""
    entry = journal.write(from_text("Words of a secretive lapwing."), Details()).entry
    journal.write(from_text("Others."), Details())
    (tmp_path / "j.json").write_text(exported(journal))
    journal.erase(entry)
    plan = looked(journal, "reflect", tmp_path / "j.json")
    assert [(each.stops, "erased" in each.why) for each in plan.refusals] == [(False, True)]
    assert plan.read == 2 == plan.here + len(plan.refusals)
    assert not plan.brings_something
    assert b"lapwing" not in bytes_under(journal.places.home)


def test_tombstones_travel(journal: Journal, tmp_path: Path) -> None:
    """A journal that moves house remembers what was erased; one that still has the entry keeps it."""
    entry = journal.write(from_text("Gone."), Details()).entry
    with another(journal, tmp_path / "other") as other:
        (tmp_path / "before.json").write_text(exported(journal))
        brought(other, "reflect", tmp_path / "before.json")
        journal.erase(entry)
        (tmp_path / "after.json").write_text(exported(journal))
        brought(other, "reflect", tmp_path / "after.json")
        assert other.size() == 1
    with another(journal, tmp_path / "third") as third:
        brought(third, "reflect", tmp_path / "after.json")
        assert looked(third, "reflect", tmp_path / "before.json").refusals[0].why.startswith("it was erased")


# -- the way back ---------------------------------------------------------------------------------


def test_an_import_can_be_taken_back(journal: Journal, two: Path) -> None:
    """Undo takes out just what one import brought, its words too, and the file can come in again."""
    journal.write(from_text("Mine, before."), Details())
    before = rows(journal)
    plan, _ = brought(journal, "jrnl", two)
    (undone,) = Undo(journal).back()
    assert undone.step.kind == "import"
    after = rows(journal)
    del before["undo"], after["undo"]
    assert after == before
    assert b"decides" not in journal.places.database.read_bytes()
    assert incoming.bring_in(journal, plan, silent).entries == 2


def test_entries_that_changed_since_go_too(journal: Journal, two: Path) -> None:
    """Step by step: first what was done to the entries, then the import itself."""
    brought(journal, "jrnl", two)
    entry = next(iter(journal.find(Filters())))
    journal.edit(entry, from_text("New words."))
    Undo(journal).back(2)
    assert journal.size() == 0


def test_what_was_shared_is_not_taken_out(journal: Journal, two: Path) -> None:
    """A batch with words that left this journal stays: those are withdrawn or erased, not undone."""
    _, done = brought(journal, "jrnl", two)
    entry = next(iter(journal.find(Filters())))
    with journal.change() as db:
        db.execute(
            "INSERT INTO sent VALUES ('c', 'g', NULL, ?, 'group', '2026-11-20T16:00:00+00:00', '', 0)", (entry.id,)
        )
    with pytest.raises(Refused, match="has been shared"), journal.change() as db:
        batches.take_out(db, done.batch)
    assert journal.size() == 2


# -- our own JSON restores an identical journal ---------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40).map(
    lambda text: from_text("w" + text).text
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "edit", "theme", "tag", "mark", "unmark", "look", "offer", "close", "erase", "undo"]),
        st.integers(0, 50),
        WORDS,
    ),
    min_size=1,
    max_size=12,
)


TRAVELS = {
    *("entry", "version", "tag", "choice", "suggestion", "mark", "layer", "revisit", "meeting", "action", "outcome"),
    *("batch", "batch_entry", "served", "bank_change", "membership", "sent", "came_back", "erased"),
}
"""Tables that our own JSON brings to another home; of imports, only those that had been before."""

STAYS = {"undo", "undo_label", "calendar", "passed"}
"""Tables that mean something on one computer only: steps back, where calendars lie, meetings nobody looks back on."""


def unnumbered(table: str, found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return rows without the number that SQLite gives them, where it means nothing to anybody."""
    return sorted(row[1:] for row in found) if table in ("outcome", "bank_change") else found


def take(journal: Journal, step: str, number: int, words: str) -> None:  # noqa: C901 - one branch for each step
    """Do one thing that a person does with a journal."""
    there = list(journal.find(Filters()))
    entry = there[number % len(there)] if there else None
    if step == "write" or entry is None:
        prompt = journal.prompts()[number] if number % 2 else None
        tags = (f"t{number % 5}", "lens-power") if number % 2 else (f"t{number % 5}",)
        taken = from_text(words + ("\n-> ring them by Friday" if number % 3 == 0 else ""))
        spans = [(0, 1), *[None] * (len(prompt.parts) - 1)] if prompt and number % 4 == 1 else None
        met = Meeting(f"uid {number}", "", "2026-11-20T15:00:00+00:00", "2026-11-20T16:00:00+00:00")
        about = Details(
            about=f"A{number % 3}",
            tags=tags,
            at="" if number % 2 else "1/2/2026",
            meeting=met if number % 6 == 5 else None,
        )
        journal.write(taken, about, prompt, spans)
    elif step == "edit":
        journal.edit(entry, from_text(words))
    elif step == "theme":
        journal.retheme(entry, ["voice"] if number % 2 else [], ["funding"])
    elif step == "tag":
        journal.retag(entry, [f"t{number % 7}"], [f"t{number % 5}"])
    elif step == "mark":
        level = ("theme", "verbatim", "reworded")[number % 3]
        terms = Terms(
            audience=("group", "funder", "public")[number % 3],
            purpose=words if number % 2 else "",
            level=level,
            attribution="Len" if number % 4 == 1 else "",
            words=words if level == "reworded" else "",
            stance=("", "gain", "loss", "differs")[number % 4],
            leads_to=words if number % 5 == 1 else "",
            alone_ok=bool(number % 2),
        )
        Consent(journal).mark(entry, [(0, len(entry.text))], terms)
    elif step == "unmark" and Consent(journal).marks(entry):
        Consent(journal).unmark(entry)
    elif step == "look":
        kind = ("still", "changed", "act", "let-go")[number % 4]
        do = "write to them" if kind == "act" else ""
        Revisit(journal).answer(entry, kind, from_text(words), do=do)
    elif step == "offer":
        journal.offer("ring " + str(number), due="1/12/2026" if number % 2 else "", entry=entry if number % 3 else None)
    elif step == "close" and (found := journal.actions()):
        state = ("kept", "dropped")[number % 2]
        Actions(journal).close(
            ids.shown(found[0].id),
            state,
            "because",
            Seen(for_whom="the tenants", seen="they came", expected="yes", helped="no"),
        )
    elif step == "erase":
        journal.erase(entry)
    elif step == "undo":
        try:
            Undo(journal).back()
        except Refused as refused:
            assert refused.why  # noqa: PT017 - some steps can't be taken back, which is right


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(STEPS)
def test_our_own_json_makes_an_identical_journal(
    tmp_path_factory: pytest.TempPathFactory, journal: Journal, steps
) -> None:
    """For all that a person does: what is exported, brought into an empty home and exported again is the same.

    Nothing is missing in the new journal: every row of every table is there, but what only this one did.
    """
    folder = tmp_path_factory.mktemp("moved")
    with another(journal, folder / "one") as one, another(journal, folder / "other") as other:
        for step in steps:
            take(one, *step)
        first = exported(one)
        (folder / "journal.json").write_text(first)
        brought(other, "reflect", folder / "journal.json")
        assert exported(other) == first
        mine, theirs = rows(one), rows(other)
        for table in TRAVELS - {"batch", "batch_entry"}:
            assert unnumbered(table, theirs[table]) == unnumbered(table, mine[table]), table
        again = looked(other, "reflect", folder / "journal.json")
        assert not again.brings_something


def test_of_each_table_it_is_known_whether_it_travels(journal: Journal) -> None:
    """Whoever adds a table to the journal decides whether it moves house with it."""
    assert set(rows(journal)) == TRAVELS | STAYS


def test_a_journal_with_groups_and_imports_moves_house(journal: Journal, two: Path, tmp_path: Path) -> None:
    """Memberships, what was sent, questions served and where entries came from travel, too."""
    brought(journal, "jrnl", two)
    Consent(journal).join(invitation())
    entry = next(iter(journal.find(Filters())))
    (mark,) = Consent(journal).mark(entry, [(0, 5)], Terms())
    with journal.change() as db:
        db.execute(
            "INSERT INTO sent VALUES ('c', 'g', ?, ?, 'group', '2026-11-20T16:00:00+00:00', '', 1)", (mark.id, entry.id)
        )
        db.execute("INSERT INTO came_back VALUES ('g', 'o', 'group', '2026-11-20', '{}')")
    prompt = journal.prompts()[0]
    journal.serve([prompt])
    journal.retire(prompt.id, who="Dilys", why="too long")
    (tmp_path / "j.json").write_text(exported(journal))
    with another(journal, tmp_path / "other") as other:
        brought(other, "reflect", tmp_path / "j.json")
        assert exported(other) == exported(journal)
        assert looked(other, "jrnl", two).here == 2
        assert [each.contributor for each in Consent(other).memberships()] == [
            each.contributor for each in Consent(journal).memberships()
        ]


def test_a_used_journal_keeps_its_own_groups(journal: Journal, tmp_path: Path) -> None:
    """Into a journal that is in use only entries and actions come, and it is told."""
    with another(journal, tmp_path / "other") as other:
        Consent(other).join(invitation())
        other.write(from_text("Theirs."), Details())
        (tmp_path / "j.json").write_text(exported(other))
    journal.write(from_text("Mine."), Details())
    plan, done = brought(journal, "reflect", tmp_path / "j.json")
    assert done.entries == 1
    assert "this journal has its own" in plan.remarks[-1]
    assert Consent(journal).memberships() == []


def test_actions_come_with_their_entries_and_go_with_the_import(journal: Journal, tmp_path: Path) -> None:
    """Actions of our own JSON are new once, and undoing the import takes out those it brought."""
    with another(journal, tmp_path / "other") as other:
        entry = other.write(from_text("Theirs."), Details()).entry
        other.offer("ring them", entry=entry)
        other.offer("sleep more")
        (tmp_path / "j.json").write_text(exported(other))
    journal.offer("mine")
    _, done = brought(journal, "reflect", tmp_path / "j.json")
    assert (done.entries, done.actions) == (1, 2)
    assert not looked(journal, "reflect", tmp_path / "j.json").brings_something
    Undo(journal).back()
    assert [each.text for each in journal.actions()] == ["mine"]


def test_a_part_of_a_journal_moves_alone(journal: Journal, tmp_path: Path) -> None:
    """A filtered export holds its entries and their actions, and nothing of the rest."""
    kept = journal.write(from_text("About money."), Details(tags=("money",))).entry
    other = journal.write(from_text("Not this."), Details()).entry
    journal.offer("with it", entry=kept)
    journal.offer("without", entry=other)
    made = json.loads(exported(journal, filters=Filters(tag="money")))
    assert [each["text"] for each in made["entries"]] == ["About money."]
    assert [each["text"] for each in made["actions"]] == ["with it"]
    assert set(made) == {"reflect", "format", "entries", "actions"}


def test_our_own_markdown_is_known_again(journal: Journal, tmp_path: Path) -> None:
    """A folder that this journal wrote brings nothing; into another home its entries come with their ids."""
    entry = journal.write(from_text("# A heading\n\nWords #notatag"), Details(about="Board", tags=("a b",))).entry
    Revisit(journal).answer(entry, "still", from_text("Still so."))
    for name, content in members(journal).items():
        (tmp_path / "md" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "md" / name).write_text(content)
    plan = looked(journal, "markdown", tmp_path / "md")
    assert (plan.here, len(plan.new)) == (1, 0)
    with another(journal, tmp_path / "other") as other:
        plan, _ = brought(other, "markdown", tmp_path / "md")
        assert plan.left_out == {"later thoughts (they come with reflect's own JSON)": 1}
        (found,) = other.find(Filters())
        assert (found.id, found.text, found.about, found.happened_at) == (
            entry.id,
            entry.text,
            entry.about,
            entry.happened_at,
        )


def test_a_folder_without_files_of_the_format(journal: Journal, tmp_path: Path) -> None:
    """A folder with nothing to read is refused, with what was looked for."""
    (tmp_path / "x.png").write_bytes(b"x")
    with pytest.raises(Refused, match="nothing to read") as refused:
        looked(journal, "markdown", tmp_path)
    assert ".md" in refused.value.why


def test_wishes_reach_the_reader(journal: Journal, two: Path) -> None:
    """Zone and tags of the import are on every entry."""
    from reflect.exchange.stamps import Clock

    brought(journal, "jrnl", two, clock=Clock("Asia/Tokyo", ""), tags=("jrnl",))
    for entry in journal.find(Filters()):
        assert entry.happened_at.endswith("+09:00")
        assert "jrnl" in entry.tags
    assert wishes(journal).tags == ()
    assert migrations.a_journal().schema == engine.SCHEMA
