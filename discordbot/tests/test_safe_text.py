"""Members' words in Discord: they ping nobody, format nothing, and are cut where a reader would cut."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discordbot.safe_text import cleaned, escaped, fitted, graphemes, length, plain

NASTY = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["@everyone", "@here", "<@123>", "<@&9>", "<#5>", "<t:1:R>", "[safe](https://evil.example)", "||x||", "**",
             "__", "`", "```", "\n# ", "\n> ", "\n- ", "\n1. ", "\u202e", "\u200b", "\\", "https://example.org/a_b_c",
             "🇩🇪", "👩‍🚀", "e\u0301", "👍🏽", "</club:1>", "<:a:1>"]
        ),
    ),
    max_size=30,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("@everyone listen", "@\u200beveryone listen"),
        ("@Here!", "@\u200bHere!"),
        ("<@123> and <@&5>", "\\<@\u200b123\\> and \\<@\u200b&5\\>"),
        ("<t:1:R>", "\\<t:1:R\\>"),
        ("[click](https://evil.example)", "\\[click\\](https://evil.example)"),
        ("**loud** _soft_ ~~no~~ `code` ||spoiler||",
         "\\*\\*loud\\*\\* \\_soft\\_ \\~\\~no\\~\\~ \\`code\\` \\|\\|spoiler\\|\\|"),
        ("# big\n- list\n1. one\n-# small\n> quote", "\\# big\n\\- list\n1\\. one\n\\-# small\n\\> quote"),
        ("C# - 1. place", "C# - 1. place"),
        ("https://example.org/some_track_name", "https://example.org/some_track_name"),
        ("safe\u202etxt.exe \u200b\u2066hidden", "safetxt.exe hidden"),
        ("a\\*b", "a\\\\\\*b"),
        ("one\r\n\r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("Sigur Rós \u2013 ( )", "Sigur Rós \u2013 ( )"),
        ("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀"),
    ],
)  # fmt: skip
def test_words_stand_as_their_writer_meant_them(written: str, shown: str) -> None:
    assert escaped(written, 400) == shown


@given(NASTY, st.integers(min_value=1, max_value=120))
def test_nothing_pings_or_formats_at_any_length(written: str, limit: int) -> None:
    shown = escaped(written, limit)
    assert length(shown) <= limit
    assert not re.search(r"@(everyone|here|[!&]?\d)", shown, re.IGNORECASE)
    outside = re.sub(r"https?://[^\s<>|`\\\"*~\[\]]+", "", shown)
    assert not re.search(r"[*_~`|\[\]<>]", re.sub(r"\\[^0-9A-Za-z\s]", "", outside))
    assert not any(unicodedata.bidirectional(letter) in {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI"} for letter in shown)
    assert not re.search(r"(^|\n) *(#|-|\+|\d+[.)])", shown)


@given(NASTY)
def test_what_fits_is_only_escaped(written: str) -> None:
    shown = escaped(written, 100_000)
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown).replace("@\u200b", "@") == cleaned(written)


@given(NASTY, st.integers(min_value=1, max_value=60))
def test_a_cut_never_splits_a_sign(written: str, limit: int) -> None:
    whole, cut = cleaned(written), fitted(cleaned(written), limit)
    assert length(cut) <= limit
    if cut != whole:
        assert cut.endswith("…")
        signs, kept = list(graphemes(whole)), list(graphemes(cut[:-1]))
        assert [sign for sign in kept if sign.strip()] == [sign for sign in signs[: len(kept)] if sign.strip()]


@given(NASTY)
def test_signs_are_the_text(written: str) -> None:
    assert "".join(graphemes(written)) == written


def test_flags_families_and_skin_tones_are_one_sign_each() -> None:
    assert list(graphemes("🇩🇪🇫🇷👨‍👩‍👧👍🏽e\u0301")) == ["🇩🇪", "🇫🇷", "👨‍👩‍👧", "👍🏽", "e\u0301"]


def test_an_address_is_whole_or_gone() -> None:
    assert escaped("see https://example.org/long", 20) == "see…"


def test_a_tower_of_accents_is_taken_down() -> None:
    assert len(cleaned("z" + "\u0335\u0301" * 200)) < 10


def test_names_are_one_line_without_markdown_signs_touched() -> None:
    assert plain("  a\n*b*  ", 20) == "a *b*"
