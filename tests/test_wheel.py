"""The wheel: built, installed elsewhere, and used from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from reflect import __version__

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout with what is installed here."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(REPOSITORY)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, installed into a folder of its own."""
    folder = tmp_path_factory.mktemp("blanks and é")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-index", "--no-deps", "--target", str(folder), str(wheel)),
        ],
        check=True,
    )
    return folder


def run_installed(installed: Path, elsewhere: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed package, and none other, from another folder."""
    environment = os.environ | {
        "PYTHONPATH": str(installed),
        "REFLECT_HOME": str(elsewhere / "home"),
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        [sys.executable, *words],
        cwd=elsewhere,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_name_and_version(wheel: Path) -> None:
    """The distribution is reflect-journal at the version the package says."""
    assert wheel.name == f"reflect_journal-{__version__}-py3-none-any.whl"


def test_holds_the_package_and_its_data_and_nothing_else(wheel: Path) -> None:
    """Every pack, the codebook, the sample and the code are in it; no test, no benchmark, no cache."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in (REPOSITORY / "prompts").rglob("*.*"):
        assert f"reflect/{path.relative_to(REPOSITORY)}" in names
    for path in (REPOSITORY / "reflect").rglob("*.py"):
        assert str(path.relative_to(REPOSITORY)) in names
    assert "reflect/py.typed" in names
    made = f"reflect_journal-{__version__}"
    assert {name.split("/")[0] for name in names} == {"reflect", f"{made}.dist-info", f"{made}.data"}
    assert not [name for name in names if name.endswith(".pyc")]


def test_installs_the_command(installed: Path) -> None:
    """The command is called reflect."""
    assert [path.stem for path in (installed / "bin").iterdir()] == ["reflect"]


def test_data_is_found_in_the_packages_own_place(installed: Path, tmp_path: Path) -> None:
    """An installed package reads its own packs, not those of a checkout that happens to be near."""
    (tmp_path / "prompts").mkdir()
    code = "import reflect.config as c; print(c.__file__); print(c.our_data())"
    module, data = run_installed(installed, tmp_path, "-c", code).stdout.splitlines()
    assert Path(module) == installed / "reflect" / "config.py"
    assert Path(data) == installed / "reflect" / "prompts"


def test_tours_from_another_folder(installed: Path, tmp_path: Path) -> None:
    """The tour of the installed package runs to its end in a folder that has nothing to do with it."""
    done = run_installed(installed, tmp_path, "-m", "reflect", "tour")
    assert done.returncode == 0, done.stderr
    assert "How it was made" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_does_the_main_job_from_an_empty_home(installed: Path, tmp_path: Path) -> None:
    """A question, an entry, a search and a summary work with the installed package alone."""
    assert '"flags"' in run_installed(installed, tmp_path, "-m", "reflect", "ask", "--json").stdout
    saved = run_installed(installed, tmp_path, "-m", "reflect", "write", "-", stdin="The funder decided.")
    assert saved.stdout.startswith("Saved "), saved.stderr
    assert "funder" in run_installed(installed, tmp_path, "-m", "reflect", "search", "funder").stdout
    assert "1 entry" in run_installed(installed, tmp_path, "-m", "reflect", "summary").stdout


def test_the_man_page_comes_with_the_wheel(wheel: Path) -> None:
    """Installed into an environment, `man reflect` finds the page of this very version."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if ".data/" in each)
        assert name.endswith(".data/data/share/man/man1/reflect.1")
        assert archive.read(name) == (REPOSITORY / "docs" / "man" / "reflect.1").read_bytes()
