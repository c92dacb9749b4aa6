"""The page in Chromium: as a phone, by keyboard alone, without JavaScript, for a screen reader, and left on a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from reflect.session import room
from reflect.session.page import door
from reflect.session.page.guard import Limits
from reflect.session.page.serve import Page
from tests.session import rooms
from tests.session.page.conftest import Handset, Hold, Host

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Tab

WORDS = "Nobody asked the carers about the Tuesday."
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Open a tab of a phone of its own; whatever its console says but a network that is gone fails the test."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_tab(**options: Any) -> Tab:
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}} | options)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        return tab

    yield open_tab
    for each in contexts:
        each.close()
    assert [each for each in said if "Failed to load resource" not in each and "ERR_" not in each] == []


def join(host: Host, tab: Tab, name: str = "Joel") -> Handset:
    """Join as a person does: open the link, type a name, press Join."""
    tab.goto(host.page.link)
    if name:
        tab.get_by_label("A name to be called by").fill(name)
    tab.get_by_role("button", name="Join").click()
    tab.wait_for_url("**/p/*")
    return Handset(host.place, tab.url.rpartition("/")[2])


def write(tab: Tab, words: str = WORDS) -> None:
    """Write an answer and wait until it is said to be saved."""
    tab.get_by_label("Write here").fill(words)
    tab.get_by_role("button", name="Save").click()
    tab.locator("#said", has_text="Saved").wait_for()


def speaks(host: Host, handset: Handset) -> None:
    """Go on until a phone has the word."""
    for _ in host.room.people():
        speaker = host.room.view(host.pace.now()).speaker
        if speaker and speaker.id == host.ids(handset).person:
            return
        host.do("next")
    raise AssertionError(handset)


class TestWriting:
    """From the QR code to a saved answer."""

    def test_join_write_reload(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 82, row 86: an answer that was said to be saved is there once after a reload, and the field is empty."""
        tab = phone()
        handset = join(host, tab)
        write(tab)
        assert host.words(handset) == [WORDS]
        assert tab.get_by_label("Write here").input_value() == ""
        tab.reload()
        assert host.words(handset) == [WORDS]
        tab.get_by_text("What I wrote (1)").click()
        assert tab.locator(".answer .words").all_text_contents() == [WORDS]

    def test_double_tap(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 82: two taps on Save are one answer."""
        tab = phone()
        handset = join(host, tab)
        tab.get_by_label("Write here").fill(WORDS)
        tab.get_by_role("button", name="Save").dblclick()
        tab.locator("#said", has_text="Saved").wait_for()
        write(tab, "another one")
        assert host.words(handset) == [WORDS, "another one"]

    def test_retry_after_loss(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 82: when the reply is lost on the way, the page says so and asks again: one answer stands."""
        tab = phone()
        handset = join(host, tab)
        lost: list[str] = []

        def lose_the_first(route: Any) -> None:
            """Let the laptop store it, and lose what it says."""
            if not lost:
                lost.append(route.fetch().text())
                route.abort()
            else:
                route.continue_()

        tab.route("**/write", lose_the_first)
        tab.get_by_label("Write here").fill(WORDS)
        tab.get_by_role("button", name="Save").click()
        tab.get_by_text("Not saved yet").wait_for()
        assert tab.get_by_label("Write here").input_value() == WORDS
        tab.locator("#said", has_text="Saved").wait_for()
        assert len(lost) == 1
        assert host.words(handset) == [WORDS]

    def test_host_comes_back(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 85: when the laptop goes away the page says so, keeps what is typed, and saves it later."""
        tab = phone()
        handset = join(host, tab)
        write(tab)
        host.page.__exit__(None, None, None)
        tab.get_by_text("The laptop does not answer").wait_for()
        tab.get_by_label("Write here").fill("typed meanwhile")
        tab.get_by_role("button", name="Save").click()
        tab.get_by_text("Not saved yet").wait_for()
        again = room.reopen(host.room.group, host.pace.now())
        with Page(again, host.pace, host.place.address, host.place.port) as page:
            assert page.code == host.page.code
            tab.locator("#said", has_text="Saved").wait_for()
            tab.get_by_text("The laptop does not answer").wait_for(state="hidden")
            tab.get_by_text("Paused.").first.wait_for()
            tab.close()
        stands = {each.words for each in again.mine(host.ids(handset).contributor)}
        assert stands == {WORDS, "typed meanwhile"}

    def test_still_writing_when_the_host_goes_on(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Words being written are not swept away by the next step, and answer the question they were written to."""
        tab = phone()
        handset = join(host, tab)
        tab.get_by_label("Write here").fill(WORDS)
        host.do("jump", step=rooms.TALK)
        tab.get_by_text("This answers an earlier step").wait_for()
        assert tab.get_by_label("Write here").input_value() == WORDS
        tab.get_by_role("button", name="Save").click()
        tab.locator("#said", has_text="Saved").wait_for()
        assert [each.step for each in host.room.mine(host.ids(handset).contributor)] == [rooms.WRITE]
        tab.locator("#writing").wait_for(state="hidden")

    def test_for_the_group_with_a_receipt(self, host: Host, phone: Callable[..., Tab]) -> None:
        """The group is chosen by hand and gives a receipt; the next answer is the room's again."""
        tab = phone()
        join(host, tab)
        alone = tab.get_by_label("It may be quoted even where fewer than 5 wrote")
        assert tab.get_by_label("This room only").is_checked()
        assert not alone.is_visible()
        tab.get_by_label("The group as well").check()
        assert not alone.is_checked()
        write(tab)
        receipt = tab.locator(".receipt").inner_text()
        assert tab.get_by_label("This room only").is_checked()
        assert [each.words for each in host.room.group.contributions()] == [WORDS]
        tab.get_by_text("More", exact=True).click()
        tab.get_by_role("link", name="Take words back by their receipt").click()
        tab.get_by_label("The receipt").fill(receipt)
        tab.get_by_role("button", name="Take these words back").click()
        tab.get_by_text("They are gone").wait_for()
        assert host.room.group.contributions() == []

    def test_change_and_take_back(self, host: Host, phone: Callable[..., Tab]) -> None:
        """One's own answer can be changed, and taken back for good."""
        tab = phone()
        handset = join(host, tab)
        write(tab)
        tab.get_by_text("What I wrote (1)").click()
        tab.get_by_role("link", name="Change").click()
        tab.get_by_role("heading", name="Change what you wrote").wait_for()
        assert tab.get_by_label("Write here").input_value() == WORDS
        write(tab, "said better")
        assert host.words(handset) == ["said better"]
        tab.get_by_text("What I wrote (1)").click()
        tab.get_by_role("button", name="Take back for good").click()
        tab.locator("#said", has_text="Taken back").wait_for()
        assert host.words(handset) == []

    def test_hostile_words(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 81: a script, a terminal's escape and a sheet's formula are text on every phone, and nothing runs."""
        one, other = phone(), phone()
        join(host, one, "<b>Joel</b>")
        join(host, other, "Priya")
        words = '<script>alert(1)</script><img src=x onerror=alert(2)> \x1b[31m =HYPERLINK("http://evil.example")'
        write(one, words)
        host.do("jump", step=rooms.VOICE)
        host.do("next")
        line = other.locator(".lines li")
        line.wait_for()
        assert line.inner_text().startswith("<script>alert(1)</script><img src=x onerror=alert(2)>")
        assert other.locator("#stage script, #stage img, #stage b").count() == 0


class TestTogether:
    """What others do, as a phone hears of it."""

    def test_hidden_until_the_step_reveals(self, host: Host, phone: Callable[..., Tab]) -> None:
        """What one phone writes appears on another when the step shows it, and not a moment before."""
        one, other = phone(), phone()
        join(host, one)
        join(host, other, "Priya")
        write(one)
        other.get_by_text("1 answer is hidden").wait_for()
        assert WORDS not in other.content()
        host.do("jump", step=rooms.VOICE)
        other.locator(".lines li", has_text=WORDS).wait_for()

    def test_my_turn_is_heard(self, host: Host, phone: Callable[..., Tab]) -> None:
        """When it is my turn, the page says so politely to a screen reader, in its title and in sight; I can pass."""
        tab = phone()
        handset = join(host, tab)
        region = tab.locator("#told")
        assert region.get_attribute("role") == "status"
        host.do("jump", step=rooms.ROUND)
        tab.get_by_text("Step 3 of 10").wait_for()
        speaks(host, handset)
        tab.get_by_role("heading", name="It is your turn").wait_for()
        tab.locator("#told", has_text="It is your turn.").wait_for(state="attached")
        assert tab.title().startswith("Your turn")
        tab.get_by_role("button", name="Pass for now").click()
        tab.locator("#said", has_text="You passed").wait_for()
        assert host.room.view(host.pace.now()).asked_again

    def test_ready_shows_how_many(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Ready is one tap, can be taken back, and shows a number to everybody."""
        one, other = phone(), phone()
        join(host, one)
        join(host, other, "Priya")
        one.get_by_role("button", name="I am ready").click()
        other.get_by_text("1 of 4 ready.").wait_for()
        one.get_by_role("button", name="I need more time").click()
        other.get_by_text("1 of 4 ready.").wait_for(state="hidden")

    def test_counts_down_with_the_laptop(self, hold: Hold, phone: Callable[..., Tab]) -> None:
        """The page counts by itself, sets itself by the laptop, and says how far apart they were."""
        host = hold(limits=Limits(beat_seconds=0.2))
        host.to(rooms.WRITE)
        tab = phone()
        join(host, tab)
        tab.locator("#clock[data-drift]").wait_for()
        assert re.fullmatch(r"-?\d+", tab.get_attribute("#clock", "data-drift") or "")
        for _ in range(200):
            before = host.room.view(host.pace.now()).clock.step_left
            minutes, seconds = map(int, tab.locator("#clock").inner_text().split(":"))
            if host.room.view(host.pace.now()).clock.step_left <= minutes * 60 + seconds <= before:
                break
        else:
            pytest.fail("the page never told the laptop's time")
        host.do("pause")
        tab.get_by_text("Paused. The time stands still.").first.wait_for()

    def test_time_is_told_in_words(self, hold: Hold, phone: Callable[..., Tab]) -> None:
        """At a minute to the end the time is told in a polite region, and digits are not read out all the while."""
        host = hold(times=10)
        host.to(rooms.SETTLE)
        tab = phone()
        join(host, tab)
        host.do("jump", step=rooms.WRITE)
        while "1 minute left." not in (tab.locator("#told").text_content() or ""):
            host.room.tick(host.pace.now())
            assert host.room.view(host.pace.now()).clock.step_over < 120
        assert tab.locator("#clock").get_attribute("role") == "timer"
        assert tab.locator("#clock").get_attribute("aria-live") is None

    def test_the_end(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 84, row 86: at the close every word is gone from the page, and its address; a reload finds nothing."""
        tab = phone()
        handset = join(host, tab)
        write(tab)
        tab.get_by_label("Write here").fill("begun and never saved")
        host.close()
        tab.get_by_role("heading", name="The session has ended").wait_for()
        content = tab.content()
        assert WORDS not in content
        assert "begun" not in content
        assert handset.token not in tab.url
        assert tab.goto(f"{host.place.origin}{handset.path}").status == 410  # type: ignore[union-attr]

    def test_same_name_twice(self, host: Host, phone: Callable[..., Tab]) -> None:
        """A name that is there already is asked about, and can be taken over."""
        tab = phone()
        tab.goto(host.page.link)
        tab.get_by_label("A name to be called by").fill("amara")
        tab.get_by_role("button", name="Join").click()
        tab.get_by_role("heading", name="Somebody called amara is here already").wait_for()
        other = phone()
        other.goto(host.page.link)
        other.get_by_label("A name to be called by").fill("amara")
        other.get_by_role("button", name="Join").click()
        other.get_by_label("Another name").fill("Amara B")
        other.get_by_label("Another name").press("Enter")
        other.wait_for_url("**/p/*")
        tab.get_by_role("button", name="Take that place").click()
        tab.wait_for_url("**/p/*")
        assert [each.name for each in host.room.people()] == ["Len", "Amara B", "amara"]


class TestLeftOnATable:
    """What stays on a phone, and what is loaded."""

    def test_nothing_is_kept(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 86: no cookie, no storage of any kind, no cache, and the field is cleared."""
        tab = phone()
        join(host, tab)
        write(tab)
        assert tab.context.cookies() == []
        assert tab.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
        for kept in ("indexedDB.databases()", "caches.keys()", "navigator.serviceWorker.getRegistrations()"):
            assert tab.evaluate(f"(async () => (await {kept}).length)()") == 0
        assert tab.get_by_label("Write here").input_value() == ""
        assert not tab.locator(".answer .words").is_visible()

    def test_back_shows_the_laptop_s_word(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Row 86: after the close the Back button brings nothing back."""
        tab = phone()
        handset = join(host, tab)
        write(tab)
        tab.goto(f"{host.place.origin}/receipt")
        host.close()
        tab.go_back()
        tab.get_by_role("heading", name="The session has ended").wait_for()
        assert WORDS not in tab.content()
        assert handset.token not in tab.content()

    def test_nothing_from_elsewhere(self, host: Host, phone: Callable[..., Tab]) -> None:
        """Every request goes to the laptop, and none says where it comes from."""
        tab = phone()
        asked: list[Any] = []
        tab.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright marks what it calls
        join(host, tab)
        write(tab)
        assert {each.url.split("/")[2] for each in asked} == {host.place.host}
        assert not any("referer" in each.all_headers() for each in asked)


@pytest.mark.parametrize("width", [320, 390, 1024])
def test_fits_and_can_be_tapped(host: Host, phone: Callable[..., Tab], width: int) -> None:
    """Nobody scrolls sideways, and whatever is tapped is 44 pixels high and wide (WCAG 2.2, 1.4.10, 2.5.8)."""
    tab = phone(viewport={"width": width, "height": 700})
    tab.goto(host.page.link)
    _fits(tab, width)
    handset = join(host, tab)
    tab.get_by_label("The group as well").check()
    _fits(tab, width)
    write(tab, "Donaudampfschifffahrtsgesellschaftskapitän" * 3)
    _fits(tab, width)
    host.do("jump", step=rooms.ROUND)
    speaks(host, handset)
    tab.get_by_role("heading", name="It is your turn").wait_for()
    tab.get_by_text("More", exact=True).click()
    _fits(tab, width)
    host.do("jump", step=rooms.VOICE)
    host.do("next")
    tab.locator(".voiced").wait_for()
    _fits(tab, width)


def _fits(tab: Tab, width: int) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    small = tab.evaluate(
        """() => [...document.querySelectorAll("button, input:not([type=hidden]), textarea, summary, a")]
            .filter((each) => each.checkVisibility() && !each.matches(".skip"))
            .map((each) => [each.closest("label") || each, each])
            .filter(([label]) => label.getBoundingClientRect().height < 44 || label.getBoundingClientRect().width < 44)
            .map(([, each]) => each.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_keyboard_only(host: Host, phone: Callable[..., Tab]) -> None:
    """Joining, writing, choosing and saving need no pointer, and where the focus is can be seen."""
    tab = phone()
    tab.goto(host.page.link)
    _tab_to(tab, "#name")
    tab.keyboard.type("Joel")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/p/*")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    _tab_to(tab, "#words")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.keyboard.type(WORDS)
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowDown")
    assert tab.get_by_label("The group as well").is_checked()
    _tab_to(tab, "[name=alone]")
    tab.keyboard.press("Space")
    _tab_to(tab, "#save")
    tab.keyboard.press("Enter")
    tab.locator("#said", has_text="Saved").wait_for()
    assert tab.evaluate("document.activeElement.id") == "save"
    assert [(each.words, each.alone_ok) for each in host.room.group.contributions()] == [(WORDS, True)]
    _tab_to(tab, "#ready")
    tab.keyboard.press("Enter")
    tab.get_by_text("1 of 3 ready.").wait_for()


def _tab_to(tab: Tab, selector: str) -> None:
    passed = []
    for _ in range(30):
        if tab.evaluate(f"document.activeElement.matches('{selector}')"):
            return
        passed.append(tab.evaluate("document.activeElement.id || document.activeElement.outerHTML.slice(0, 60)"))
        tab.keyboard.press("Tab")
    pytest.fail(f"the keyboard never comes to {selector}, only to {passed}")


def test_without_javascript(host: Host, phone: Callable[..., Tab]) -> None:
    """Joining, writing, changing, taking back, being ready and passing work by plain forms (REQ-51)."""
    tab = phone(java_script_enabled=False)
    handset = join(host, tab)
    write(tab)
    assert host.words(handset) == [WORDS]
    tab.get_by_role("link", name="Write another answer").click()
    write(tab, "a second one")
    assert host.words(handset) == [WORDS, "a second one"]
    tab.get_by_text("What I wrote (2)").click()
    tab.locator("article", has_text=WORDS).get_by_role("link", name="Change").click()
    tab.get_by_label("The group as well").check()
    write(tab, "said better")
    assert host.words(handset) == ["a second one", "said better"]
    tab.get_by_text("What I wrote (2)").click()
    tab.locator("article", has_text="a second one").get_by_role("button", name="Take back for good").click()
    tab.get_by_text("Taken back").wait_for()
    assert host.words(handset) == ["said better"]
    tab.get_by_role("button", name="I am ready").click()
    tab.get_by_text("1 of 3 ready.").wait_for()
    host.do("jump", step=rooms.ROUND)
    speaks(host, handset)
    tab.get_by_role("link", name="See how it stands now").click()
    tab.get_by_role("button", name="I have finished").click()
    tab.get_by_role("heading", name="It is your turn").wait_for(state="hidden")


def test_refreshing_by_itself_is_a_choice(host: Host, phone: Callable[..., Tab]) -> None:
    """Without JavaScript it refreshes only when asked to, and never while the form is open (WCAG 2.2.1)."""
    tab = phone(java_script_enabled=False)
    join(host, tab)
    refresh = tab.locator("meta[http-equiv=refresh]")
    assert refresh.count() == 0
    tab.get_by_text("More", exact=True).click()
    tab.get_by_role("link", name="Refresh by itself").click()
    assert refresh.count() == 0
    write(tab)
    tab.get_by_text("More", exact=True).click()
    tab.get_by_role("link", name="Refresh by itself").click()
    assert refresh.count() == 1
    tab.get_by_text("More", exact=True).click()
    tab.get_by_role("link", name="Stop refreshing").click()
    assert refresh.count() == 0


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(hold: Hold, phone: Callable[..., Tab], colours: str) -> None:
    """No rule of WCAG 2.2 AA that axe can check, and none of its best practices, is broken on any page."""
    host = hold()
    tab = phone(color_scheme=colours)
    for link in ("/", f"/j/{host.page.code}", "/receipt", "/nowhere", "/j/00000000"):
        tab.goto(f"{host.place.origin}{link}")
        _axe(tab)
    handset = join(host, tab)
    _axe(tab)
    host.to(rooms.WRITE)
    tab.get_by_label("The group as well").check()
    _axe(tab)
    write(tab)
    tab.get_by_text("More", exact=True).click()
    _axe(tab)
    host.do("jump", step=rooms.ROUND)
    speaks(host, handset)
    tab.get_by_role("heading", name="It is your turn").wait_for()
    _axe(tab)
    host.do("jump", step=rooms.VOICE)
    host.do("next")
    tab.locator(".voiced").wait_for()
    host.do("pause")
    tab.get_by_text("Paused.").first.wait_for()
    _axe(tab)
    host.close()
    tab.get_by_role("heading", name="The session has ended").wait_for()
    _axe(tab)


def _axe(tab: Tab) -> None:
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": LEVELS, "rules": {"target-size": {"enabled": True}}}
    found = Axe().run(tab, options=options).response
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert len(found["passes"]) > 10


def test_a_wrong_code_is_said_kindly(host: Host, phone: Callable[..., Tab]) -> None:
    """Row 83: who mistypes the code keeps their name, and is told where the code stands."""
    tab = phone()
    tab.goto(host.place.origin)
    tab.get_by_label("The code on the host").fill(door.shown("0" * 8))
    tab.get_by_label("A name to be called by").fill("Joel")
    tab.get_by_role("button", name="Join").click()
    tab.get_by_text("That is not the code of this session").wait_for()
    assert tab.get_by_label("A name to be called by").input_value() == "Joel"
    tab.get_by_label("The code on the host").fill(host.page.shown_code.upper())
    tab.get_by_role("button", name="Join").click()
    tab.wait_for_url("**/p/*")
