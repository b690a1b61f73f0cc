"""The thread of ratings: what starts it, its pinned card, and what the club thought in the end. Pure."""

from __future__ import annotations

from club.drawing.svg import STARS
from club.figures.statistics import DIVIDED_AT_LEAST
from club.models.week import Phase
from discordbot import averages, links
from discordbot.cards.nominations import week_name
from discordbot.cards.parts import (
    Embed,
    button,
    colour,
    link,
    listed,
    message,
    moment,
    named,
    row,
    star_row,
    stars,
)
from discordbot.cards.sleeves import cover_of
from discordbot.facts import AlbumFacts, ClubState, Quote, RaterFacts, RatingsFacts, WeekFacts
from discordbot.posts import Json, Picture
from discordbot.safe_text import escaped
from discordbot.texts import posts, say

HISTOGRAM = "ratings.png"
AGREED, DIVIDED = 0.5, 1.0  # stars of standard deviation: below, of one mind; from here on, divided
N_NAMES = 3
N_FAVOURITES = 5


def headline(week: WeekFacts, album: AlbumFacts) -> str:
    match week.phase:
        case Phase.DISCUSSION:
            line, time = posts.RATINGS_OPEN, week.ratings_close_at
        case Phase.CLOSED:
            line, time = posts.RATINGS_OVER, week.ratings_close_at
        case _:
            line, time = posts.RATINGS_WAIT, week.discussion_at
    return say(line, week=week_name(week), **named(album), time=moment(time))


def buttons(week: WeekFacts, state: ClubState) -> list[Json]:
    match week.phase:
        case Phase.DISCUSSION:
            act = button(posts.RATE, "rate", week.number)
        case Phase.CLOSED:
            act = button(posts.RATINGS_CLOSED, "rate", week.number, is_open=False)
        case _:
            act = button(posts.NOT_OPEN, "rate", week.number, is_open=False)
    return [row([act, link(posts.ON_THE_SITE, links.on_site(state.site, week.page))])]


def starter(week: WeekFacts, state: ClubState, album: AlbumFacts) -> Json:
    return message(headline(week, album), rows=buttons(week, state))


def card(week: WeekFacts, state: ClubState, album: AlbumFacts) -> Json:
    """The pinned card. While ratings are open it says how many there are, not how they are."""
    embed = Embed(colour=colour(album), thumbnail=cover_of(album))
    n = week.ratings.count
    match week.phase:
        case Phase.DISCUSSION:
            embed.title = say(posts.RATINGS_TITLE)
            embed.lines.append(say(posts.RATE_HOW))
            if state.reads_messages:
                embed.lines += ["", say(posts.OR_TYPE), f"```text\n{say(posts.RATING_FORM)}\n```"]
            embed.lines += ["", say(posts.RATED_SO_FAR, n=n) if n else say(posts.RATED_NONE)]
            embed.add(posts.CLOSES, moment(week.ratings_close_at))
        case Phase.CLOSED:
            embed.lines.append(say(posts.RATED_IN_ALL, n=n) if n else say(posts.RATED_NONE))
            embed.add(posts.CLOSED_AT, moment(week.ratings_close_at))
        case _:
            embed.add(posts.OPENS, moment(week.discussion_at))
    if winner := week.thread_of("winner"):
        embed.add(posts.DISCUSSION, links.channel(winner))
    return message(headline(week, album), embed=embed, rows=buttons(week, state))


# --- The summary ----------------------------------------------------------------------------------------------------
def histogram_picture(week: WeekFacts, state: ClubState, album: AlbumFacts) -> Picture | None:
    """None where there are too few ratings for an average: bars would give it away."""
    ratings = week.ratings
    if ratings.mean is None or not has_score(week, state):
        return None
    bars = [
        say(posts.HISTOGRAM_ALT_BAR, stars=shown, n=n) for shown, n in zip(STARS, ratings.histogram, strict=True) if n
    ]
    alt = say(posts.HISTOGRAM_ALT, bars=", ".join(bars))
    return Picture("histogram", HISTOGRAM, alt, (ratings.histogram, round(ratings.mean, 2), ratings.count))


def has_score(week: WeekFacts, state: ClubState) -> bool:
    return averages.are_told(week.phase) and averages.is_enough(week.ratings.count, minimum=state.minimum_ratings)


