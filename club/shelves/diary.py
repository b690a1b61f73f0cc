"""The diary: this album, that day, whole or in part. An album stands in it once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from catalog.models import Album
from club.errors import ClubRuleBroken
from club.models import DiaryEntry
from club.permissions import require_active
from club.shelves.checks import require_level, standing_album, today_of
from club.shelves.wanting import unwant
from social.models import User

FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Logged:
    """left_list: the album was on the list of albums to hear, and is no longer."""

    entry: DiaryEntry
    is_new: bool
    left_list: bool


@transaction.atomic
def log_album(
    *,
    member: User,
    album: Album,
    listened_on: date | None = None,
    extent: str = DiaryEntry.Extent.WHOLE,
    visibility: str | None = None,
    now: datetime,
) -> Logged:
    """The member heard the album that day (None: today, where they live). The same day again changes the entry.

    Any past day will do: records are heard before they are out, and dates of release are not always known.
    """
    require_active(member, now)
    day = _checked_day(listened_on, member, now)
    _require(extent, visibility)
    album = standing_album(album)
    entry, is_new = DiaryEntry.objects.get_or_create(
        user=member,
        album=album,
        listened_on=day,
        defaults={
            "extent": extent, "created_at": now, "is_demo": member.is_demo,
            **({"visibility": visibility} if visibility is not None else {}),
        },
    )  # fmt: skip
    if not is_new:
        _save(entry, extent=extent, visibility=visibility)
    return Logged(entry, is_new, left_list=extent == DiaryEntry.Extent.WHOLE and unwant(member=member, album=album))


@transaction.atomic
def change_entry(
    *,
    entry: DiaryEntry,
    by: User,
    listened_on: date | None = None,
    extent: str | None = None,
    visibility: str | None = None,
    now: datetime,
) -> DiaryEntry:
    """Correct one's own entry; what is None stays."""
    require_active(by, now)
    _require_own(entry, by)
    _require(extent, visibility)
    day = None if listened_on is None else _checked_day(listened_on, by, now)
    try:
        with transaction.atomic():
            _save(entry, listened_on=day, extent=extent, visibility=visibility)
    except IntegrityError as error:
        entry.refresh_from_db()
        raise ClubRuleBroken("This album is in your diary for that day already.", code="same_twice") from error
    if entry.extent == DiaryEntry.Extent.WHOLE:
        unwant(member=by, album=entry.album)
    return entry


def remove_entry(*, entry: DiaryEntry, by: User) -> bool:
    """Take one's own entry out; whether it was there still."""
    _require_own(entry, by)
    return DiaryEntry.objects.filter(pk=entry.pk).delete()[0] > 0


def _save(entry: DiaryEntry, **given: object) -> None:
    changed = [name for name, value in given.items() if value is not None and getattr(entry, name) != value]
    if changed:
        for name in changed:
            setattr(entry, name, given[name])
        entry.save(update_fields=changed)


def _require_own(entry: DiaryEntry, by: User) -> None:
    if entry.user_id != by.pk:
        raise ClubRuleBroken("Only its owner changes a diary.", code="not_your_own")


def _require(extent: str | None, visibility: str | None) -> None:
    require_level(visibility)
    if extent is not None and extent not in DiaryEntry.Extent.values:
        raise ClubRuleBroken("Say whether it was the whole album or a part of it.", code="bad_value")


def _checked_day(day: date | None, member: User, now: datetime) -> date:
    today = today_of(member, now)
    day = day or today
    if day > today:
        raise ClubRuleBroken("That day has not come yet.", code="bad_value")
    if day < FIRST_DAY:
        raise ClubRuleBroken(f"The diary begins in {FIRST_DAY.year}.", code="bad_value")
    return day
