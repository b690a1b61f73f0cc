"""The forms as data: Discord takes them, they open with what is stored, and give back exactly what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discordbot.forms import nominate, rate, vote
from discordbot.forms.nominate import NominationWords
from discordbot.forms.parts import read
from discordbot.forms.rate import RatingPaper, RatingWords, TrackLine
from discordbot.forms.vote import BallotPaper, Choosable
from discordbot.replies import blocks, with_words
from discordbot.safe_text import GAP, length
from discordbot.tests.fake_discord.limits import message_problems, modal_problems
from discordbot.tests.fake_discord.schemas import ignored_keys, problems_of

CLOSES = datetime(2025, 11, 15, 20, tzinfo=UTC)
LONG = "Ω" * 300
WORDS = NominationWords(
    "Kid A — Radiohead (2000)", "Start late.", "Idioteque https://example.org/i", "Rock / 2000s / UK"
)


def problems(form: Any) -> list[Any]:
    body = {"type": 9, "data": form}
    name = "ModalInteractionCallbackRequest"
    return [*problems_of(name, body), *modal_problems(form), *ignored_keys(name, body)]


def sent(form: Any, **changes: Any) -> Any:
    """What Discord sends when the form is submitted as it opened, but for `changes`."""
    parts = []
    for part in form["components"]:
        if (field := part.get("component")) is None:
            continue
        chosen = [option["value"] for option in field.get("options", ()) if option.get("default")]
        answer = changes.get(field["custom_id"])
        match field["type"]:
            case 3:
                value: dict[str, Any] = {"values": chosen if answer is None else [answer] if answer else []}
            case 21:
                value = {"value": answer or next(iter(chosen), None)}
            case _:
                value = {"value": field.get("value", "") if answer is None else answer}
        parts.append(
            {"type": 18, "component": {"type": field["type"], "custom_id": field["custom_id"], "id": 3} | value}
        )
    return read({"custom_id": form["custom_id"], "components": parts})


def paper_of(n: int, **given: Any) -> BallotPaper:
    nominees = tuple(Choosable(number, f"Album {number} {LONG}", "Artist", 1999, "Ann") for number in range(1, n + 1))
    return BallotPaper(week=3, closes_at=CLOSES, nominees=nominees, **given)


def tracks_of(n: int) -> tuple[TrackLine, ...]:
    return tuple(TrackLine(100 + number, f"Song {number}") for number in range(1, n + 1))


# --- Nominate -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [NominationWords(), WORDS, NominationWords(LONG, "é" * 2000, "x" * 700, "y" * 200), NominationWords("😀" * 200)],
)
def test_discord_takes_the_nomination_form(words: NominationWords) -> None:
    assert problems(nominate.form(12, words, arg="n99")) == []
    assert problems(nominate.form(None, words)) == []


def test_a_nomination_comes_back_as_it_was_written() -> None:
    form = nominate.form(12, WORDS)
    assert nominate.words_of(sent(form)) == WORDS
    assert nominate.words_of(sent(form, pitch="")) == replace(WORDS, pitch="")


def test_a_prefilled_form_has_another_id_than_a_blank_one_and_the_same_one_has_the_same() -> None:
    blank, filled = nominate.form(12, NominationWords()), nominate.form(12, WORDS)
    assert blank["custom_id"] != filled["custom_id"]
    assert filled["custom_id"] == nominate.form(12, WORDS)["custom_id"]
    assert filled["custom_id"] != nominate.form(12, replace(WORDS, tags=""))["custom_id"]


@pytest.mark.parametrize(
    ("typed", "track", "address"),
    [
        ("Idioteque", "Idioteque", ""),
        ("https://example.org/x?a=1", "", "https://example.org/x?a=1"),
        ("Idioteque - https://example.org/x", "Idioteque", "https://example.org/x"),
        ("open.spotify.com/track/1", "", "https://open.spotify.com/track/1"),
        ("[Idioteque](https://example.org/x)", "Idioteque", "https://example.org/x"),
        ("<https://youtu.be/x> Idioteque", "Idioteque", "https://youtu.be/x"),
        ("Mr.Bungle/California", "Mr.Bungle/California", ""),
        ("", "", ""),
    ],
)
def test_a_pitch_track_is_a_name_or_a_link_or_both(typed: str, track: str, address: str) -> None:
    assert nominate.read_track(typed) == (track, address)
    assert nominate.read_track(nominate.track_words(track, address)) == (track, address)


@pytest.mark.parametrize(
    "tags", [("Rock", "1990s", "UK"), ("", "", "UK"), ("Rock", "", "UK"), ("", "1990s", ""), ("", "", "")]
)
def test_tags_survive_being_opened_and_sent_again(tags: tuple[str, str, str]) -> None:
    assert nominate.read_tags(nominate.tags_words(*tags)) == tags


@pytest.mark.parametrize(
    ("line", "problem"),
    [("", "missing"), ("https://example.org/album", "link"), ("Blue — Joni Mitchell (1850)", "1850")],
)
def test_an_album_line_that_cannot_be_meant_says_why(line: str, problem: str) -> None:
    assert problem in nominate.read_line(line).problem


# --- Vote -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [1, 2, 25])
def test_discord_takes_the_ballot(n: int) -> None:
    form = vote.form(paper_of(n, first=1, second=2 if n > 1 else None, has_own=True))
    assert problems(form) == []
    assert vote.choices_of(sent(form)) == (1, 2 if n > 1 else None)


def test_the_second_choice_can_be_taken_away_on_a_phone() -> None:
    form = vote.form(paper_of(3, first=1, second=2))
    second = form["components"][2]["component"]
    assert (second["min_values"], second["required"]) == (0, False)
    assert vote.choices_of(sent(form, second="")) == (1, None)


@pytest.mark.parametrize(("n", "n_pages"), [(1, 1), (25, 1), (26, 2), (60, 3)])
def test_many_nominees_come_in_pages_that_discord_takes(n: int, n_pages: int) -> None:
    paper = paper_of(n, first=1)
    assert paper.n_pages == n_pages
    shown = []
    for page in range(1, n_pages + 1):
        rows = [dict(row) for row in vote.page_rows(paper, page)]
        body = {"content": "x", "components": rows}
        assert problems_of("IncomingWebhookRequestPartial", body) == []
        assert list(message_problems(body)) == []
        shown += [option["value"] for option in rows[0]["components"][0]["options"]]
    assert shown == [str(number) for number in range(1, n + 1)]


# --- Rate -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [0, 1, 24, 25, 26, 120])
def test_discord_takes_the_rating_form(n: int) -> None:
    paper = RatingPaper(3, tracks_of(n), 7, 101 if n else None, "Song 1" if n else "Hidden", "Well.", is_known=True)
    form = rate.form(paper)
    assert problems(form) == []
    words = rate.words_of(sent(form), form["custom_id"].split(":")[3])
    assert (words.half_stars, words.thoughts) == (7, "Well.")
    assert (words.track_id == 101) is (1 <= n <= 25)
    assert (words.favourite is None) is (1 <= n <= 25)


def test_nine_half_star_steps() -> None:
    form = rate.form(RatingPaper(3))
    options = form["components"][0]["component"]["options"]
    assert [option["value"] for option in options] == [str(half) for half in range(10, 1, -1)]
    assert options[1]["label"] == "4.5 ★★★★½"


def test_a_favourite_that_is_no_track_of_the_list_is_not_lost() -> None:
    form = rate.form(RatingPaper(3, tracks_of(5), 7, None, "The hidden one", is_known=True))
    words = rate.words_of(sent(form), form["custom_id"].split(":")[3])
    assert (words.track_id, words.favourite) == (None, None)


def test_an_emptied_field_takes_away_only_what_the_form_had_shown() -> None:
    known = rate.form(RatingPaper(3, tracks_of(3), 7, 101, "", "Well.", is_known=True))
    words = rate.words_of(sent(known, line="", thoughts=""), "known")
    assert (words.favourite, words.thoughts) == ("", "")
    blank = rate.form(RatingPaper(3))
    words = rate.words_of(sent(blank, stars="8"), "")
    assert words == RatingWords(half_stars=8)


def test_thoughts_too_long_for_a_form_stay_when_the_field_stays_empty() -> None:
    form = rate.form(RatingPaper(3, tracks_of(3), 7, thoughts="x" * 5000, is_known=True))
    assert problems(form) == []
    assert rate.words_of(sent(form), form["custom_id"].split(":")[3]).thoughts is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [("song 2", 102), ("SONG 2 (Remastered)", 102), ("2", 102), ("track 3", 103), ("Else", None), ("", None)],
)
def test_a_typed_title_finds_its_track(typed: str, found: int | None) -> None:
    track = rate.track_named(typed, tracks_of(30))
    assert (track.track_id if track else None) == found


def test_a_slip_of_the_pen_finds_its_track() -> None:
    tracks = (TrackLine(1, "Everything in Its Right Place"), TrackLine(2, "Idioteque"), TrackLine(3, "Optimistic"))
    assert rate.track_named("idiotheque", tracks) == tracks[1]
    assert rate.track_named("everything in", tracks) == tracks[0]


def test_an_unclear_title_stays_as_it_was_typed() -> None:
    twins = (TrackLine(1, "Part One"), TrackLine(2, "Part Two"), TrackLine(3, "Part Tho"))
    assert rate.track_named("Part T", twins) is None


# --- What comes back, whatever it is --------------------------------------------------------------------------------
@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_reading_a_form_never_breaks(data: Any) -> None:
    assert isinstance(read({"components": data}).values, dict)


def test_what_no_database_takes_is_left_out() -> None:
    field = {"type": 4, "custom_id": "pitch", "value": " a\x00b\ud800c\r\nd "}
    assert read({"components": [{"type": 18, "component": field}]})["pitch"] == "abc\nd"


# --- Words given back -----------------------------------------------------------------------------------------------
@given(st.text(alphabet=st.sampled_from("ab \n`é😀"), max_size=6000))
def test_words_given_back_are_whole_and_every_message_fits(words: str) -> None:
    reply = with_words("Too late.", words, is_kept=True)
    parts = [reply.content, *reply.more]
    assert all(length(part) <= 2000 for part in parts)
    if words.strip():
        text = "\n".join(parts).split("\n```\n", 1)[1] if "```" in parts[0] else ""
        kept = "".join(char for char in text if char not in f"`\n{GAP}")
        assert kept == "".join(char for char in words if char not in "`\n")


def test_a_fence_in_the_words_does_not_end_the_block() -> None:
    (block,) = blocks("a ```js\nb``` c")
    assert block.count("```") == 2
