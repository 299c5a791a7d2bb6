"""Cursors are sealed: nobody reads a value in one, makes one up, or uses one of another client or another order."""

import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from resolvers.cursor import CursorKey, seal_all

KEY = CursorKey("k" * 32)
ORDER = "Person.name+,Person.id+"
places = st.lists(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), min_size=1, max_size=6)


def _sealed(place: object, order: str = ORDER, client: str = "c") -> str:
    return KEY.seal(orjson.dumps(place), order, client).decode()


@given(places, st.text(), st.text())
def test_a_cursor_opens_to_its_place(place: list[object], order: str, client: str) -> None:
    """For the order and the client that it was sealed for, by every server with the same secret."""
    cursor = _sealed(place, order, client)
    assert CursorKey("k" * 32).open(cursor, order, client) == place
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_same_place_has_the_same_cursor() -> None:
    """A client that asks again gets the same bytes; another place, client or order gives others."""
    one = _sealed(["Zainab", "7"])
    assert _sealed(["Zainab", "7"]) == one
    others = {_sealed(["Zainab", "8"]), _sealed(["Zainab", "7"], client="d"), _sealed(["Zainab", "7"], ORDER + "x")}
    assert len(others | {one}) == 4


def test_a_cursor_shows_nothing_of_its_place() -> None:
    """Neither encoded nor plain is the name in it."""
    cursor = _sealed(["Zainab Bibi of Lahore", "7"])
    assert b"Zainab" not in base64.urlsafe_b64decode(cursor + "==")
    assert base64.b64encode(b"Zainab").decode().rstrip("=") not in cursor


@pytest.mark.parametrize(("order", "client"), [("Person.name-,Person.id+", "c"), (ORDER, "d"), ("", "c"), (ORDER, "")])
def test_a_cursor_opens_for_nothing_else(order: str, client: str) -> None:
    """Another order would compare a name with a number, another client may not see by what was sorted."""
    cursor = _sealed(["Zainab"])
    assert KEY.open(cursor, ORDER, "c") == ["Zainab"]
    with pytest.raises(BadInput, match="not a cursor of this order"):
        KEY.open(cursor, order, client)
    with pytest.raises(BadInput):
        CursorKey("j" * 32).open(cursor, ORDER, "c")


@given(st.data())
def test_a_changed_cursor_is_refused(data: st.DataObject) -> None:
    """One character less, more or other, and it opens to nothing; a cursor with its padding is the same cursor."""
    cursor = _sealed(["Zainab", 7])
    at = data.draw(st.integers(0, len(cursor) - 2))
    other = data.draw(st.sampled_from("AQgw_-z9").filter(lambda letter: letter != cursor[at]))
    for forged in (cursor[:at] + other + cursor[at + 1 :], cursor[:at] + cursor[at + 1 :], cursor[:at]):
        with pytest.raises(BadInput):
            KEY.open(forged, ORDER, "c")


@pytest.mark.parametrize(
    "cursor", ["", "A", "====", "ß", "\x00", "\ud800", "a b", "A" * 5_000, '["Zainab"]', "WyJaYWluYWIiXQ"]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    """With a sentence that says what to do, and without a word of what was sent."""
    with pytest.raises(BadInput, match="Use a cursor of an earlier page") as refusal:
        KEY.open(cursor, ORDER, "c")
    assert refusal.value.extensions == {"coordinate": "after"}
    assert "Zainab" not in refusal.value.message


def test_only_marked_places_are_sealed() -> None:
    """A mark is the request's nonce, the page's number and the place; what only looks like one stays as it is."""
    nonce, place = "5f" * 16, orjson.dumps(["Zainab", 1]).hex()
    body = f'{{"a":"{nonce}0x{place}","b":"{nonce}1x{place}","c":"{"6f" * 16}0x{place}"}}'.encode()
    sealed = orjson.loads(seal_all(body, nonce, {"0": "first", "1": "second"}, KEY, "c"))
    assert KEY.open(sealed["a"], "first", "c") == ["Zainab", 1]
    assert KEY.open(sealed["b"], "second", "c") == ["Zainab", 1]
    assert sealed["c"] == "6f" * 16 + "0x" + place
