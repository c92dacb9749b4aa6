"""What stands before every request: whom it is for, where it comes from, how much it may hold, and the end."""

from __future__ import annotations

import socket

import pytest

from reflect.session.page.guard import HEADERS, LARGEST, Limits
from tests.session import rooms
from tests.session.page.conftest import Answer, Handset, Hold, Host


def stored(host: Host, phone: Handset) -> list[str]:
    """What the room holds, of anybody."""
    host.do("jump", step=rooms.VOICE)
    return [each.words for each in host.room.view(host.pace.now()).lines] + host.words(phone)


class TestWhereItComesFrom:
    """A website that is open in somebody's browser gets nothing in and nothing out."""

    @pytest.mark.parametrize(
        "name", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", "", "127.0.0.1.evil.example"]
    )
    def test_foreign_host(self, host: Host, name: str) -> None:
        """Row 78: a name that points at this laptop (DNS rebinding) is refused; nothing is shown or stored."""
        phone = host.phone("Joel")
        written = host.ask(f"{phone.path}/write", {"words": "from afar", "step": "1", "key": "k" * 8}, Host=name)
        assert (written.status, stored(host, phone)) == (403, [])
        assert "Joel" not in host.ask(phone.path, Host=name).body
        assert host.ask(f"/j/{host.page.code}", Host=name).status == 403

    @pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1", "file://"])
    def test_other_origin(self, host: Host, origin: str) -> None:
        """Row 78: a form that another site sends is refused, whoever's browser it comes from."""
        phone = host.phone()
        sent = phone.write("from another site")
        assert sent.status == 200
        refused = host.ask(f"{phone.path}/write", {"words": "no", "step": "1", "key": "k" * 8}, Origin=origin)
        assert (refused.status, stored(host, phone)) == (403, ["from another site"] * 2)

    def test_no_origin(self, host: Host) -> None:
        """Row 78: what says nothing of where it comes from is no form of a browser, and is refused."""
        phone = host.phone()
        body = b"words=no&step=1&key=kkkkkkkk"
        head = f"POST {phone.path}/write HTTP/1.1\r\nHost: {host.place.host}\r\nContent-Length: {len(body)}\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
        assert raw(host, f"{head}{kind}".encode() + body).startswith(b"HTTP/1.1 403")
        assert stored(host, phone) == []

    def test_null_origin_alone_opens_nothing(self, host: Host) -> None:
        """A plain form of ours says `null`, as another site's may: without the random address it reaches nobody."""
        phone = host.phone()
        assert host.ask(f"{phone.path}/ready", {"ready": "yes"}, Origin="null").status == 303
        assert host.ask("/p/" + "0" * 26 + "/ready", {"ready": "yes"}, Origin="null").status == 404
        assert host.ask("/join", {"code": "0" * 8, "token": "0" * 26}, Origin="null").status == 403

    @pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
    def test_other_kinds(self, host: Host, kind: str) -> None:
        """Row 79: what a page elsewhere can send without asking, and JSON dressed as text, is refused."""
        phone = host.phone()
        sent = host.ask(f"{phone.path}/write", {"words": "no", "step": "1", "key": "k" * 8}, Content_Type=kind)
        assert (sent.status, stored(host, phone)) == (415, [])

    def test_form_of_a_web_page(self, host: Host) -> None:
        """Row 79: a form that a web page sends, of the right kind and to the right place, is refused by its origin."""
        phone = host.phone()
        sent = host.ask(f"{phone.path}/take-back", {"answer": "x"}, Origin="http://evil.example")
        assert sent.status == 403

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
    def test_other_methods(self, host: Host, method: str) -> None:
        """Nothing but pages and forms; no other site is ever told that it may."""
        said = raw(host, f"{method} / HTTP/1.1\r\nHost: {host.place.host}\r\nConnection: close\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 405")
        assert b"access-control" not in said.lower()


