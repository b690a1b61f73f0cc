"""Parts of a comparison in words: each term with how it is made, the shared artists as a figure, chips elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidetrack.drawing.fact_card import FactCard
from social.models import User
from social.orders import Order
from social.visibility import Viewer
from taste.comparing.reading import Pair
from taste.comparing.shared import Shared
from taste.matching.showing import Match, by_match, comparable, kept_scores, nearest_to
from taste.matching.words import word_for
from taste.views.dashboard.figure import Cell, Column, Table

N_ON_COMMUNITY = 6
HUE = 330.0  # of the picture: near the colour of what is between people
LABELS: dict[str, str | Promise] = {
    "artists": gettext_lazy("Artists in common"),
    "genres": gettext_lazy("Genres"),
    "profile": gettext_lazy("How it sounds"),
    "ratings": gettext_lazy("Club ratings"),
}
HOW: dict[str, str | Promise] = {
    "artists": gettext_lazy(
        "Of the hundred artists that each plays most: what both play over what either plays. An artist counts by the "
        "root of its share of the plays; one whom few members play counts more. Here that is %(value).3f; two random "
        "listeners have 0.003."
    ),
    "genres": gettext_lazy(
        "The cosine of two genre mixes, each made of what a member's plays are tagged with: 1 is the same mix, 0 has "
        "nothing in common. Here it is %(value).2f; two random listeners have 0.28."
    ),
    "profile": gettext_lazy(
        "How far apart two members' means lie in energy, brightness, danceability, acousticness and instrumentalness, "
        "and in the sound of the music itself where it was analysed; 1 is the same place. Here it is %(value).2f, two "
        "random listeners have 0.27. It rests on %(n)d of these."
    ),
    "ratings": gettext_lazy(
        "1 minus the mean difference of their stars, over 4, for albums that both rated. Here it is %(value).2f from "
        "%(n)d albums; two who rate independently have 0.78. Ratings that are not for all members are left out."
    ),
}


@dataclass(frozen=True, slots=True)
class TermShown:
    """standing: how many of a hundred random pairs have less of it."""

    name: str
    label: str
    text: str
    standing: int
    how: str
    weight: int


def terms_of(match: Match) -> list[TermShown]:
    return [
        TermShown(
            name=each.term,
            label=str(LABELS[each.term]),
            text=each.text,
            standing=round(each.standing * 100),
            how=str(HOW[each.term]) % {"value": each.value, "n": each.n},
            weight=round(each.weight * 100),
        )
        for each in match.reasons
    ]


def finding_of(shared: Shared, pair: Pair) -> str:
    """The heading of the figure."""
    if not shared.rows:
        return ""
    first = shared.rows[0].artist.name
    if pair.is_own:
        return _("You meet most at %(artist)s") % {"artist": first}
    return _("They meet most at %(artist)s") % {"artist": first}


def table_of(shared: Shared, pair: Pair) -> Table:
    a, b = pair.voice(pair.a).subject, pair.voice(pair.b).subject
    columns = [
        Column("artist", _("Artist")),
        Column("plays_a", _("%(member)s: plays") % {"member": a}, "whole"),
        Column("share_a", _("share"), "fine_share"),
        Column("plays_b", _("%(member)s: plays") % {"member": b}, "whole"),
        Column("share_b", _("share"), "fine_share"),
    ]
    rows: list[list[Cell]] = [[row.artist.name, row.n_a, row.share_a, row.n_b, row.share_b] for row in shared.rows]
    return Table(columns, rows, links=[row.artist.get_absolute_url() for row in shared.rows])


def card_of(match: Match) -> FactCard:
    """What is posted of a match: both names, the score with its word, and where it comes from."""
    return FactCard(
        eyebrow=_("%(one)s and %(two)s") % {"one": match.a, "two": match.b},
        headline=f"{match.whole} · {match.word}",
        under=_("How well two members of the club match; 50 is a random pair."),
        rows=tuple((term.label, _("%(n)d of 100") % {"n": term.standing}) for term in terms_of(match)),
        foot=_("Sidetrack · @%(one)s with @%(two)s") % {"one": match.a.handle, "two": match.b.handle},
        hue=HUE,
    )


# --- On pages of lower apps ------------------------------------------------------------------------------------------
def match_chip(request: HttpRequest, member: User, viewer: Viewer) -> str | None:
    """`78 · Close` on another member's page, as it was last worked out; without a score the way to compare."""
    if not isinstance(viewer, User) or viewer.pk == member.pk or not viewer.shows_matches:
        return None
    if viewer.pk != request.user.pk:  # an owner who looks through imagined eyes
        return None
    if not comparable(viewer).filter(pk=member.pk).exists():
        return None
    score = kept_scores(viewer, [member.pk]).get(member.pk)
    context = {
        "member": member,
        "viewer": viewer,
        "whole": None if score is None else round(score),
        "word": "" if score is None else word_for(score),
    }
    return render_to_string("taste/_match_chip.html", context, request)


def community_facts(request: HttpRequest, member_ids: list[int]) -> dict[int, str]:
    """The same in the list of members."""
    viewer = request.user
    if not isinstance(viewer, User):
        return {}
    scores = kept_scores(viewer, member_ids)
    return {pk: _("match %(score)d") % {"score": round(score)} for pk, score in scores.items()}


def community_order(request: HttpRequest) -> Order | None:
    """The list of members by how well they match whoever asks."""
    viewer = request.user
    if not isinstance(viewer, User) or not viewer.shows_matches:
        return None
    return Order("match", _("Nearest taste first"), lambda members: by_match(members, viewer))


def community_panel(request: HttpRequest) -> str | None:
    """Who is nearest to whoever asks."""
    viewer = request.user
    if not isinstance(viewer, User):
        return None
    nearest = nearest_to(viewer, n=N_ON_COMMUNITY)
    if not nearest:
        return None
    return render_to_string("taste/_nearest.html", {"member": viewer, "nearest": nearest}, request)
