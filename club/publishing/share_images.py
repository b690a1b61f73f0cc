"""Share images: what each should show now, and drawing those that show something else."""

from __future__ import annotations

import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Album
from catalog.names import tidy
from catalog.placeholders import placeholder_svg
from club.drawing.share_card import Card, drawn_card
from club.models import ClubSettings, Nomination, Rating, ShareImage, Week
from club.models.week import N_BINS
from club.publishing.member_images import MemberCard, forget_hidden, member_cards


@dataclass(frozen=True)
class DueCard:
    kind: str
    object_id: int
    card: Card
    album: Album

    @property
    def content_hash(self) -> str:
        return self.card.content_hash

    def draw(self) -> bytes:
        cover, cover_type = _cover(self.album)
        return drawn_card(self.card, cover=cover, cover_type=cover_type)


def _credit_line(album: Album) -> str:
    return f"{album.credit} · {album.release_year}" if album.release_year else album.credit


def _score(counts: list[int], settings: ClubSettings) -> tuple[float | None, str, tuple[int, ...]]:
    """Mean, note and bars as a card shows them: nothing that could be turned back into a mean below the minimum."""
    n = sum(counts)
    if not n:
        return None, "", (0,) * N_BINS
    if n < settings.minimum_ratings:
        return None, ngettext("%(n)d rating so far", "%(n)d ratings so far", n) % {"n": n}, (0,) * N_BINS
    mean = sum(count * (place + 2) / 2 for place, count in enumerate(counts)) / n
    return round(mean, 2), ngettext("%(n)d rating", "%(n)d ratings", n) % {"n": n}, tuple(counts)


def _card(album: Album, eyebrow: str, counts: list[int], settings: ClubSettings) -> Card:
    mean, note, shown = _score(counts, settings)
    return Card(
        eyebrow=tidy(eyebrow),  # an SVG holds no control characters, and one bad name must not stop the others
        title=tidy(album.title),
        credit=tidy(_credit_line(album)),
        club=tidy(settings.name),
        counts=shown,
        mean=mean,
        note=note,
        hue=album.cover_hue,
        cover=album.cover_600.name or "",
    )


def week_cards(settings: ClubSettings) -> Iterator[DueCard]:
    """One for each week that has a winner."""
    zone = zoneinfo.ZoneInfo(settings.timezone)
    for week in Week.objects.decided().with_winner():
        assert week.winner is not None  # noqa: S101  (decided)
        day = date_format(week.discussion_at.astimezone(zone), "j F Y")
        eyebrow = _("Week %(number)d · %(day)s") % {"number": week.number, "day": day}
        album = week.winner.album
        yield DueCard(
            ShareImage.Kind.WEEK, week.pk, _card(album, eyebrow, list(week.rating_histogram), settings), album
        )


def album_cards(settings: ClubSettings) -> Iterator[DueCard]:
    """One for each album that the club nominated or rated."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * N_BINS)
    rows = Rating.objects.standing().values_list("album_id", "half_stars").annotate(n=Count("id")).order_by()
    for album_id, half_stars, n in rows:
        counts[album_id][half_stars - 2] += n
    weeks: dict[int, list[int]] = defaultdict(list)
    nominated = Nomination.objects.standing().order_by("week__number").values_list("album_id", "week__number")
    for album_id, number in nominated:
        weeks[album_id].append(number)
    albums = Album.objects.current().filter(Q(pk__in=weeks) | Q(pk__in=counts)).select_related("artist")
    for album in albums:
        eyebrow = (
            _("Nominated in week %(number)d") % {"number": weeks[album.pk][-1]} if weeks[album.pk] else settings.name
        )
        yield DueCard(ShareImage.Kind.ALBUM, album.pk, _card(album, eyebrow, counts[album.pk], settings), album)


def due_cards() -> Iterator[DueCard | MemberCard]:
    """Every page whose picture is missing or shows something else by now; a constant number of queries."""
    settings = ClubSettings.load()
    drawn = {(image.kind, image.object_id): image.content_hash for image in ShareImage.objects.all()}
    cards: Iterator[DueCard | MemberCard] = chain(week_cards(settings), album_cards(settings), member_cards(settings))
    for due in cards:
        if drawn.get((str(due.kind), due.object_id)) != due.content_hash:
            yield due


def _cover(album: Album) -> tuple[bytes, str]:
    """The cover's bytes and type: the fetched one, else the drawn one."""
    if album.cover_600:
        try:
            with album.cover_600.open("rb") as file:
                return file.read(), "image/webp"
        except FileNotFoundError:  # the row came from elsewhere without its files
            pass
    drawn = placeholder_svg(title=album.title, artist=album.credit, key=str(album.pk))
    return drawn.encode(), "image/svg+xml"


def draw(due: DueCard | MemberCard, *, now: datetime) -> ShareImage:
    """Draw one picture, put it under a name that changes with its content, drop the one before."""
    content = ContentFile(due.draw())
    before = ShareImage.objects.filter(kind=due.kind, object_id=due.object_id).values_list("file", flat=True).first()
    name = default_storage.save(f"share/{due.kind}-{due.object_id}-{due.content_hash}.png", content)
    image, _created = ShareImage.objects.update_or_create(
        kind=due.kind,
        object_id=due.object_id,
        defaults={"content_hash": due.content_hash, "file": name, "drawn_at": now},
    )
    if before and before != name:
        default_storage.delete(before)
    return image


def draw_due(*, now: datetime, limit: int = 60) -> int:
    """Draw at most `limit` of the pictures that are due, weeks first; the next run takes the rest."""
    forget_hidden()
    n_drawn = 0
    for due in due_cards():
        if n_drawn == limit:
            break
        draw(due, now=now)
        n_drawn += 1
    return n_drawn
