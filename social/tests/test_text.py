"""The small markdown of reviews."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.text import plain_text, render_markdown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**loud** and *soft* and ~~gone~~", "<p><strong>loud</strong> and <em>soft</em> and <s>gone</s></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>"),
    ],
)
def test_a_small_part_of_markdown_is_understood(written: str, shown: str) -> None:
    assert render_markdown(written) == shown


def test_links_say_that_the_club_does_not_vouch_for_them() -> None:
    assert render_markdown("[here](https://example.org)") == (
        '<p><a href="https://example.org" rel="nofollow noopener ugc">here</a></p>'
    )


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "![x](https://example.org/pixel.png)",
        '<img src=x onerror="alert(1)">',
        '[x](https://example.org "title\\" onclick=\\"alert(1)")',
        "<a href='//evil.example' onclick='alert(1)'>x</a>",
    ],
)
def test_nothing_that_runs_or_loads_gets_through(written: str) -> None:
    shown = render_markdown(written)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "onclick=" not in shown.replace("&quot;", "").split(">")[0]
    assert 'href="javascript' not in shown
    assert 'href="data' not in shown


@given(st.text(max_size=400))
def test_whatever_is_written_only_known_tags_come_out(written: str) -> None:
    known = ("p", "br", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a")
    shown = str(render_markdown(written))
    for piece in shown.split("<")[1:]:
        name = piece.lstrip("/").split(">")[0].split(" ")[0].split("\n")[0]
        assert name in known


def test_plain_text_is_the_words_in_one_line() -> None:
    assert plain_text("**Loud** & *soft*\n\n- one\n- [two](https://a.example)") == "Loud & soft one two"


@pytest.mark.parametrize(
    ("limit", "words"), [(0, "one two three"), (13, "one two three"), (12, "one two…"), (5, "one…"), (2, "o…")]
)
def test_a_long_text_is_cut_at_a_word(limit: int, words: str) -> None:
    assert plain_text("one two three", limit=limit) == words
