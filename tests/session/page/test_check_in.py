"""The whole of a check-in: one host at a terminal, two people in a browser, killed, resumed, and given back."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import Run, bytes_under
from tests.terminal import Terminal, reflect

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

JOIN = ("--join", "127.0.0.1")
FOR_THE_ROOM, FOR_THE_GROUP = "Zqxroom: I felt rushed.", "Zqxgroup: we were asked too late."


@contextmanager
def hosted(home: Path, *words: str) -> Iterator[Terminal]:
    """Sit at a terminal, line by line, as a host."""
    with reflect("--plain", *words, *JOIN, home=home) as terminal:
        yield terminal


def where(terminal: Terminal) -> tuple[str, str]:
    """Return the address and the code that the host reads out."""
    terminal.see("cross it unencrypted")
    found = re.search(r"Phones join at (\S+) with the code (\S+)\.", terminal.screen)
    assert found
    return found[1], found[2]


def joined(browser: Browser, at: str, code: str, name: str) -> Tab:
    """Join with a phone, by the short address and the code."""
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    tab.goto(f"http://{at}/")
    tab.get_by_label("The code on the host").fill(code)
    tab.get_by_label("A name to be called by").fill(name)
    tab.get_by_role("button", name="Join").click()
    tab.wait_for_url("**/p/*")
    return tab


def save(tab: Tab, words: str, *, for_group: bool = False) -> None:
    """Write an answer and wait until it is said to be saved."""
    tab.get_by_label("Write here").fill(words)
    if for_group:
        tab.get_by_role("radio", name=re.compile("group")).check()
    tab.get_by_role("button", name="Save").click()
    tab.locator("#said", has_text="Saved").wait_for()


def test_five_people_one_host_two_phones(browser: Browser, home: Path, run: Run) -> None:
    """A check-in is begun, written in, killed, resumed, closed; note and actions come out; the next opens with them."""
    with ExitStack() as stack:
        with hosted(home, "checkin", "--people", "Amara, Len, Priya", "--minutes", "10") as host:
            at, code = where(host)
            joel, dilys = (stack.enter_context(joined(browser, at, code, name)) for name in ("Joel", "Dilys"))
            host.answer("").see("Step 1 of 7").answer("n").see("Step 2 of 7")
            joel.reload()
            save(joel, FOR_THE_ROOM)
            dilys.reload()
            save(dilys, FOR_THE_GROUP, for_group=True)
            host.kill(signal.SIGKILL)
        with hosted(home, "session", "resume", "--me", "Len") as host:
            again, same_code = where(host)
            assert same_code == code
            for tab in (joel, dilys):
                tab.goto(tab.url.replace(at, again))
            assert "What I wrote (1)" in joel.content()
            host.answer("n").answer("n").see("Step 3 of 7", "has the word")
            for _ in range(5):
                host.answer("n")
            host.see("Step 4 of 7").answer("n").see("Step 5 of 7").answer("who the night shift").see("Noted")
            host.answer("n").see("Step 6 of 7").answer("offer Ask them / Len / 27/11/2026").see("Noted for Len")
            host.answer("n").see("Step 7 of 7").answer("close").see("In your own journal now: Ask them")
            host.leave()
    assert "Ask them (Len, by 27 November 2026)" in run("session", "note").out
    assert [each["text"] for each in run("actions", "--json").json] == ["Ask them"]
    kept = bytes_under(home / "groups")
    assert b"Zqxgroup" in kept
    for gone in (b"Zqxroom", b"Joel", b"Dilys", b"Amara"):
        assert gone not in kept
    with reflect("--plain", "checkin", "--people", "3", home=home) as host:
        host.see("From last time:", "Ask them (Len, by 27 November 2026, open)", "the night shift").answer("q").leave()