class TestHowMuch:
    """A form has a size, and a time to arrive."""

    def test_too_large_by_its_own_word(self, host: Host) -> None:
        """Row 80: ten megabytes are refused before any of them is read."""
        phone = host.phone()
        said = raw(host, form(host, phone, f"Content-Length: {10_000_000}\r\n\r\n"))
        assert said.startswith(b"HTTP/1.1 413")
        assert host.do("pause") is None

    def test_chunks_without_end(self, host: Host) -> None:
        """Row 80: pieces that never end are cut off at the same size, and the connection is closed."""
        phone = host.phone()
        with socket.create_connection((host.place.address, host.place.port), timeout=30) as line:
            line.sendall(form(host, phone, "Transfer-Encoding: chunked\r\n\r\n"))
            piece = b"1000\r\n" + b"a" * 4096 + b"\r\n"
            with pytest.raises(OSError, match=r"(?i)reset|pipe"):
                line.sendall(piece * 20_000)
        assert stored(host, phone) == []

    def test_chunks_just_too_large(self, host: Host) -> None:
        """Row 80: one byte too many is too many, said as such."""
        phone = host.phone()
        body = b"words=" + b"a" * LARGEST
        chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n"
        assert raw(host, form(host, phone, "Transfer-Encoding: chunked\r\n\r\n") + chunk).startswith(b"HTTP/1.1 413")

    def test_body_that_does_not_come(self, hold: Hold) -> None:
        """Row 80: a form that stays away is waited for, and then no more; meanwhile others are answered."""
        host = hold(limits=Limits(request_seconds=0.3))
        host.to(rooms.WRITE)
        phone = host.phone()
        with socket.create_connection((host.place.address, host.place.port), timeout=30) as line:
            line.sendall(form(host, phone, "Content-Length: 400\r\n\r\nwords=begun"))
            assert phone.write("meanwhile").status == 200
            assert line.recv(4096).startswith(b"HTTP/1.1 408")
        assert host.words(phone) == ["meanwhile"]

    def test_a_page_is_asked_for_without_a_body(self, host: Host) -> None:
        """Row 80: no endless body comes in under the name of a page."""
        head = f"GET / HTTP/1.1\r\nHost: {host.place.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert raw(host, head.encode()).startswith(b"HTTP/1.1 400")

    @pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a=%d" % n for n in range(50)), "wörds=é".encode()])
    def test_no_form_at_all(self, host: Host, body: bytes) -> None:
        """What is no form is refused."""
        phone = host.phone()
        said = raw(host, form(host, phone, f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n") + body)
        assert said.startswith(b"HTTP/1.1 400")


class TestWhatLeaves:
    """Every answer says that nothing keeps it and nothing is loaded from anywhere else."""

    def test_headers_everywhere(self, host: Host) -> None:
        """Row 86: no-store, no referrer, no cookie, on pages, files, errors and redirects alike."""
        phone = host.phone()
        answers = [
            *(host.ask(each) for each in ("/", f"/j/{host.page.code}", "/j/00000000", phone.path, "/page.css")),
            *(host.ask(each) for each in ("/page.js", "/nowhere", "/p/nobody", "/receipt", f"{phone.path}/mine.txt")),
            host.ask("/", Host="evil.example"),
            host.ask(f"{phone.path}/ready", {"ready": "yes"}),
            phone.write("words"),
        ]
        for answer in answers:
            for name, value in HEADERS.items():
                assert answer.headers[name.lower()] == value
            assert "set-cookie" not in answer.headers
            assert "server" not in answer.headers
        assert {each.status for each in answers} == {200, 303, 403, 404}

    def test_policy_lets_nothing_else_in(self, host: Host) -> None:
        """Scripts and styles come from this address alone, and none stands in the page itself."""
        policy = host.ask("/").headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        page = host.phone().page()
        assert page.count("<script") == page.count('<script src="/page.js"') == 1
        assert "style=" not in page
        assert "http://" not in page.replace(host.place.origin, "")
        assert "https://" not in page


class TestTheEnd:
    """When the session has closed, nothing is left to see."""

    def test_gone(self, host: Host) -> None:
        """Row 84: after the close every address answers 410 and shows no word."""
        phone = host.phone("Joel")
        phone.write("for the room")
        host.close()
        asked: list[Answer] = [
            *(host.ask(each) for each in ("/", f"/j/{host.page.code}", phone.path, f"{phone.path}/live", "/receipt")),
            host.ask(f"{phone.path}/mine.txt"),
            phone.write("too late"),
            host.ask("/join", {"code": host.page.code, "token": phone.token}),
        ]
        assert [each.status for each in asked] == [410] * len(asked)
        assert not any("for the room" in each.body or "Joel" in each.body for each in asked)
        assert "The session has ended" in asked[2].body
        assert asked[6].json["ended"]


def form(host: Host, phone: Handset, rest: str) -> bytes:
    """The head of a form of ours."""
    return (
        f"POST {phone.path}/write HTTP/1.1\r\nHost: {host.place.host}\r\nOrigin: {host.place.origin}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n{rest}"
    ).encode()


def raw(host: Host, content: bytes) -> bytes:
    """Send bytes and return all that comes back."""
    with socket.create_connection((host.place.address, host.place.port), timeout=30) as line:
        line.sendall(content)
        found = bytearray()
        try:
            while piece := line.recv(65_536):
                found += piece
        except ConnectionResetError:
            pass  # what was still on its way when the connection closed
        return bytes(found)
