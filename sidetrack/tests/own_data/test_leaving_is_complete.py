"""Nobody who left is in any table: one row of every kind is made, and afterwards every column is read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils.timezone import now

from catalog.models import Album, Artist, Track
from catalog.naming import get_or_create_album
from club.models import Nomination, Rating, Vote, Week
from discordbot.models import PendingAct, Post
from listening.models import ListenPayload
from sidetrack.tests.own_data.filling import Filler, columns_of_members, models_of_members
from social.models import AccountDeletion, LinkedAccount, ModerationAction, Notification, User
from social.own_data import exporting, leaving
from taste.models import PlaylistExport, PlaylistTrack

pytestmark = pytest.mark.django_db
HANDLE, NAME, DISCORD = "zz_rin_zz", "Zebulonia Quux", "880042424242424242"

# Rows that may go on pointing at what is left of a member, and why.
STAYS = {
    "club.Nomination.user": "the archive's weeks had these nominees; words are emptied",
    "club.Vote.user": "results of polls that are over rest on the ballots",
    "club.Rating.user": "where the member left them, so that averages stay true; words are emptied",
}
# Rows with a member's column that the export leaves out, and why.
NOT_EXPORTED = {
    "listening.ArtistTotal": "sums over the plays, which are in it",
    "listening.AlbumTotal": "sums over the plays, which are in it",
    "listening.TrackTotal": "sums over the plays, which are in it",
    "listening.DayTotal": "sums over the plays, which are in it",
    "listening.HourTotal": "sums over the plays, which are in it",
    "social.Notification_actors": "what others were told",
    "social.User_groups": "who moderates is the operators' list; the member sees it on every page",
    "social.User_user_permissions": "nobody gives single permissions",
    "account.EmailAddress": "there are no e-mail addresses; the table is the library's",
    "club.HistoricalWeek": "what moderators changed is in the log of their acts",
    "club.HistoricalClubSettings": "what moderators changed is in the log of their acts",
}


@pytest.fixture
def zz(db: None) -> User:
    member: User = User.objects.create_user(HANDLE, "correct horse battery", display_name=NAME, bio=f"I am {NAME}")
    return member


@pytest.fixture
def other(db: None) -> User:
    other: User = User.objects.create_user("other")
    return other


@pytest.fixture
def filler(zz: User, other: User, monday: Any) -> Filler:
    """One row of every kind of table for the member; music and weeks are nobody's."""
    album, _is_new = get_or_create_album(artist="Can", title="Tago Mago")
    track = Track.objects.create(title="Paperhouse", artist=album.artist, album=album)
    week = Week.objects.create(
        number=1, opens_at=monday, nominations_close_at=monday + timedelta(days=3), phase="closed",
        poll_close_at=monday + timedelta(days=5), discussion_at=monday + timedelta(days=14),
        ratings_close_at=monday + timedelta(days=17),
    )  # fmt: skip
    shared = {Artist: album.artist, Album: album, Track: track, Week: week}
    filler = Filler(
        zz, other, {**shared, Group: Group.objects.first(), ContentType: ContentType.objects.get_for_model(User)}
    )
    LinkedAccount.objects.create(user=zz, provider="discord", provider_user_id=DISCORD, access_token="secret-zz")
    SocialAccount.objects.create(user=zz, provider="discord", uid=DISCORD, extra_data={"username": HANDLE})
    for model in models_of_members():
        if model in (AccountDeletion, SocialAccount) or model._meta.label == "social.User_user_permissions":
            continue
        for owner in columns_of_members(model):
            if model._meta.label == "taste.Compatibility" and owner == "user_b":
                continue
            if model is LinkedAccount or (model._meta.label == "taste.Blend" and owner == "asked"):
                continue
            made = filler.row(model, owner=owner)
            filler.shared.setdefault(model, made)
    for model in (ListenPayload, PlaylistTrack, PlaylistExport):  # theirs by way of another row
        filler.row(model)
    PendingAct.objects.create(asker_snowflake=int(DISCORD), verb="skip", arguments={"by": DISCORD}, asked_at=now())
    Post.objects.create(kind="direct", key=f"poll-2h-{DISCORD}", nonce="x", state="standing")
    return filler


def columns_of_text() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField):
                yield model, field


def places_of(*texts: str) -> list[str]:
    """Which columns of which tables hold one of the texts, read as the database has them."""
    found = []
    with connection.cursor() as cursor:
        for model, field in columns_of_text():
            for text in texts:
                asked = f'SELECT count(*) FROM "{model._meta.db_table}" WHERE '  # noqa: S608  (our own tables)
                asked += f"lower(CAST(\"{field.column}\" AS text)) LIKE %s ESCAPE '!'"
                cursor.execute(asked, [f"%{text.lower().replace('_', '!_')}%"])
                if cursor.fetchone()[0]:
                    found.append(f"{model._meta.label}.{field.name}: {text}")
    return found


def rows_pointing_at(member: User) -> set[str]:
    return {
        f"{model._meta.label}.{column}"
        for model in models_of_members()
        for column in columns_of_members(model)
        if models.QuerySet(model).filter(**{column: member}).exists()
    }


