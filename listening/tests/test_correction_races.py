"""Plays come in while duplicates are told anew, plays are deleted and moderators merge. Needs PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.merging import merge_artists, merge_tracks, unmerge
from catalog.models import Artist, Track
from catalog.tests.test_races import at_once
from listening import doubles
from listening.corrections import delete_listens, not_music, relink, restore, undo_correction
from listening.following import follow_late_ones
from listening.ingest import ingest
from listening.models import ListenEvent, RemovedListen
from listening.plays import msid_of
from listening.tests.plays import EVENING, listener_of, play, prove
from social.models import User

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = EVENING + timedelta(days=30)
TITLES = ["Roads", "Rodas", "Strangers", "Numb"]


def take_in(user: User, source: str, *, since: int = 0, n: int = 60) -> None:
    """So many plays, in small calls, as scrobblers send them."""
    for start in range(since, since + n, 6):
        plays = [play(3 * at, TITLES[at % 4]) for at in range(start, start + 6)]
        ingest(user=user, source=source, plays=plays, now=NOW)


def test_order_and_withdrawals_while_two_sources_send(rin: User) -> None:
    take_in(rin, "koito", n=30)

    def reorder() -> None:
        for order in (["lastfm"], ["spotify"], ["koito"], ["lastfm", "spotify"]):
            doubles.choose_order(user=rin, order=order, now=NOW)

    def delete_and_restore() -> None:
        for _ in range(4):
            ids = list(ListenEvent.objects.filter(user=rin).order_by("?").values_list("pk", flat=True)[:5])
            delete_listens(user=rin, listen_ids=ids, now=NOW)
            removed = list(RemovedListen.objects.filter(user=rin).values_list("pk", flat=True))
            restore(user=rin, removed_ids=removed, now=NOW)

    at_once(lambda: take_in(rin, "spotify"), lambda: take_in(rin, "lastfm"), reorder, delete_and_restore)
    prove(rin)
    take_in(rin, "spotify")
    take_in(rin, "lastfm")
    doubles.recompute(user=rin, now=NOW)
    prove(rin)
    assert listener_of(rin).n_listens == 60
    assert not ListenEvent.objects.filter(duplicate_of__duplicate_of__isnull=False).exists()


def test_names_are_put_right_while_plays_of_them_come_in(rin: User) -> None:
    take_in(rin, "lastfm", n=30)
    msid, numb = msid_of("Portishead", "Rodas"), msid_of("Portishead", "Numb")
    roads = Track.objects.get(title="Roads")

    def correct() -> None:
        for _ in range(3):
            first = relink(user=rin, msid=msid, track=roads, now=NOW)
            second = not_music(user=rin, msid=numb, now=NOW)
            undo_correction(user=rin, correction_id=first.pk, now=NOW)
            undo_correction(user=rin, correction_id=second.pk, now=NOW)
        relink(user=rin, msid=msid, track=roads, now=NOW)

    at_once(correct, lambda: take_in(rin, "lastfm"), lambda: take_in(rin, "spotify"))
    prove(rin)
    take_in(rin, "lastfm")
    take_in(rin, "spotify")
    prove(rin)
    assert not ListenEvent.objects.filter(track__title="Rodas").exists()
    assert listener_of(rin).n_listens == 60


def test_merges_while_members_send_plays_of_both_tracks(rin: User, sol: User, stranger: User, mod: User) -> None:
    take_in(rin, "lastfm", n=12)
    take_in(sol, "lastfm", n=12)
    ingest(user=sol, source="lastfm", plays=[play(2000, "Roads", artist="Portis Head")], now=NOW)
    roads, rodas = Track.objects.get(title="Roads", artist__name="Portishead"), Track.objects.get(title="Rodas")
    one, other = Artist.objects.get(name="Portishead"), Artist.objects.get(name="Portis Head")

    def merge_and_back() -> None:
        for _ in range(3):
            tracks = merge_tracks(keep=roads, drop=rodas, moderator=mod, reason="", now=NOW)
            artists = merge_artists(keep=one, drop=other, moderator=mod, reason="", now=NOW)
            unmerge(action=artists.action, moderator=mod, now=NOW)
            unmerge(action=tracks.action, moderator=mod, now=NOW)
        merge_tracks(keep=roads, drop=rodas, moderator=mod, reason="", now=NOW)

    at_once(merge_and_back, *[lambda user=user: take_in(user, "lastfm") for user in (rin, sol, stranger)])
    follow_late_ones(now=NOW)
    for user in (rin, sol, stranger):
        prove(user)
        assert ListenEvent.objects.filter(user=user).count() >= 60
    assert not ListenEvent.objects.filter(track=rodas).exists()
