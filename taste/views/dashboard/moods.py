"""`/dashboard/moods/`: shares of moods week by week, by artist, tag, record label and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _

from catalog.models import Artist, Tag
from listening.models import AlbumTotal, ArtistTotal, ListenEvent, Source
from social.models import User
from taste.charts import drawings, figures
from taste.dashboard import findings
from taste.dashboard.findings import is_weak
from taste.dashboard.levels import levels, mood_totals
from taste.dashboard.weeks import axes_of, weeks_of
from taste.dashboard.windows import Window
from taste.iso_weeks import A_WEEK, iso_week
from taste.views.dashboard.asking import Asked, dashboard_page, show
from taste.views.dashboard.figure import Column, Figure, Key, Table, drawn, of_plays, source_words
from taste.weeks.moods import KEYS, MOODS, WeekOfMoods, shares

N_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page lets through; empty: everything. artist_id is a row's, tag a `name_key`, label an album's."""

    artist_id: int | None = None
    tag: str = ""
    label: str = ""
    source: str = ""

    @property
    def query(self) -> dict[str, str]:
        return {
            "artist": str(self.artist_id or ""), "tag": self.tag, "label": self.label, "source": self.source,
        }  # fmt: skip

    @property
    def is_any(self) -> bool:
        return any(self.query.values())


def filters_of(asked: Asked) -> Filters:
    given = asked.request.GET
    artist, source = given.get("artist", ""), given.get("source", "")
    return Filters(
        artist_id=int(artist) if artist.isdecimal() and len(artist) < 19 else None,
        tag=given.get("tag", "")[:80],
        label=given.get("label", "")[:200],
        source=source if source in Source.values else "",
    )


@dashboard_page
def moods(asked: Asked) -> HttpResponse:
    filters = filters_of(asked)
    by_share = asked.request.GET.get("by") == "shares"
    weeks = read(asked, filters)
    context = {
        "figure": moods_figure(asked, weeks, filters, by_share=by_share),
        "filters": filters,
        "artists": artists(asked, filters),
        "tags": tags(asked, filters),
        "labels": labels(asked, filters),
        "sources": sources(asked, filters),
        "by_share": by_share,
        "views": [
            (_("Plays"), asked.to("moods", **filters.query), not by_share),
            (_("Shares"), asked.to("moods", **filters.query, by="shares"), by_share),
        ],
        "clear": asked.to("moods", **({"by": "shares"} if by_share else {})),
        "n_heard": sum(week.n_listens for week in weeks),
    }
    return show(asked, "moods", "moods", context, here=_("Moods"))


def read(asked: Asked, filters: Filters) -> list[WeekOfMoods]:
    return shares(
        asked.member,
        since=asked.window.first,
        until=asked.window.end,
        artist_id=filters.artist_id,
        tag=filters.tag or None,
        label=filters.label or None,
        source=filters.source or None,
        as_heard=asked.is_own,
    )


def every_week(weeks: Sequence[WeekOfMoods], window: Window) -> list[WeekOfMoods]:
    """With the silent weeks between the first and the last that has plays, so that time runs evenly."""
    there = {week.starts_on: week for week in weeks}
    if not there:
        return []
    first, last = min(there), max(there)
    n = (last - first).days // 7 + 1
    return [there.get(first + at * A_WEEK) or WeekOfMoods(first + at * A_WEEK, 0, 0, {}) for at in range(n)]


def moods_figure(
    asked: Asked, weeks: Sequence[WeekOfMoods], filters: Filters, *, by_share: bool = False
) -> Figure | None:
    """A streamgraph; None where no play has both energy and valence. by_share: all weeks equally wide."""
    if not any(week.n for week in weeks):
        return None
    row = every_week(weeks, asked.window)
    names = {mood.key: mood.label for mood in MOODS}
    keys = [iso_week(week.starts_on) for week in row]
    short = [f"W{key[-2:]}" if len({each[:4] for each in keys}) == 1 else f"W{key[-2:]} ’{key[2:4]}" for key in keys]
    layers = [[week.shares.get(key, 0.0) * (1 if by_share else week.n) for week in row] for key in KEYS]
    half = len(row) // 2
    whole, early, late = (totals(part) for part in (row, row[:half], row[half:]))
    heard = weeks_of(asked.member, asked.window, n_before=0)
    finding = findings.of_moods(names, whole, early, late, is_weak=is_weak(levels(axes_of(heard.rows))))
    n, total = sum(week.n for week in row), sum(week.n_listens for week in row)
    label = f"{finding}. " + ", ".join(f"{names[key]} {whole.get(key, 0.0):.0%}" for key in KEYS)
    return Figure(
        key="moods",
        finding=finding,
        look="stream",
        base=drawn(drawings.streamgraph(short, [names[key] for key in KEYS], layers, label=label)),
        live=figures.streamgraph(short, [names[key] for key in KEYS], layers, [said(week, names) for week in row]),
        n=of_plays(n, total),
        source=source_words(),
        method="moods",
        table=moods_table(asked, row, names),
        csv=asked.to("table", "moods", **filters.query),
        legend=[
            Key(f"mood-{at + 1}", mood.label, f"{whole.get(mood.key, 0.0):.0%}, {mood.words}", trace=mood.label)
            for at, mood in enumerate(MOODS)
        ],
    )


