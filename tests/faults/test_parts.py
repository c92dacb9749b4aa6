"""Every part of the fault harness, A to J: nothing that was acknowledged is lost, and each part can be seen to fail.

What a machine can't do (watch system calls, make a small disk) is skipped and so said to be
not run, never passed; `.ci/run` installs what is needed and refuses skips.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import commands, counted, crowd, damage, editors, kills, limits, power, sealed, traces
from tests.faults.oracle import Figures

POSIX = pytest.mark.skipif("os.name == 'nt'", reason="these faults are made by means of POSIX systems")
pytestmark = POSIX


def held(figures: Figures) -> Figures:
    """Return the figures of a part in which everything held; one that could not be run is skipped, with why."""
    if figures.not_run:
        pytest.skip(f"part {figures.part} was not run: {figures.not_run}")
    assert figures.faults == []
    assert figures.lost == 0
    assert figures.runs > 0
    return figures


def fell(figures: Figures) -> None:
    """Check that a part found the fault that was planted."""
    if figures.not_run:
        pytest.skip(f"part {figures.part} was not run: {figures.not_run}")
    assert figures.faults


def test_part_a_a_killed_command(tmp_path: Path) -> None:
    """Row 63: `reflect write -` killed at any moment is all or nothing, and what it acknowledged is there."""
    held(kills.one_shot(tmp_path / "home"))


def test_part_b_a_killed_writer(tmp_path: Path) -> None:
    """Row 63: killed forty times amid adding, editing and erasing: all that was acknowledged holds."""
    assert held(kills.loop(tmp_path / "home")).acknowledged >= 500


@pytest.mark.parametrize("case", ["write", "edit", "erase", "import", "backup", "restore", "merge", "migrate"])
def test_part_c_counted_faults(tmp_path: Path, case: str) -> None:
    """Row 53, Row 54, Row 57, Row 63, Row 75: whichever write or sync fails or is the last, nothing is half done."""
    held(counted.fail(tmp_path, only=[case]))


def test_part_c_can_fail(tmp_path: Path) -> None:
    """A command that says it is done when the disk was full is found out."""
    fell(counted.fail(tmp_path, only=["write"], module="tests.faults.says_done"))


@pytest.mark.parametrize("case", power.CASES, ids=lambda case: ", ".join(case.steps))
def test_part_d_power_cuts(case: power.Case) -> None:
    """Row 63, Row 75: after a power cut at any system call the journal is sound and holds all that was acknowledged."""
    figures = held(power.cut(case.steps, case.prepare))
    assert figures.runs >= 200


@pytest.mark.parametrize("plant", power.PLANTS)
def test_part_d_can_fail(plant: str) -> None:
    """Weaker ways of syncing, and saying so before the commit, lose entries, and the part sees it."""
    fell(power.cut(["add", "add"], plant=plant))


def test_part_e_files_that_may_not_grow(tmp_path: Path) -> None:
    """Row 54, Row 55: under a limit on files every command is done or undone, and a second try works."""
    held(limits.small_files(tmp_path))


def test_part_e_a_full_disk(tmp_path: Path) -> None:
    """Row 53, Row 54: on a full disk nothing is saved or erased by halves; with room again both work."""
    held(limits.full_disk(tmp_path))


def test_part_f_several_at_once(tmp_path: Path) -> None:
    """Row 66: four writers and a reader: all eighty entries are stored, once, and nobody meets a lock."""
    held(crowd.together(tmp_path / "home"))


def test_part_f_can_fail(tmp_path: Path) -> None:
    """Row 68: a plain BEGIN fails where somebody else writes between reading and writing, and the part sees it."""
    fell(crowd.together(tmp_path / "home", plant="plain begin"))


def test_part_g_read_only_places(tmp_path: Path) -> None:
    """Row 56: what may not be written is read, writing is refused with 6, and the words are told."""
    held(limits.read_only(tmp_path))


def test_part_h_damaged_journals(tmp_path: Path) -> None:
    """Row 47, Row 48, Row 49, Row 50, Row 51, Row 52, Row 73, Row 74: each is named, left as it is, helped."""
    assert held(damage.every(tmp_path)).runs >= 12


def test_part_i_erased_words(tmp_path: Path) -> None:
    """What was erased is in no byte of any file: words, wordings, names, thoughts, actions, marks, drafts, copies."""
    assert held(traces.scan(tmp_path)).more["erased words found"] == 0


def test_part_i_beside_a_reader(tmp_path: Path) -> None:
    """With a reader in the way an erasure is refused whole with 5, and complete once it has gone."""
    held(traces.beside_a_reader(tmp_path / "home"))


def test_part_i_an_encrypted_journal(tmp_path: Path) -> None:
    """Row 76, Row 77: words told to an encrypted journal stand nowhere in plain, also where it can't be opened."""
    assert held(sealed.scan(tmp_path)).more["plain words found"] == 0


def test_part_i_can_find_plain_words(tmp_path: Path) -> None:
    """In a journal that is not encrypted every word is found."""
    fell(sealed.scan(tmp_path, encrypts=False))


@pytest.mark.parametrize("plant", ["not overwritten", "index not rebuilt"])
def test_part_i_can_fail(tmp_path: Path, plant: str) -> None:
    """Without overwriting, or with the old index, erased words are found."""
    fell(traces.planted(tmp_path, plant))


def test_part_j_editors(tmp_path: Path) -> None:
    """Row 64: whatever an editor does, the words are stored or in a draft that is named, and nowhere else."""
    assert held(editors.every(tmp_path)).more["words outside our folders"] == 0


def test_part_j_can_fail(tmp_path: Path) -> None:
    """Editing in the shared temp folder loses words and leaves some there, and the part sees it."""
    fell(editors.every(tmp_path, module="tests.faults.edits_in_temp"))


def test_no_traceback_and_no_strange_exit_code() -> None:
    """Of all the commands that the parts above ran in this process, none showed a traceback or a code we don't have."""
    assert (commands.COUNTED.tracebacks, commands.COUNTED.strange) == (0, 0)
