"""The routes: joining, writing, taking back, and nothing that shows whose words are whose."""

from __future__ import annotations

import re

import pytest

from reflect.session import after, takeaway
from reflect.session.page import app, door
from reflect.session.page.door import Limit, Turnstile
from tests.conftest import bytes_under
from tests.session import rooms
from tests.session.page.conftest import Handset, Hold, Host, resumed

WORDS = "The carers were never asked about the Tuesday."


class TestJoining:
    """From the code to a page of one's own."""

    def test_is_told_before(self, host: Host) -> None:
        """The join page says what is stored, that words cross the Wi-Fi unencrypted, and what it costs (REQ-45)."""
        page = host.ask(f"/j/{host.page.code}").body
        for said in ("What this laptop stores", "unencrypted", "gone at the close", "not stated", "no cookie"):
            assert said in page
        assert re.search("Femi, by 15 December 2026", page)
        assert "the partners" in page

    def test_the_time_comes_first_and_nothing_is_compulsory(self, host: Host) -> None:
        """How long it takes and how much is asked is said first, and that anything may be left out (REQ-42, REQ-51)."""
        page = host.ask("/").body
        lead = page.index("minutes")
        assert (
            lead
            < page.index("one question")
            < page.index("leave any of it out, pass, or use paper")
            < page.index("<form")
        )

    def test_small_groups_are_told(self, hold: Hold) -> None:
        """Where fewer meet than the group's least number, that is said before anyone joins."""
        host = hold()
        assert "You are fewer than 5" in host.ask("/").body
        for _ in range(3):
            host.phone()
        assert "You are fewer than" not in host.ask("/").body

    def test_no_title_is_asked_for(self, host: Host) -> None:
        """Nobody is asked for a role or a rank, and the host's prompts are everybody's (REQ-48)."""
        page = host.ask(f"/j/{host.page.code}").body
        assert re.findall('<input id="([a-z]+)"', page) == ["name"]

    def test_by_link(self, host: Host) -> None:
        """The QR code leads to a page that has the code already; in capitals, too."""
        for link in (f"/j/{host.page.code}", f"/J/{host.page.code.upper()}"):
            assert host.ask(link).field("code") == host.page.shown_code
        assert host.page.link == f"{host.place.origin}/j/{host.page.code}"

    def test_by_short_address_and_code(self, host: Host) -> None:
        """Whoever can't take the QR code types address and code."""
        asked = host.ask("/")
        assert 'id="code"' in asked.body
        joined = host.ask(
            "/join", {"code": host.page.shown_code.upper(), "token": asked.field("token"), "name": "Joel"}
        )
        assert joined.status == 303
        assert "Joel" in [each.name for each in host.room.people()]

    def test_joined_and_typed_share_one_order(self, hold: Hold) -> None:
        """Those who came by phone stand in the drawn order like those the host typed (REQ-50)."""
        host = hold()
        host.phone("Joel")
        host.phone()
        host.do("start")
        people = host.room.people()
        assert sorted(each.number for each in people) == [1, 2, 3, 4]
        assert {each.name: each.joined for each in people} == {"Amara": False, "Len": False, "Joel": True, "": True}

    def test_late_ones_speak_last(self, host: Host) -> None:
        """A phone that joins after the start comes after everybody else."""
        host.phone("Joel")
        assert host.room.people()[-1].name == "Joel"

    def test_the_same_form_twice_is_one_phone(self, host: Host) -> None:
        """Row 82: a double tap on Join seats one person."""
        form = host.ask(f"/j/{host.page.code}")
        fields = {"code": form.field("code"), "token": form.field("token"), "name": "Joel"}
        assert [host.ask("/join", fields).status for _ in range(2)] == [303, 303]
        assert [each.name for each in host.room.people()].count("Joel") == 1

    def test_a_name_the_host_typed(self, hold: Hold) -> None:
        """Who is on the host's list takes that place instead of a second one, once they say so."""
        host = hold()
        form = host.ask(f"/j/{host.page.code}")
        fields = {"code": form.field("code"), "token": form.field("token"), "name": "  amara "}
        asked = host.ask("/join", fields)
        assert asked.status == 200
        assert "is here already" in asked.body
        assert len(host.room.people()) == 2
        assert host.ask("/join", fields | {"same": "yes"}).status == 303
        assert sorted((each.name, each.joined) for each in host.room.people()) == [("Len", False), ("amara", True)]

    def test_back_again_on_another_phone(self, host: Host) -> None:
        """A phone whose page was lost joins again under its name; the old page says so, and can come back."""
        old, new = host.phone("Joel"), host.ask("/")
        fields = {"code": host.page.code, "token": new.field("token"), "name": "Joel", "same": "yes"}
        assert host.ask("/join", fields).status == 303
        assert [each.name for each in host.room.people()].count("Joel") == 1
        assert not re.search('id="back"[^>]* hidden', old.page())
        assert old.send("return").json["mine"]["here"]

    def test_long_names_are_refused_kindly(self, host: Host) -> None:
        """A name that can't stand on a line is refused, and the form is still there."""
        form = host.ask("/")
        asked = host.ask("/join", {"code": host.page.code, "token": form.field("token"), "name": "x" * 300})
        assert (asked.status, len(host.room.people())) == (422, 2)
        assert "too long" in asked.body
        assert 'action="/join"' in asked.body

    def test_wrong_codes_run_out(self, host: Host) -> None:
        """Row 83: after ten wrong codes even the right one has to wait, and is told how long."""
        codes = [f"{number:08d}" for number in range(11)]
        answers = [host.ask(f"/j/{code}").status for code in codes]
        assert answers == [403] * 10 + [429]
        right = host.ask(f"/j/{host.page.code}")
        assert right.status == 429
        assert 0 < int(right.headers["retry-after"]) <= 10
        assert host.ask("/join", {"code": host.page.code, "token": door.token()}).status == 429

    def test_wrong_codes_of_many_devices(self, host: Host) -> None:
        """Row 83: many devices together have no more guesses than a few a second, so eight signs are enough."""
        host.page._desk.all_guesses = Turnstile(Limit(3, 60))
        assert [host.ask("/j/00000000").status for _ in range(5)] == [403, 403, 403, 429, 429]
        in_ten_hours = 10 * 3600 / door.ALL_GUESSES.seconds
        assert in_ten_hours / 2**40 < 1e-6

    def test_phones_have_room(self, host: Host) -> None:
        """A class of phones joins in one go; one device that seats hundreds does not."""
        host.page._desk.joins = Turnstile(Limit(5, 60))
        for _ in range(5):
            host.phone()
        assert host.ask("/join", {"code": host.page.code, "token": door.token()}).status == 429
        assert len(host.room.people()) == 7

    def test_a_room_is_full_some_time(self, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
        """Past the most people a session can have nobody else is seated, and those who are stay."""
        monkeypatch.setattr(app.scale, "MOST_PEOPLE", 3)
        phone = host.phone("Joel")
        form = {"code": host.page.code, "token": door.token(), "name": "Priya"}
        assert host.ask("/join", form).status == 429
        assert "Joel" in phone.page()

    @pytest.mark.parametrize("token", ["", "me", "A" * 26, "../" * 9])
    def test_page_addresses_are_ours_to_give(self, host: Host, token: str) -> None:
        """Nobody joins under an address that could be guessed or read as something else."""
        assert host.ask("/join", {"code": host.page.code, "token": token}).status == 400
        assert len(host.room.people()) == 2

    def test_code_dies_with_the_session(self, host: Host) -> None:
        """Row 83: after the close the code opens nothing, and no file knows it."""
        code = host.page.code
        host.close()
        assert host.ask(f"/j/{code}").status == 410
        assert code.encode() not in bytes_under(host.room.group.folder)

    def test_code_survives_a_resume(self, host: Host) -> None:
        """After a crash the same code and the same pages are good again."""
        phone = host.phone()
        again = resumed(host)
        assert again.code() == host.page.code
        assert again.phone(phone.token).person in again.state.people


class TestPageAddresses:
    """A page of one's own has a random address, and nothing else leads to it."""

    @pytest.mark.parametrize(
        "path", ["/answers", "/p", "/p/", "/../", "/p/../../etc/passwd", "/p/%2e%2e/x", "/state", "/log"]
    )
    def test_no_route_shows_answers(self, host: Host, path: str) -> None:
        """Row 84: no address shows what people wrote."""
        host.phone().write(WORDS)
        answer = host.ask(path)
        assert answer.status in (404, 405)
        assert WORDS not in answer.body

    def test_a_stranger_s_address_is_nobody_s(self, host: Host) -> None:
        """Row 84: an address nobody joined with shows nothing and takes nothing."""
        stranger = Handset(host.place, door.token())
        assert host.ask(stranger.path).status == 404
        assert host.ask(f"{stranger.path}/live").status == 404
        assert host.ask(f"{stranger.path}/mine.txt").status == 404
        assert stranger.write(WORDS).status == 404

    def test_person_and_contributor_are_not_tied(self, host: Host) -> None:
        """Nothing stored ties the name that speaks to the id that writes: the page's address alone does."""
        phone = host.phone("Joel")
        phone.write(WORDS)
        ids = host.ids(phone)
        kept = bytes_under(host.room.group.folder)
        assert phone.token.encode() not in kept
        with host.room.group.reading() as db:
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"):
                for row in db.execute(f"SELECT * FROM {table}"):  # noqa: S608 - of the schema itself
                    assert not (ids.person in str(row) and ids.contributor in str(row))

    def test_another_s_answers_are_out_of_reach(self, host: Host) -> None:
        """Row 84: nobody takes back, changes or sees what another phone wrote."""
        one, other = host.phone(), host.phone()
        one.write(WORDS)
        answer = host.room.mine(host.ids(one).contributor)[0]
        assert other.send("take-back", answer=answer.id).status == 404
        assert WORDS not in other.page()
        assert WORDS not in host.ask(f"{other.path}?change={answer.id}").body
        assert host.words(one) == [WORDS]

    def test_unknown_deeds(self, host: Host) -> None:
        """A form that asks for something else is refused."""
        assert host.phone().send("undo").status == 404


class TestWriting:
    """An answer is said to be saved once it is on the disk, and is nobody's."""

    def test_for_this_room_only_by_default(self, host: Host) -> None:
        """Nothing is kept beyond the room unless a person asks for it: at the close it is gone from the file."""
        phone = host.phone()
        saved = phone.write(WORDS)
        assert "this room only" in saved.json["said"]
        assert not host.room.mine(host.ids(phone).contributor)[0].for_group
        assert WORDS.encode() in bytes_under(host.room.group.folder)
        host.close()
        assert WORDS.encode() not in bytes_under(host.room.group.folder)

    def test_promise_stands_where_it_is_written(self, host: Host) -> None:
        """Who will read it, who responds and by when, and that it can be taken back, stand beside the field."""
        page = host.phone().page()
        form = page[page.index('id="answer"') : page.index('id="save"')]
        for said in ("gone at the close", "Kept for Hub partners, to be read by the partners", "no name stored"):
            assert said in form
        for said in ("Femi responds by 15 December 2026", "receipt", "fewer than 5", "recognised"):
            assert said in form
        assert re.search('value="room" checked', form)
        assert not re.search('name="alone"[^>]* checked', form)

    def test_for_the_group(self, host: Host) -> None:
        """Marked for the group, it is a contribution like any other, with no author, and comes with a receipt."""
        phone = host.phone("Joel")
        assert phone.write(WORDS, **{"for": "group", "alone": "yes"}).status == 200
        offered = host.room.mine(host.ids(phone).contributor)[0]
        made = host.room.group.contributions()
        assert [(each.words, each.attribution, each.level, each.alone_ok) for each in made] == [
            (WORDS, "", "verbatim", True)
        ]
        assert offered.receipt in phone.page()

    def test_alone_needs_the_group(self, host: Host) -> None:
        """The word that it may be quoted alone says nothing of an answer for the room."""
        phone = host.phone()
        phone.write(WORDS, alone="yes")
        assert host.room.group.contributions() == []

    def test_same_key_is_the_same_answer(self, host: Host) -> None:
        """Row 82: a double tap, a reload or a retry after a lost reply leaves one answer."""
        phone, key = host.phone(), door.token()
        for _ in range(3):
            assert phone.write(WORDS, key=key).status == 200
        assert host.words(phone) == [WORDS]
        phone.write("Changed meanwhile.", key=key)
        assert host.words(phone) == ["Changed meanwhile."]

    @pytest.mark.parametrize("key", ["", "short", "k" * 65])
    def test_keys_are_ours_to_give(self, host: Host, key: str) -> None:
        """An answer without a proper key could be taken for another one, and is refused."""
        phone = host.phone()
        assert phone.send("write", words=WORDS, step=str(rooms.WRITE), key=key).status == 400

    def test_changed_later(self, host: Host) -> None:
        """An answer that stands opens again in the form, with its words and its choice."""
        phone = host.phone()
        phone.write(WORDS, **{"for": "group"})
        answer = host.room.mine(host.ids(phone).contributor)[0]
        form = host.ask(f"{phone.path}?change={answer.id}")
        assert f">\n{WORDS}</textarea>" in form.body
        assert re.search('value="group" checked', form.body)
        key, step = form.field("key", after='id="answer"'), form.field("step")
        phone.write("For the room after all.", key=key, step=int(step), **{"for": "room"})
        assert host.words(phone) == ["For the room after all."]
        assert host.room.group.contributions() == []

    def test_taken_back(self, host: Host) -> None:
        """What is taken back is gone, and a late retry does not bring it back."""
        phone, key = host.phone(), door.token()
        phone.write(WORDS, key=key)
        answer = host.room.mine(host.ids(phone).contributor)[0]
        assert "gone" in phone.send("take-back", answer=answer.id).json["said"]
        assert phone.write(WORDS, key=key).status == 422
        assert host.words(phone) == []

    def test_words_stay_in_the_form_when_they_can_not_be_saved(self, host: Host) -> None:
        """Without a script, too: what was refused stands in the form again, with why."""
        phone = host.phone()
        words = "long " * 900
        answer = host.ask(
            f"{phone.path}/write", {"words": words, "step": str(rooms.WRITE), "key": "k" * 8, "for": "group"}
        )
        assert answer.status == 422
        assert "Not saved" in answer.body
        assert words in answer.body
        assert re.search('value="group" checked', answer.body)

    @pytest.mark.parametrize("words", ["", " \n ", "\t"])
    def test_no_words(self, host: Host, words: str) -> None:
        """Nothing is saved where nothing was written."""
        phone = host.phone()
        assert phone.write(words).status == 422
        assert host.words(phone) == []

    @pytest.mark.parametrize("step", ["", "-1", "2", "99", "x", "1.0", "١"])
    def test_only_where_one_writes(self, host: Host, step: str) -> None:
        """A step in which nobody writes takes no answer."""
        phone = host.phone()
        assert phone.send("write", words=WORDS, key="k" * 8, step=step).status == 422
        assert host.words(phone) == []

    def test_not_before_the_start(self, hold: Hold) -> None:
        """Before it begins, nothing is asked and nothing taken."""
        assert hold().phone().write(WORDS).status == 422

    def test_written_on_when_the_host_went_on(self, host: Host) -> None:
        """Who was still writing when the next step began can save it, to the question it answers."""
        phone = host.phone()
        host.do("jump", step=rooms.ROUND)
        assert phone.write(WORDS, step=rooms.WRITE).status == 200
        assert host.room.mine(host.ids(phone).contributor)[0].step == rooms.WRITE

    def test_the_close_takes_answers_too(self, host: Host) -> None:
        """Did people feel heard, and what was learnt, can be answered by phone and opens the next session (REQ-39)."""
        phone = host.phone()
        host.do("jump", step=rooms.CLOSE)
        assert "Did people feel heard?" in phone.page()
        phone.write("We let each other finish.", step=rooms.CLOSE, **{"for": "group", "alone": "yes"})
        group = host.room.group
        host.close()
        with group.reading() as db:
            assert after.opening_of(group, db, "").learnt == ("We let each other finish.",)

    def test_bounded(self, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
        """One phone can't fill the laptop: answers have a length and a number, and come at a pace."""
        monkeypatch.setattr(app, "MOST_ANSWERS", 3)
        phone = host.phone()
        key = door.token()
        assert [phone.write("x", key=each).status for each in (key, *(door.token() for _ in range(3)))] == [200] * 3 + [
            422
        ]
        assert phone.write("y", key=key).status == 200
        assert phone.write("x" * (app.LONGEST + 1)).status == 422
        host.page._desk.writes = Turnstile(Limit(1, 60))
        assert [phone.send("ready", ready="yes").status for _ in range(2)] == [200, 429]

    @pytest.mark.parametrize(
        "words",
        [
            "<script>alert(1)</script>",
            "\x1b[31mred\x1b]0;t\x07",
            '=HYPERLINK("http://evil.example","x")',
            "{{ 7 * 7 }}",
            "\u202egnirts",
        ],
    )
    def test_hostile_words(self, host: Host, words: str) -> None:
        """Row 81: whatever is written is text on every page, and stored as it came."""
        phone = host.phone(words[:20])
        assert phone.write(words).status == 200
        host.do("jump", step=rooms.VOICE)
        page = phone.page()
        assert "<script>alert" not in page
        assert "\x1b" not in page
        assert "\x07" not in page
        assert "49" not in re.findall('<li dir="auto">(.*)</li>', page)
        assert host.words(phone) == [words]

    def test_disk_is_full(self, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
        """When the laptop can't store it, it says so and never "saved"."""
        from reflect.errors import StorageRefused

        phone = host.phone()

        def refuse(*_: object, **__: object) -> None:
            """Be a disk with no room."""
            raise StorageRefused("not saved", why="the disk is full")

        monkeypatch.setattr(host.room, "offer", refuse)
        answer = phone.write(WORDS)
        assert answer.status == 507
        assert answer.json["said"].startswith("Not saved")


class TestHiddenUntilRevealed:
    """What people write is seen when the step shows it, and not before."""

    def test_nobody_sees_it_before(self, host: Host) -> None:
        """Another phone sees how many wait, and no word, until a step shows what was written (REQ-49)."""
        one, other = host.phone(), host.phone()
        one.write(WORDS)
        assert WORDS not in other.page()
        assert "1 answer is hidden" in other.page()
        host.do("jump", step=rooms.ROUND)
        assert WORDS not in other.page()
        host.do("jump", step=rooms.VOICE)
        assert WORDS in other.page()

    def test_shown_without_author_or_time(self, host: Host) -> None:
        """Lines stand in an order that tells nothing of who wrote them or when."""
        phones = [host.phone(f"P{number}") for number in range(6)]
        for number, phone in enumerate(phones):
            phone.write(f"line {number}")
        host.do("jump", step=rooms.VOICE)
        page = host.phone().page()
        assert sorted(re.findall("line [0-9]", page[page.index("What was written") :])[:6]) == [
            f"line {n}" for n in range(6)
        ]
        assert not re.search(">P[0-9]|P[0-9]<", page[: page.index('id="answers"')])

    def test_taken_back_is_not_shown(self, host: Host) -> None:
        """What was taken back before the reveal never appears."""
        phone = host.phone()
        phone.write(WORDS)
        phone.send("take-back", answer=host.room.mine(host.ids(phone).contributor)[0].id)
        host.do("jump", step=rooms.VOICE)
        assert WORDS not in phone.page()


class TestTurns:
    """Whose turn it is, and what that person can do on their phone."""

    def test_only_one_s_own(self, host: Host) -> None:
        """Only whoever has the word can finish or pass, and each once (REQ-50)."""
        phone, other = host.phone("Joel"), host.phone("Priya")
        host.do("jump", step=rooms.AGAIN)
        while host.room.view(host.pace.now()).speaker.id != host.ids(phone).person:  # type: ignore[union-attr]
            host.do("next")
        page = host.ask(phone.path)
        assert not re.search('id="yours"[^>]* hidden', page.body)
        assert re.search('id="yours"[^>]* hidden', other.page())
        key = re.search('name="key" value="([^"]*)" id="turn-key"', page.body)[1]  # type: ignore[index]
        assert "somebody else" in other.send("turn", turn="next", key=key).json["said"]
        assert "passed" in phone.send("turn", turn="pass", key=key).json["said"]
        assert "somebody else" in phone.send("turn", turn="next", key=key).json["said"]
        assert host.room.view(host.pace.now()).speaker.id != host.ids(phone).person  # type: ignore[union-attr]

    def test_ready_counts_and_names_nobody(self, host: Host) -> None:
        """The room sees "2 of 5 ready" and never who (REQ-41)."""
        phones = [host.phone(f"P{number}") for number in range(3)]
        for phone in phones[:2]:
            phone.send("ready", ready="yes")
        phones[1].send("ready", ready="yes")
        page = phones[2].page()
        assert "2 of 5 ready." in page
        assert not re.search("P0|P1", page)
        phones[0].send("ready", ready="no")
        assert "1 of 5 ready." in phones[2].page()

    def test_leaving_and_coming_back(self, host: Host) -> None:
        """Who leaves is out of the round; their words stay theirs, and they can come back."""
        phone = host.phone("Joel")
        phone.write(WORDS)
        assert not phone.send("leave").json["mine"]["here"]
        assert "Joel" not in [each.name for each in host.room.people()]
        assert host.words(phone) == [WORDS]
        assert phone.send("return").json["name"] == "Joel"

    def test_called_otherwise(self, host: Host) -> None:
        """A name can be changed, or taken off."""
        phone = host.phone("Joel")
        assert phone.send("name", name="Jo").json["name"] == "Jo"
        assert "no name" in phone.send("name", name=" ").json["said"]
        assert "Joel" not in [each.name for each in host.room.people()]

    def test_forms_work_without_a_script(self, host: Host) -> None:
        """Each form leads back to the page, which says that it was done."""
        phone = host.phone()
        sent = host.ask(f"{phone.path}/ready", {"ready": "yes"})
        assert (sent.status, sent.headers["location"]) == (303, f"{phone.path}?done=ready")
        assert ">Noted.<" in host.ask(sent.headers["location"]).body


class TestReceipts:
    """Whoever holds a receipt can take the words back."""

    def test_withdraws(self, host: Host) -> None:
        """The words are gone from the group, from the page and from the file."""
        phone = host.phone()
        phone.write(WORDS, **{"for": "group"})
        receipt = host.room.mine(host.ids(phone).contributor)[0].receipt
        done = host.ask("/receipt", {"receipt": f" {receipt.upper()} "})
        assert (done.status, "They are gone" in done.body) == (200, True)
        assert host.words(phone) == []
        assert host.room.group.contributions() == []
        assert WORDS.encode() not in bytes_under(host.room.group.folder)

    def test_after_the_close(self, host: Host) -> None:
        """The same receipt is good when the session is long over."""
        phone = host.phone()
        phone.write(WORDS, **{"for": "group"})
        receipt = host.room.mine(host.ids(phone).contributor)[0].receipt
        group = host.room.group
        host.close()
        assert WORDS.encode() in bytes_under(group.folder)
        after.withdraw(group, receipt)
        assert WORDS.encode() not in bytes_under(group.folder)

    def test_nobody_guesses_one(self, host: Host) -> None:
        """Row 84: another's receipt opens nothing, and guesses run out."""
        host.phone().write(WORDS, **{"for": "group"})
        answers = [host.ask("/receipt", {"receipt": f"0000-0000-0000-{number:04d}"}).status for number in range(12)]
        assert answers == [404] * 10 + [429] * 2
        assert len(host.room.group.contributions()) == 1


class TestTakingHome:
    """One's own words and actions, as a file."""

    def test_own_answers_and_actions(self, host: Host) -> None:
        """What I wrote and what I accepted is mine to take; nobody else's is in it."""
        phone, other = host.phone("Joel"), host.phone("Priya")
        phone.write(WORDS)
        other.write("not mine")
        made = host.room.propose("ask the carers", owner="Joel", due="2026-12-01")
        host.room.accept(made.id, owner="Joel", due="2026-12-01", limits="not at weekends")
        text = host.ask(f"{phone.path}/mine.txt")
        assert "attachment" in text.headers["content-disposition"]
        assert WORDS in text.body
        assert "ask the carers" in text.body
        assert "not mine" not in text.body
        kept = takeaway.read(host.ask(f"{phone.path}/mine.json").body.encode(), "mine.json")
        assert [each.words for each in kept.answers] == [WORDS]
        assert [each.text for each in kept.actions] == ["ask the carers"]

    def test_limits_are_not_a_name_away(self, host: Host) -> None:
        """What only an owner may know is not given to whoever types the owner's name (REQ-46)."""
        made = host.room.propose("ask the carers")
        host.room.accept(made.id, owner="Amara", due="2026-12-01", limits="not at weekends")
        phone = host.phone()
        phone.send("name", name="Amara")
        assert "weekends" not in host.ask(f"{phone.path}/mine.json").body
        assert "weekends" not in host.ask(f"{phone.path}/mine.txt").body


def test_nothing_advises(host: Host) -> None:
    """The page asks, and neither praises nor advises (REQ-53)."""
    said = host.phone().write(WORDS).json["said"].lower()
    assert not re.search("great|well done|good|should|try to|consider", said)
