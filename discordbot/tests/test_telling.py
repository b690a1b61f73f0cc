"""What is told to moderators in one message: whole lines, as many as Discord takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from discordbot.keeping.telling import in_one_message
from discordbot.safe_text import length


def test_each_trouble_is_a_line_of_its_own() -> None:
    assert in_one_message(["I need help:", "One.", "Two."]) == "I need help:\n• One.\n• Two."


@given(lines=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=900), max_size=40))
def test_too_many_lines_are_counted_and_none_is_broken(lines: list[str]) -> None:
    said = in_one_message(["Head", *lines])
    assert length(said) <= 2000
    head, *told = said.split("\n")
    left = int(told.pop().split()[2]) if len(told) != len(lines) or (told and told[-1].startswith("… and ")) else 0
    assert head == "Head"
    assert len(told) + left == len(lines)
    for line, whole in zip(told, lines, strict=False):
        assert line == f"• {whole}" or (length(whole) > 600 and line.endswith("…"))
