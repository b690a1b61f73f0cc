"""The ballot: two selects in a form, or page by page in a message where there are more albums than a select holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discordbot.forms.nominate import album_line
from discordbot.forms.parts import MAX_OPTIONS, Option, Sent, labelled, modal, select, text
from discordbot.posts import Json
from discordbot.routes import encode
from discordbot.texts import members, posts, say

FIRST, SECOND = "first", "second"
HINTS = {FIRST: members.FIRST_HINT, SECOND: members.SECOND_HINT}


@dataclass(frozen=True)
class Choosable:
    """One nominee that the member may vote for."""

    nomination_id: int
    title: str
    artist: str
    year: int | None = None
    by: str = ""

    def option(self, chosen: int | None) -> Option:
        label = album_line(self.title, self.artist, self.year)
        about = say(posts.NOMINATED_BY, name=self.by) if self.by else ""
        return Option(str(self.nomination_id), label, about, is_chosen=self.nomination_id == chosen)


@dataclass(frozen=True)
class BallotPaper:
    """Everything that a member's ballot shows. has_own: a nomination of theirs is left out."""

    week: int
    closes_at: datetime
    nominees: tuple[Choosable, ...]
    first: int | None = None
    second: int | None = None
    has_own: bool = False

    @property
    def fits_a_form(self) -> bool:
        return len(self.nominees) <= MAX_OPTIONS

    @property
    def n_pages(self) -> int:
        return max(1, -(-len(self.nominees) // MAX_OPTIONS))


def rules(paper: BallotPaper) -> str:
    seconds = int(paper.closes_at.timestamp())
    said = say(members.VOTE_RULES, time=f"<t:{seconds}:F>", left=f"<t:{seconds}:R>")
    return f"{said} {say(members.VOTE_RULES_SELF)}" if paper.has_own else said


def form(paper: BallotPaper) -> Json:
    """With the present choice selected. For a paper that `fits_a_form`."""
    parts: list[Json] = [
        text(rules(paper)),
        labelled(
            members.FIRST_LABEL,
            select(
                FIRST,
                [nominee.option(paper.first) for nominee in paper.nominees],
                placeholder=members.FIRST_HINT,
            ),
        ),
    ]
    if len(paper.nominees) > 1:
        options = [nominee.option(paper.second) for nominee in paper.nominees]
        parts.append(labelled(members.SECOND_LABEL, select(SECOND, options, placeholder=members.SECOND_HINT)))
    return modal("vote.form", paper.week, say(members.VOTE_TITLE, number=paper.week), parts)


def choices_of(sent: Sent) -> tuple[int | None, int | None]:
    """The ids of the first and the second choice."""
    return _id(sent[FIRST]), _id(sent[SECOND])


def _id(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


# --- More albums than a form holds ----------------------------------------------------------------------------------
def page_rows(paper: BallotPaper, page: int) -> tuple[Json, ...]:
    """Two selects that count at once, and buttons to turn the page and to clear the ballot."""
    page = min(max(page, 1), paper.n_pages)
    shown = paper.nominees[(page - 1) * MAX_OPTIONS : page * MAX_OPTIONS]
    rows: list[Json] = []
    for name, chosen in ((FIRST, paper.first), (SECOND, paper.second)):
        options = [nominee.option(chosen) for nominee in shown]
        rows.append(_row([_message_select(f"vote.{name}", paper.week, page, options, say(HINTS[name]))]))
    buttons = []
    if paper.n_pages > 1:
        for label, other in ((members.EARLIER, page - 1), (members.LATER, page + 1)):
            is_there = 1 <= other <= paper.n_pages
            buttons.append(_button(say(label), encode("vote.page", paper.week, other), is_open=is_there))
    buttons.append(_button(say(members.CLEAR_BALLOT), encode("vote.clear", paper.week, page)))
    return (*rows, _row(buttons))


def page_words(paper: BallotPaper, page: int) -> str:
    n = len(paper.nominees)
    return say(members.VOTE_PAGE, n=n, page=min(max(page, 1), paper.n_pages), of=paper.n_pages)


def _row(parts: Sequence[Json]) -> Json:
    return {"type": 1, "components": list(parts)}


def _message_select(verb: str, week: int, page: int, options: Sequence[Option], hint: str) -> Json:
    answer: dict[str, Any] = dict(select(encode(verb, week, page), options, placeholder=hint, is_required=True))
    del answer["required"]  # that is for forms; a message's select says so by its least number
    return answer


def _button(label: str, custom_id: str, *, is_open: bool = True) -> Json:
    return {"type": 2, "style": 2, "label": label, "custom_id": custom_id, "disabled": not is_open}
