"""Addresses of this laptop, QR codes, and the check before anybody comes."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

import pytest

from reflect.errors import Busy, NotFound, Refused
from reflect.session.page import address
from reflect.session.page.address import Place


class TestPlaces:
    """How an address is written in a link."""

    @pytest.mark.parametrize(
        ("place", "origin"),
        [
            (Place("192.168.1.23", 8400), "http://192.168.1.23:8400"),
            (Place("192.168.1.23", 80), "http://192.168.1.23"),
            (Place("fd00::5", 8400), "http://[fd00::5]:8400"),
        ],
    )
    def test_origin(self, place: Place, origin: str) -> None:
        """Just as a browser writes it, or nothing would be ours."""
        assert place.origin == origin


class TestChoosing:
    """One address, and the host's choice."""

    def test_own_addresses_are_real(self) -> None:
        """Each address it lists can be listened at, the private ones come first."""
        found = address.own()
        for each in found:
            address.listen(each).close()
        ranks = [address._rank(each) for each in found]
        assert ranks == sorted(ranks)
        assert not any(ipaddress.ip_address(each).is_unspecified for each in found)

    @pytest.mark.parametrize(("told", "taken"), [("127.0.0.1", "127.0.0.1"), (" ::1 ", "::1")])
    def test_taken_as_named(self, told: str, taken: str) -> None:
        """What the host names is taken, whatever seems likelier."""
        assert address.chosen(told) == taken

    @pytest.mark.parametrize("named", ["0.0.0.0", "::", "224.0.0.1", "laptop", "127.0.0.1:80", "256.1.1.1"])  # noqa: S104 - refused
    def test_one_numbered_address(self, named: str) -> None:
        """Never all of a laptop's addresses at once, and no name that somebody else answers for."""
        with pytest.raises(Refused) as refused:
            address.chosen(named)
        assert refused.value.next_step

    def test_likeliest_is_private(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Left to choose, it takes a private address, and one open to the internet only when told."""
        monkeypatch.setattr(address, "own", lambda: ("10.0.0.7", "8.8.4.4", "127.0.0.1"))
        assert address.chosen() == address.chosen("auto") == "10.0.0.7"
        monkeypatch.setattr(address, "own", lambda: ("8.8.4.4", "127.0.0.1"))
        with pytest.raises(NotFound, match=r"8\.8\.4\.4 or 127\.0\.0\.1"):
            address.chosen()


class TestListening:
    """Taking an address and a port."""

    def test_usual_port_or_another(self) -> None:
        """A port that is taken is passed over, unless the host named it."""
        with address.listen("127.0.0.1") as first, address.listen("127.0.0.1") as second:
            taken = address.place(first)
            assert address.place(second).port != taken.port
            with pytest.raises(Busy, match=str(taken.port)):
                address.listen("127.0.0.1", taken.port)

    def test_not_ours(self) -> None:
        """An address of another device is refused, with those that are ours."""
        with pytest.raises(NotFound, match=r"192\.0\.2\.9 is not an address of this laptop"):
            address.listen("192.0.2.9")

    def test_nowhere_else(self) -> None:
        """Whoever asks at another address of this laptop finds nobody (row 78: it binds to one chosen address)."""
        with address.listen("127.0.0.1") as listening, socket.socket() as other:
            assert listening.getsockname()[0] == "127.0.0.1"
            assert other.connect_ex(("127.0.0.2", address.place(listening).port)) != 0


class TestQr:
    """The code a phone's camera reads."""

    LINK = "http://192.168.100.123:8400/j/k7mq3fxz"

    def test_fits_a_small_terminal(self) -> None:
        """The longest private address makes a code of at most 17 lines, each 33 signs."""
        lines = address.qr(self.LINK)
        assert len(lines) <= 17
        assert {len(each) for each in lines} == {len(lines[0])}
        assert len(lines[0]) <= 33

    def test_is_the_link(self) -> None:
        """Its blocks are the code of the link in capitals, row by row, light on dark or dark on light."""
        import segno

        wanted = [list(row) for row in segno.make(self.LINK.upper(), error="m").matrix_iter(border=2)]
        for ink_is_light in (True, False):
            found = _dots(address.qr(self.LINK, ink_is_light=ink_is_light), len(wanted))
            assert [[dot != ink_is_light for dot in row] for row in found] == [
                [bool(each) for each in r] for r in wanted
            ]


def _dots(lines: Sequence[str], rows: int) -> list[list[bool]]:
    upper, lower = {"▀", "█"}, {"▄", "█"}
    return [[sign in ink for sign in line] for line in lines for ink in (upper, lower)][:rows]


class TestCheck:
    """Trying an address beforehand."""

    def test_answers_itself(self) -> None:
        """The page's address is asked, and it is said that only a phone can tell the rest."""
        found = address.check("127.0.0.1")
        assert (found.answers, found.reached) == (True, None)
        assert found.link == f"http://127.0.0.1:{found.port}"
        assert any("this laptop's alone" in each for each in found.remarks)
        assert any("hotspot" in each for each in found.instead)
        assert any("paper" in each for each in found.instead)

    def test_a_phone_gets_through(self) -> None:
        """When another device opens it, that is said, and nothing need be done instead."""
        shown: list[str] = []

        def open_it(link: str, code: Sequence[str]) -> None:
            """Come from another address, as a phone does."""
            shown.append(link)
            assert code == address.qr(link)
            with socket.create_connection(
                ("127.0.0.1", int(link.rpartition(":")[2])), source_address=("127.0.0.9", 0)
            ) as phone:
                phone.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                assert b"can reach the laptop" in b"".join(iter(lambda: phone.recv(4096), b""))

        found = address.check("127.0.0.1", wait=30, show=open_it)
        assert shown == [found.link]
        assert (found.reached, found.instead) == (True, ())

    def test_nobody_came(self) -> None:
        """When no phone came, it says what to do instead."""
        found = address.check("127.0.0.1", wait=0.01)
        assert found.reached is False
        assert found.instead == address.INSTEAD

    def test_taken_port(self) -> None:
        """A port that is taken is refused by its number."""
        with address.listen("127.0.0.1") as listening, pytest.raises(Busy):
            address.check("127.0.0.1", address.place(listening).port)