def summary(week: WeekFacts, state: ClubState, album: AlbumFacts, *, is_late: bool) -> Json:
    """Average and count, who was kindest, what divided, favourite tracks, and words of those who let them be quoted."""
    ratings = week.ratings
    embed = Embed(
        title=say(posts.SUMMARY_TITLE),
        url=links.on_site(state.site, week.page),
        colour=colour(album),
        thumbnail=cover_of(album),
    )
    places = {"week": week_name(week), "n": ratings.count, **named(album)}
    if ratings.mean is not None and has_score(week, state):
        content = say(posts.SUMMARY_LINE, **places, mean=f"{ratings.mean:.2f}")
        embed.lines.append(say(posts.SUMMARY_MEAN, stars=star_row(ratings.mean), mean=f"{ratings.mean:.2f}"))
        embed.lines += _standing(ratings, ratings.mean)
        embed.lines += _spread(ratings)
        _add_extremes(embed, ratings)
    else:
        content = say(posts.SUMMARY_LINE_FEW if ratings.count else posts.SUMMARY_LINE_NONE, **places)
    embed.add(posts.FAVOURITES, _favourites(ratings))
    embed.add(posts.IN_THEIR_WORDS, _quotes(ratings.quotes))
    if is_late:
        embed.lines.append(say(posts.LATE_SUMMARY, time=moment(week.ratings_close_at)))
    if picture := histogram_picture(week, state, album):
        embed.image = (f"attachment://{HISTOGRAM}", picture.alt)
    return message(content, embed=embed, rows=[row([link(posts.ON_THE_SITE, links.on_site(state.site, week.page))])])


def _standing(ratings: RatingsFacts, mean: float) -> list[str]:
    """Its place among the weeks before, once there are some."""
    if len(ratings.earlier) < 2:
        return []
    better = sum(each >= mean for each, _ in ratings.earlier)
    if not better:
        return [say(posts.BEST_SO_FAR)]
    return [say(posts.PLACE_SO_FAR, place=better + 1, of=len(ratings.earlier) + 1)]


def _spread(ratings: RatingsFacts) -> list[str]:
    """How far the club was of one mind; only with enough ratings to say."""
    if ratings.sd is None or ratings.count < DIVIDED_AT_LEAST:
        return []
    sd = f"{ratings.sd:.1f}"
    if ratings.sd < AGREED:
        return [say(posts.SPREAD_AGREED)]
    if len(ratings.earlier) > 1 and all(ratings.sd > spread for _, spread in ratings.earlier):
        return [say(posts.MOST_DIVIDED, sd=sd)]
    return [say(posts.SPREAD_DIVIDED if ratings.sd >= DIVIDED else posts.SPREAD_MIXED, sd=sd)]


def _add_extremes(embed: Embed, ratings: RatingsFacts) -> None:
    """The kindest, the hardest, and how far they lie apart; only where the named ones do differ."""
    named_ones = ratings.named
    if len(named_ones) < 2:
        return
    top = max(each.half_stars for each in named_ones)
    low = min(each.half_stars for each in named_ones)
    if top == low:
        return
    kindest = [each for each in named_ones if each.half_stars == top]
    hardest = [each for each in named_ones if each.half_stars == low]
    embed.add(posts.KINDEST, _names(kindest), inline=True)
    embed.add(posts.HARDEST, _names(hardest), inline=True)
    apart = say(posts.APART, stars=stars(top - low), kind=_name(kindest[0]), hard=_name(hardest[0]))
    embed.add(posts.DISAGREEMENT, apart)


def _name(rater: RaterFacts) -> str:
    return escaped(rater.name, 80, one_line=True)


def _names(raters: list[RaterFacts]) -> str:
    """`Rin (5.0)`, `Rin, Sol and 3 more (5.0)`."""
    shown = ", ".join(_name(each) for each in raters[:N_NAMES])
    if left := len(raters) - N_NAMES if len(raters) > N_NAMES else 0:
        shown = f"{shown} {say(posts.AND_N, n=left)}"
    return say(posts.NAME_STARS, name=shown, stars=stars(raters[0].half_stars))


def _favourites(ratings: RatingsFacts) -> str:
    lines = [
        say(posts.FAVOURITE_LINE, track=escaped(title, 120, one_line=True), n=n)
        for title, n in ratings.favourites[:N_FAVOURITES]
    ]
    return listed(lines, limit=1024, most=N_FAVOURITES)


def _quotes(quotes: tuple[Quote, ...]) -> str:
    lines = []
    for quote in quotes:
        words = escaped(quote.words, 220, one_line=True)
        shown = f"||{words}||" if quote.spoiler else words
        by = escaped(quote.by, 40, one_line=True)
        lines.append(say(posts.QUOTE_LINE, words=shown, name=by, stars=stars(quote.half_stars)))
    return listed(lines, limit=1024 + 120, most=len(lines))