def leave(member: User, *, keeps_ratings: bool) -> None:
    wish = leaving.ask_to_leave(member=member, keeps_ratings=keeps_ratings, now=now() - leaving.GRACE)
    assert leaving.carry_out(wish, now=now())


@pytest.mark.parametrize("keeps_ratings", [True, False])
def test_who_left_is_in_no_table(filler: Filler, zz: User, keeps_ratings: bool) -> None:
    stays = set(STAYS) if keeps_ratings else set(STAYS) - {"club.Rating.user"}
    assert rows_pointing_at(zz) > stays
    assert len(places_of(HANDLE)) > 30  # the search finds what there is
    leave(zz, keeps_ratings=keeps_ratings)
    assert rows_pointing_at(zz) == stays
    assert places_of(HANDLE, NAME, DISCORD, "secret-zz") == []


def test_what_stays_has_no_words(filler: Filler, zz: User) -> None:
    leave(zz, keeps_ratings=True)
    nomination, rating = Nomination.objects.get(user=zz), Rating.objects.get(user=zz)
    assert (nomination.pitch, nomination.pitch_track, nomination.pitch_track_url) == ("", "", "")
    assert (rating.half_stars, rating.review, rating.favorite_track) == (7, "", "Paperhouse")
    assert Vote.objects.filter(user=zz).count() == 1
    gone = User.objects.get(pk=zz.pk)
    assert (str(gone), gone.handle, gone.bio, gone.is_active) == ("A former member", f"former_{zz.pk}", "", False)
    assert not gone.has_usable_password()


def test_it_is_gone_on_with_after_being_cut_off_anywhere(filler: Filler, zz: User) -> None:
    """Each app's part breaks once after its work; the next run of the job ends what is left."""
    from sidetrack import slots

    parts = [part.name for part in slots.fillers("account:forget")]
    leaving.ask_to_leave(member=zz, keeps_ratings=False, now=now() - leaving.GRACE)
    broken: set[str] = set()

    def breaking(part: slots.Filler) -> Any:
        def call(*args: Any, **kwargs: Any) -> None:
            part.call(*args, **kwargs)
            if part.name not in broken:
                broken.add(part.name)
                raise RuntimeError("killed")

        return call

    before = slots.fillers("account:forget")
    try:
        for part in before:
            slots.register("account:forget", breaking(part), order=part.order, name=part.name)
        runs = [leaving.carry_out_due(clock=now) for _ in range(len(parts) + 1)]
    finally:
        for part in before:
            slots.register("account:forget", part.call, order=part.order, name=part.name)
    assert runs == [0] * len(parts) + [1]
    assert places_of(HANDLE, NAME, DISCORD) == []


def test_every_table_of_members_is_exported_or_told_why_not(filler: Filler, zz: User) -> None:
    tables = {part.rows.model._meta.label for part in exporting.parts_for(zz) if hasattr(part, "rows")}
    wanted = {model._meta.label for model in models_of_members()}
    assert wanted - tables == set(NOT_EXPORTED)


def test_every_row_of_the_member_is_in_the_zip(filler: Filler, zz: User) -> None:
    leaving.ask_to_leave(member=zz, keeps_ratings=True, now=now())
    export = exporting.ask_for_export(member=zz, now=now() + timedelta(days=2))
    assert exporting.make(export.pk, clock=now) is not None
    export.refresh_from_db()
    assert export.state == "ready", export.error
    place = exporting.file_of(export, now=now())
    assert place is not None
    with zipfile.ZipFile(place) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    readme = texts["README.txt"]
    empty = [
        name
        for name, text in texts.items()
        if name.endswith(".json") and text.strip() == "[]" and name not in {"told/leaving.json"}
    ]
    assert empty == []
    told = {name.rpartition(".")[0] for name in texts if name.endswith(".csv")}
    assert all(f"{path}." in readme for path in told)
    assert len(told) > 40
    everything = "".join(texts.values())
    for secret in ("secret-zz", zz.password, "token_hash"):
        assert secret not in everything


def test_the_log_keeps_what_was_done_but_not_to_whom(zz: User, mod: User) -> None:
    said = {"before": {"display_name": NAME, "levels": ["x", f"asked by {HANDLE}"]}, "after": {"suspended_until": None}}
    told = {"verb": "suspend", "moderator": mod, "created_at": now(), "reason": f"{HANDLE} was rude; {NAME} knows why"}
    ModerationAction.objects.create(kind="social.user", object_id=zz.pk, label=NAME, **told, **said)
    LogEntry.objects.create(
        user=mod, content_type=ContentType.objects.get_for_model(User), object_id=str(zz.pk), object_repr=NAME,
        action_flag=2,
    )  # fmt: skip
    leave(zz, keeps_ratings=True)
    row = ModerationAction.objects.get(verb="suspend")
    assert (row.label, row.moderator) == ("A former member", mod)
    assert row.reason == "a former member was rude; a former member knows why"
    assert row.before == {"levels": ["x", "asked by a former member"]}
    assert places_of(HANDLE, NAME) == []


def test_others_are_not_told_of_nobody(zz: User, other: User) -> None:
    from social.notifying import notify

    notify(user=other, kind="follow", subject="1", text="{who} follows you.", actor=zz, now=now())
    leave(zz, keeps_ratings=True)
    assert not Notification.objects.exists()
