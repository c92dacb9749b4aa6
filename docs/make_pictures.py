"""Makes the pictures of the README anew: the sample group's summary, and a check-in on screen and phone.

Run: make pictures (it needs LibreOffice, pdftoppm and Chromium)
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from reflect.session.pace import Pace

if TYPE_CHECKING:
    from reflect.session.room import Room

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
GUIDE = DOCS / "for-learning-leads.md"
UP_TO = "## Answer"
"""What the guide does from here on changes nothing that is shown."""

NOW = "2026-11-20T16:00:00+00:00"
LARGEST = 150_000
"""Bytes of one picture."""

COLOURS = 48
WIDTH, DOTS = 760, 92
PAGE_OF_SUMMARY = "The full summary"


def led(folder: Path) -> None:
    """Follow the guide up to the final summary, and have that as a page, too."""
    lines = re.findall(
        r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8").split(UP_TO)[0], re.DOTALL | re.MULTILINE
    )
    last = re.findall(r"reflect summary(?:(?!reflect ).)*-o final\.docx", "".join(lines), re.DOTALL)[-1]
    commands = folder / ".bin"
    commands.mkdir()
    for name, words in (("reflect", f'"{sys.executable}" -m reflect'), ("python3", f'"{sys.executable}"')):
        (commands / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o700)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REFLECT")}
    environment |= {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(DOCS.parent),
        "REFLECT_NOW": NOW,
        "REFLECT_SEED": "pictures",
        "TZ": "Europe/London",
    }
    script = "set -e\n" + "".join(lines) + last.replace("final.docx", "final.html") + "\n"
    run("bash", "-c", script, cwd=folder, env=environment)


def run(program: str, *words: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a program of the system's and return what it says, or say that it is missing."""
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is not here, and it is needed")
    done = subprocess.run([found, *words], cwd=cwd, env=env, check=True, stdout=subprocess.PIPE)  # noqa: S603 - ours
    return done.stdout.decode()


def pages(document: Path) -> list[Image.Image]:
    """Return a Word file's pages as LibreOffice lays them out."""
    profile = f"-env:UserInstallation={(document.parent / 'profile').as_uri()}"
    run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(document.parent), str(document))
    run("pdftoppm", "-png", "-r", str(DOTS), str(document.with_suffix(".pdf")), str(document.parent / "page"))
    return [Image.open(path) for path in sorted(document.parent.glob("page-*.png"))]


def page_that_says(document: Path, words: str) -> int:
    """Return the number of the first page that holds these words, counted from nought."""
    told = run("pdftotext", str(document.with_suffix(".pdf")), "-").split("\f")
    return next(number for number, page in enumerate(told) if words in page)


def browser(page: Path) -> Image.Image:
    """Return what Chromium shows first of a page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        view = chromium.new_page(viewport={"width": 1000, "height": 1300})
        view.goto(page.as_uri())
        shown = view.screenshot()
        chromium.close()
    return Image.open(io.BytesIO(shown))


def check_in(folder: Path) -> Room:
    """Begin a check-in of five people, up to its round."""
    from reflect.bank import packs, shelf
    from reflect.session import plans, room

    now = datetime.fromisoformat(NOW)
    plan = plans.read(plans.shipped()["check-in"])
    bank = [prompt for path in shelf.shipped().values() for prompt in packs.read(path).prompts()]
    names = ("Amara", "Len", "Priya", "Dilys")
    group = room.team(folder, now)
    return room.begin(group, plan, plans.questions(plan, bank, {}, "pictures"), now, names=names, seed="pictures")


def phones(here: Room, pace: Pace) -> Image.Image:
    """Return three moments on a phone beside each other: joining, writing, and one's own turn."""
    from playwright.sync_api import sync_playwright

    from reflect.session.page.serve import Page

    seen = []
    with Page(here, pace, "127.0.0.1") as page, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = chromium.new_page(viewport={"width": 390, "height": 700}, device_scale_factor=2)
        tab.goto(page.link)
        tab.get_by_label("A name to be called by").fill("Joel")
        seen.append(tab.screenshot())
        tab.get_by_role("button", name="Join").click()
        tab.wait_for_url("**/p/*")
        here.do("start", pace.now())
        here.do("next", pace.now())
        tab.reload()
        tab.get_by_label("Write here").fill("Nobody asked the carers about the Tuesday.")
        seen.append(tab.screenshot())
        tab.get_by_role("button", name="Save").click()
        tab.get_by_text("Saved").first.wait_for()
        here.do("next", pace.now())
        while here.view(pace.now()).speaker.name != "Joel":
            here.do("next", pace.now())
        tab.reload()
        tab.evaluate("scrollTo(0, 0)")
        seen.append(tab.screenshot())
        chromium.close()
    views = [Image.open(io.BytesIO(each)).convert("RGB") for each in seen]
    gap = 24
    width = sum(each.width for each in views) + gap * (len(views) - 1)
    beside = Image.new("RGB", (width, views[0].height), "#9aa7b4")
    for number, view in enumerate(views):
        beside.paste(view, (number * (view.width + gap), 0))
    return beside


def host_screen(here: Room, pace: Pace, folder: Path) -> Image.Image:
    """Return the host's screen in the round, as a terminal of 80 by 24 shows it."""
    from playwright.sync_api import sync_playwright

    from reflect.session.screen import HostScreen

    screen = HostScreen(here, pace)

    async def shown() -> str:
        async with screen.run_test(size=(80, 24)) as pilot:
            await pilot.pause(0.5)  # the footer comes a moment later
            return screen.export_screenshot(title="reflect checkin")

    drawn = folder / "screen.svg"
    drawn.write_text(asyncio.run(shown()), encoding="utf-8")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = chromium.new_page(viewport={"width": 1000, "height": 700})
        tab.goto(drawn.as_uri())
        found = tab.locator("svg").screenshot()
        chromium.close()
    return Image.open(io.BytesIO(found))


def store(picture: Image.Image, name: str) -> None:
    """Store a picture small: few colours, and a thin edge, since paper is as white as the page it stands on."""
    height = round(picture.height * WIDTH / picture.width)
    small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    framed = Image.new("RGB", (WIDTH + 2, height + 2), "#9aa7b4")
    framed.paste(small, (1, 1))
    made = io.BytesIO()
    framed.quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    content = made.getvalue()
    if len(content) > LARGEST:
        raise SystemExit(f"{name} has {len(content):,} bytes; at most {LARGEST:,} may be stored")
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / name).write_bytes(content)
    print(f"docs/pictures/{name}  {len(content):,} bytes")


def main() -> None:
    """Make every picture."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        led(folder)
        found = pages(folder / "final.docx")
        store(found[0], "handout.png")
        store(found[page_that_says(folder / "final.docx", PAGE_OF_SUMMARY)], "summary.png")
        store(browser(folder / "final.html"), "page.png")
        pace = Pace(datetime.fromisoformat(NOW), 0)
        with (here := check_in(folder / "session")).group:
            store(phones(here, pace), "phones.png")
            store(host_screen(here, pace, folder), "session.png")


if __name__ == "__main__":
    main()