def totals(weeks: Sequence[WeekOfMoods]) -> dict[str, float]:
    return mood_totals([(week.shares, week.n) for week in weeks])


def said(week: WeekOfMoods, names: dict[str, str]) -> str:
    """What a pointer reads at a week: the three strongest moods."""
    head = findings.week_name(week.starts_on)
    if not week.n:
        return f"{head}<br>{_('no play with a mood')}"
    most = sorted(week.shares.items(), key=lambda pair: -pair[1])[:3]
    return "<br>".join([head, *(f"{names[key]} {share:.0%}" for key, share in most), f"{week.n:,} {_('plays')}"])


def moods_table(asked: Asked, weeks: Sequence[WeekOfMoods], names: dict[str, str]) -> Table:
    heard = [week for week in weeks if week.n_listens]
    return Table(
        [
            Column("week", _("Week")),
            Column("plays_with_mood", _("Plays"), "whole"),
            *(Column(key, names[key], "share") for key in KEYS),
        ],
        [[iso_week(week.starts_on), week.n, *(week.shares.get(key) for key in KEYS)] for week in heard],
        [asked.to("week", iso_week(week.starts_on)) for week in heard],
    )


def table(asked: Asked) -> Table | None:
    filters = filters_of(asked)
    figure = moods_figure(asked, read(asked, filters), filters)
    return figure.table if figure else None


# --- What the filters offer ---------------------------------------------------------------------------------------
def artists(asked: Asked, filters: Filters) -> list[tuple[int, str]]:
    """The member's most played artists of all time, and the chosen one."""
    rows = ArtistTotal.objects.filter(user=asked.member, n_listens__gt=0).order_by("-n_listens")
    found = list(rows.values_list("artist_id", "artist__name")[:N_CHOICES])
    if filters.artist_id and filters.artist_id not in dict(found):
        found += list(Artist.objects.filter(pk=filters.artist_id).values_list("pk", "name"))
    return sorted(found, key=lambda pair: pair[1].casefold())


def tags(asked: Asked, filters: Filters) -> list[tuple[str, str]]:
    """The tags of the albums that the member plays, the most played first; and the chosen one."""
    rows = (
        AlbumTotal.objects.filter(user=asked.member, album__taggings__tag__isnull=False)
        .values_list("album__taggings__tag__name_key", "album__taggings__tag__name")
        .annotate(n=Sum("n_listens"))
        .order_by("-n")
    )
    found = [(key, name) for key, name, _n in rows[:N_CHOICES]]
    if filters.tag and filters.tag not in dict(found):
        found += list(Tag.objects.filter(name_key=filters.tag).values_list("name_key", "name"))
    return sorted(found, key=lambda pair: pair[1].casefold())


def labels(asked: Asked, filters: Filters) -> list[str]:
    """Record labels of the albums that the member plays."""
    rows = (
        AlbumTotal.objects.filter(user=asked.member)
        .exclude(album__label="")
        .values_list("album__label")
        .annotate(n=Sum("n_listens"))
        .order_by("-n")
    )
    found = {label for label, _n in rows[:N_CHOICES]}
    return sorted(found | ({filters.label} if filters.label else set()), key=str.casefold)


def sources(asked: Asked, filters: Filters) -> list[tuple[str, str]]:
    """Where the member's plays come from, one look into the index each; the chosen one is offered in any case."""
    plays = ListenEvent.objects.filter(user=OuterRef("pk"))
    asks = {value: Exists(plays.filter(source=value)) for value in Source.values}
    there = User.objects.filter(pk=asked.member.pk).values(**asks).get()
    return [(value, str(label)) for value, label in Source.choices if there[value] or value == filters.source]
