"""What a button says survives a restart, fits Discord's limit, and nothing else is taken for it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discordbot.keeping.marks import is_ours, marked
from discordbot.routes import MAX_LENGTH, Route, decode, encode

PARTS = st.text(string.ascii_letters + string.digits + "_.,~=-", max_size=20)
VERBS = st.from_regex(r"[a-z][a-z0-9_.-]{0,20}", fullmatch=True)


@given(verb=VERBS, week=st.none() | st.integers(0, 999_999), arg=PARTS, salt=PARTS)
def test_what_is_written_is_read_back(verb: str, week: int | None, arg: str, salt: str) -> None:
    custom_id = encode(verb, week, arg, salt)
    assert len(custom_id) <= MAX_LENGTH
    assert decode(custom_id) == Route(verb, week, arg, salt)


@given(st.text(max_size=120))
def test_whatever_people_or_other_bots_send_is_a_route_or_nothing(text: str) -> None:
    found = decode(text)
    assert (
        found is None or encode(found.verb, found.week, found.arg, found.salt) == text or text.split(":")[2][0] == "0"
    )


@pytest.mark.parametrize(
    "foreign", ["", "st", "st:vote:12", "xx:vote:12:a:b", "st:Vote:12::", "st:vote:١٢::", "st:vote:-1::"]
)
def test_foreign_ids_are_nothing(foreign: str) -> None:
    assert decode(foreign) is None


@pytest.mark.parametrize(("verb", "arg"), [("vote", "a:b"), ("vote", "x" * 100), ("Vote", ""), ("vote", "ä")])
def test_what_could_not_be_read_back_is_never_written(verb: str, arg: str) -> None:
    with pytest.raises(ValueError, match=r"custom_id|characters"):
        encode(verb, 1, arg)


def test_ids_are_the_whole_numbers() -> None:
    assert Route("vote", 3, "12,x,7,,-4").ids == (12, 7)


# --- The mark -------------------------------------------------------------------------------------------------------
MARK = "abcdefghijklmnopqrstuvwxy"
BUTTON = {"type": 2, "style": 1, "label": "Vote", "custom_id": "st:vote:3::"}
LINK = {"type": 2, "style": 5, "label": "Site", "url": "https://club.example/weeks/3/"}


@pytest.mark.parametrize(
    "payload",
    [
        {"content": "a", "components": [{"type": 1, "components": [LINK, BUTTON]}]},
        {"content": "a", "components": [{"type": 1, "components": [LINK]}]},
        {"content": "a", "embeds": [{"title": "t", "url": "https://club.example/"}]},
    ],
    ids=["button", "link", "card"],
)
def test_a_marked_message_is_known_again_though_its_words_changed(payload: dict[str, object]) -> None:
    sent = marked(payload, MARK)
    assert sent != payload
    found = {"author": {"id": "7"}, **sent, "content": "other words"}
    assert is_ours(found, bot_id=7, mark=MARK, payload=payload)
    assert not is_ours(found, bot_id=8, mark=MARK, payload=payload)
    assert not is_ours(found, bot_id=7, mark="another", payload=payload)
    assert not is_ours({"author": {"id": "7"}, **payload}, bot_id=7, mark=MARK, payload=payload)


def test_a_marked_button_still_says_the_same() -> None:
    sent = marked({"components": [{"type": 1, "components": [BUTTON]}]}, MARK)
    custom_id = sent["components"][0]["components"][0]["custom_id"]
    assert decode(custom_id) == Route("vote", 3, "", MARK)


def test_words_alone_are_known_by_themselves_or_by_the_nonce() -> None:
    payload = {"content": "The deadline moved."}
    assert marked(payload, MARK) == payload
    assert is_ours({"author": {"id": "7"}, "content": "The deadline moved."}, bot_id=7, mark=MARK, payload=payload)
    assert is_ours({"author": {"id": "7"}, "content": "", "nonce": MARK}, bot_id=7, mark=MARK, payload=payload)
    assert not is_ours({"author": {"id": "7"}, "content": "Another."}, bot_id=7, mark=MARK, payload=payload)
