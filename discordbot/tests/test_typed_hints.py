"""A hint stands in the thread for all to read: the words in it that it repeats do no harm."""

from __future__ import annotations

import pytest

from discordbot.text_forms import Misread, read_nomination, read_rating


@pytest.mark.parametrize("title", ["@everyone", "<@100000000000000001>", "[Blue](https://example.com)x", "A_b_c"])
def test_a_title_that_is_asked_about_pings_and_formats_nothing(title: str) -> None:
    answer = read_nomination(f"{title}\nWhy?: it moves")
    assert isinstance(answer, Misread)
    [problem] = answer.problems
    assert "@everyone" not in problem
    assert "<@1" not in problem.replace("\\<@", "")
    assert "_b_" not in problem
    assert "](" not in problem


def test_a_rating_that_cannot_be_read_is_repeated_safely() -> None:
    answer = read_rating("Rating: @here <#12>")
    assert isinstance(answer, Misread)
    [problem] = answer.problems
    assert "@here" not in problem
    assert "\\<" in problem
