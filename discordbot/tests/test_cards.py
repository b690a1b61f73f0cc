"""Every message that may stand is a body that Discord takes, pings only whom it should, and says what it must."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from club.models.week import Phase
from discordbot import links
from discordbot.cards import notices, poll, ratings, winner
from discordbot.cards.parts import Embed, message, star_row
from discordbot.desired import plan
from discordbot.facts import ClubState, Quote, RaterFacts, WeekFacts, Withdrawn
from discordbot.posts import DesiredMessage, DesiredThread, Plan
from discordbot.safe_text import length
from discordbot.tests.club_states import (
    DURING,
    IN_ORDER,
    POLL_CLOSES,
    a_member,
    a_nominee,
    a_state,
    a_week,
    an_album,
    some_ratings,
)
from discordbot.tests.fake_discord.limits import message_problems
from discordbot.tests.fake_discord.schemas import ignored_keys, problems_of

BODY = "MessageCreateRequest"
HOSTILE = "@everyone <@1> <t:1:R> [x](https://evil.example) ||**_`\u202e" + "👩‍🚀é無" * 400


def hostile_week(phase: Phase, n: int, **facts: Any) -> WeekFacts:
    """Everything that members write is as long and as nasty as the database lets it be."""
    nominees = tuple(
        a_nominee(
            each,
            album=an_album(each, title=HOSTILE[:500], artist=HOSTILE[:500], spotify_id=""),
            nominator=HOSTILE[:64],
            pitch=("*" * 1000 + HOSTILE)[:2000],
            pitch_track=HOSTILE[:300],
            pitch_track_url="https://example.org/" + "a_" * 240,
            genre=HOSTILE[:80],
            country=HOSTILE[:80],
        )
        for each in range(1, n + 1)
    )
    said = some_ratings(
        favourites=tuple((HOSTILE[:300], 9) for _ in range(5)),
        named=(RaterFacts(HOSTILE[:64], 10), *(RaterFacts(HOSTILE[:64], 2) for _ in range(30))),
        quotes=tuple(Quote(HOSTILE * 3, HOSTILE[:64], 9, spoiler=True) for _ in range(3)),
    )
    gone = Withdrawn(999, HOSTILE[:500], POLL_CLOSES, had_votes=True, freed=(a_member(7),))
    return a_week(
        phase, nominees=nominees, theme=HOSTILE[:200], ratings=said, withdrawn=(gone,), regulars=frozenset(range(200)),
        **facts,
    )  # fmt: skip


def messages_of(made: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    for post in made.posts:
        if isinstance(post, DesiredThread):
            yield f"starter of {post.key}", dict(post.starter)
        elif isinstance(post, DesiredMessage):
            yield f"{post.kind} {post.key}", dict(post.payload)
    for direct in made.direct:
        yield f"direct {direct.key}", dict(direct.payload)


def problems(body: dict[str, Any]) -> list[Any]:
    files = [address.rpartition("/")[2] for address in re.findall(r"attachment://[\w.]+", json.dumps(body))]
    return [*problems_of(BODY, body), *ignored_keys(BODY, body), *message_problems(body, filenames=files)]


def formatted_texts(body: Any) -> Iterator[str]:
    """Where Discord reads markdown and mentions; footers and text alternatives stand as they are."""
    yield body["content"]
    for embed in body["embeds"]:
        yield from (
            embed.get("title", ""),
            embed.get("description", ""),
            *(field["value"] for field in embed["fields"]),
        )


def embed_length(embed: dict[str, Any]) -> int:
    texts = [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
    return sum(map(length, texts)) + sum(length(f["name"]) + length(f["value"]) for f in embed["fields"])


@pytest.mark.parametrize("phase", [*IN_ORDER, Phase.CANCELLED])
@pytest.mark.parametrize(
    ("n", "is_hostile"), [*((n, False) for n in (0, 1, 2, 25, 26, 60)), (0, True), (2, True), (60, True)]
)
def test_every_message_is_one_that_discord_takes(phase: Phase, n: int, is_hostile: bool) -> None:
    week = hostile_week(phase, n) if is_hostile else a_week(phase, n_nominees=n)
    members = tuple(a_member(each, wants_direct_messages=each % 2 == 0) for each in range(200))
    state = a_state(week, members=members, reads_messages=True)
    for now in (DURING[phase], *(at - timedelta(hours=2) for at in (week.poll_close_at, week.ratings_close_at))):
        for what, body in messages_of(plan(state, now)):
            assert problems(body) == [], what
            assert length(body["content"]) <= 2000, what
            assert body["content"].strip(), f"{what} says nothing where embeds are off"
            for embed in body["embeds"]:
                assert length(embed.get("title", "")) <= 256
                assert length(embed.get("description", "")) <= 4096
                assert embed_length(embed) <= 6000, what
                assert all(length(f["value"]) <= 1024 for f in embed["fields"])


@pytest.mark.parametrize("phase", IN_ORDER)
def test_only_reminders_ping_and_only_whom_they_name(phase: Phase) -> None:
    state = a_state(hostile_week(phase, 3), members=tuple(a_member(n) for n in range(150)))
    deadline = {Phase.POLL: POLL_CLOSES}.get(phase, DURING[phase])
    made = plan(state, deadline - timedelta(hours=2) if phase == Phase.POLL else DURING[phase])
    for post in made.posts:
        if isinstance(post, DesiredMessage):
            allowed = post.payload["allowed_mentions"]
            assert allowed["parse"] == []
            assert allowed["users"] == [str(snowflake) for snowflake in post.mentions]
            written = set(map(int, re.findall(r"(?<!\\)<@[!&]?(\d+)>", "\n".join(formatted_texts(post.payload)))))
            assert written == set(post.mentions)
            if post.kind not in {"reminder", "notice"}:
                assert post.mentions == ()


def test_a_crowd_is_reminded_in_parts_that_miss_nobody() -> None:
    week = a_week(Phase.POLL, regulars=frozenset(range(150)))
    members = tuple(a_member(n, wants_direct_messages=n == 4) for n in range(150))
    made = plan(a_state(week, members=members), POLL_CLOSES - timedelta(hours=2))
    parts = [post for post in made.posts if isinstance(post, DesiredMessage) and post.kind == "reminder"]
    assert [len(part.mentions) for part in parts] == [60, 60, 30]
    assert len({part.key for part in parts}) == 3
    assert {each for part in parts for each in part.mentions} == {member.snowflake for member in members}
    assert [each.recipient for each in made.direct] == [members[4].snowflake]
    assert made.direct[0].payload["allowed_mentions"] == {"parse": [], "users": []}


def text_of(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)


def test_a_poll_card_names_the_albums_and_how_many_voted_but_never_how_they_stand() -> None:
    week = a_week(Phase.POLL, n_voters=7, voters=frozenset({1}))
    said = text_of(poll.card(week, a_state(week)))
    assert "1. **Album 1** — Artist 1 (1961)" in said
    assert "7 members have voted so far." in said
    assert "point" not in said.replace("two points", "")
    assert "Nobody votes for their own" in said
    assert "Nobody votes for their own" not in text_of(poll.card(week, a_state(week, allow_self_vote=True)))


def test_more_albums_than_fit_are_counted_and_led_to() -> None:
    said = poll.card(a_week(Phase.POLL, n_nominees=60), a_state())["embeds"][0]["description"]
    assert "40. **Album 40**" in said
    assert "… and 20 more" in said


def test_the_result_is_explained() -> None:
    week = a_week(Phase.LISTENING)
    body = poll.result(week, is_late=False)
    said = body["embeds"][0]["description"]
    assert "🥇 **Album 1** — Artist 1 (1961): 6 points (3 × 1st)" in said
    assert "🥈 **Album 2** — Artist 2 (1962): 2 points (2 × 2nd)" in said
    assert "3\\. **Album 3** — Artist 3 (1963): 0 points" in said
    assert "3 members voted: 60 % of those who were around." in said
    assert "late" not in said
    assert body["embeds"][0]["image"]["description"] == "Points of the poll: Album 1 6 points, Album 2 2 points."


def test_an_overridden_winner_is_announced_as_one_and_the_result_stays_true() -> None:
    week = a_week(Phase.LISTENING, winner_id=2)
    said = text_of(winner.announcement(week, a_state(week), is_late=False))
    assert "A moderator chose this winner. The poll had been won by **Album 1** — Artist 1 (1961)." in said
    assert "The winner is **Album 2**" in said
    assert "A moderator chose another winner: **Album 2**" in text_of(poll.result(week, is_late=False))
    assert "moderator" not in text_of(winner.announcement(a_week(Phase.LISTENING), a_state(), is_late=False))


def test_the_announcement_has_cover_links_time_place_and_podium() -> None:
    week = a_week(Phase.LISTENING)
    body = winner.announcement(week, a_state(week), is_late=False)
    embed = body["embeds"][0]
    assert embed["title"] == "Album 1 — Artist 1 (1961)"
    assert embed["thumbnail"]["url"] == "https://club.example/media/covers/1.webp"
    assert embed["thumbnail"]["description"] == "Cover of Album 1 by Artist 1"
    fields = {each["name"]: each["value"] for each in embed["fields"]}
    assert fields["Where"] == "<#555>"
    assert re.fullmatch(r"<t:\d+:F> \(<t:\d+:R>\)", fields["Discussion"])
    assert fields["How it won"].count("\n") == 2
    labels = [part["label"] for line in body["components"] for part in line["components"]]
    assert labels == ["Spotify", "YouTube", "Bandcamp", "Apple Music", "On the website"]


def test_a_lone_nomination_won_without_a_poll() -> None:
    week = a_week(Phase.LISTENING, n_nominees=1)
    assert "won without a poll" in text_of(winner.announcement(week, a_state(week), is_late=False))


def test_what_comes_late_says_so() -> None:
    week = a_week(Phase.CLOSED)
    album = week.nominees[0].album
    assert "comes late" in text_of(winner.announcement(week, a_state(week), is_late=True))
    assert "comes late" in text_of(poll.result(week, is_late=True))
    assert "comes late" in text_of(ratings.summary(week, a_state(week), album, is_late=True))


def summary_of(state: ClubState) -> dict[str, Any]:
    week = state.weeks[0]
    return dict(ratings.summary(week, state, week.nominees[0].album, is_late=False))


def test_the_summary_says_what_the_club_thought() -> None:
    earlier = ((3.2, 0.7), (4.5, 0.9))
    week = a_week(Phase.CLOSED, ratings=some_ratings(count=6, earlier=earlier))
    body = summary_of(a_state(week))
    said, fields = body["embeds"][0]["description"], {f["name"]: f["value"] for f in body["embeds"][0]["fields"]}
    assert "★★★½☆ **3.75** of 5" in said or "★★★★☆ **3.75** of 5" in said
    assert "Number 2 of 3 albums by average." in said
    assert "No album divided the club more so far" in said
    assert fields["Kindest"] == "Rin (5.0)"
    assert fields["Hardest"] == "Sol (2.0)"
    assert fields["Biggest disagreement"] == "3.0 stars between Rin and Sol"
    assert fields["Favourite tracks"] == "Blue in Green · 3\nSo What · 1"
    assert "> Stayed with me all week.\n— Rin, 5.0" in fields["In their words"]
    assert "> ||The end gives it away.||\n— Sol, 2.0" in fields["In their words"]


def test_of_one_mind_nobody_is_kindest() -> None:
    same = some_ratings(named=(RaterFacts("Rin", 8), RaterFacts("Sol", 8)), sd=0.0, count=6)
    body = summary_of(a_state(a_week(Phase.CLOSED, ratings=same)))
    assert "Kindest" not in text_of(body)
    assert "of one mind" in body["embeds"][0]["description"]


def test_a_card_that_says_too_much_is_cut_at_discords_total() -> None:
    embed = Embed(title="t" * 300, lines=["x" * 5000], footer="f" * 500)
    for _ in range(3):
        embed.add("Field", "y" * 2000)
    body = message("plain", embed=embed)
    assert problems(body) == []
    assert embed_length(body["embeds"][0]) == 6000


def test_too_few_ratings_give_neither_an_average_nor_its_shape() -> None:
    week = a_week(Phase.CLOSED, ratings=some_ratings(count=2, named=(), quotes=()))
    state = a_state(week)
    body = summary_of(state)
    assert "2 ratings, too few for an average" in body["content"]
    assert "3.75" not in text_of(body)
    assert ratings.histogram_picture(week, state, week.nominees[0].album) is None
    assert (
        "Nobody rated" in summary_of(a_state(a_week(Phase.CLOSED, ratings=some_ratings(count=0, mean=None))))["content"]
    )


@pytest.mark.parametrize(
    ("mean", "row"), [(1.0, "★☆☆☆☆"), (2.5, "★★½☆☆"), (4.5, "★★★★½"), (4.8, "★★★★★"), (3.7, "★★★½☆"), (5.0, "★★★★★")]
)
def test_stars_are_five_signs(mean: float, row: str) -> None:
    assert star_row(mean) == row


def test_a_cancelled_week_says_why() -> None:
    assert "nobody nominated" in text_of(notices.cancelled(a_week(Phase.CANCELLED, n_nominees=0)))
    gone = (Withdrawn(1, "Album", POLL_CLOSES),)
    assert "withdrawn" in text_of(notices.cancelled(a_week(Phase.CANCELLED, n_nominees=0, withdrawn=gone)))


def test_listen_links_fit_buttons_in_every_script() -> None:
    for album in (an_album(title="無" * 500, artist="é" * 500), an_album(title="a&b #?/", artist="")):
        for _name, address in links.listen_links(album):
            assert len(address) <= 512
            assert re.fullmatch(r"https://[\w.]+/[\w/?=&%.~+-]*", address)
    assert dict(links.listen_links(an_album(spotify_id="5XYz")))["Spotify"] == "https://open.spotify.com/album/5XYz"


def test_our_own_addresses_are_whole_and_never_the_bare_localhost() -> None:
    assert links.on_site("https://club.example/", "/weeks/3/") == "https://club.example/weeks/3/"
    assert links.on_site("http://localhost:8000", "/weeks/3/") == "http://127.0.0.1:8000/weeks/3/"
    assert links.on_site("https://club.example", "https://cdn.example/a b.webp") == "https://cdn.example/a%20b.webp"
    assert links.on_site("https://club.example", "/albums/björk/") == "https://club.example/albums/bj%C3%B6rk/"
