"""Whatever members, moderators and sources do, in any order: totals are true, and each play has one row that stands."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.merging import merge_artists, merge_tracks, unmerge
from catalog.models import Artist, Track
from listening import corrections, doubles
from listening.ingest import ingest, withdraw
from listening.models import Correction, ListenEvent, RemovedListen
from listening.plays import Play
from listening.tests.plays import EVENING, play, prove
from social.errors import Refused
from social.models import ModerationAction, User

NOW = EVENING + timedelta(days=30)
SOURCES = ["lastfm", "spotify", "koito"]
NAMES = [("Roads", "Portishead"), ("Rodas", "Portishead"), ("Roads", "Portis Head"), ("Numb", "Portishead")]
ACTS = [
    "take_in", "take_in", "take_in", "delete", "restore", "move", "relink", "not_music", "undo", "apart", "together",
    "order", "withdraw", "merge_tracks", "merge_artists", "unmerge",
]  # fmt: skip


def told(minute: int, name: int) -> Play:
    title, artist = NAMES[name]
    return play(minute / 4, title, artist, ms_played=90_000 if name else None)


class Story:
    """One member's listens, and what happens to them; `at` chooses among the rows there are."""

    def __init__(self) -> None:
        self.user = User.objects.create_user(handle="listener")

    def listens(self) -> list[ListenEvent]:
        return list(ListenEvent.objects.filter(user=self.user).order_by("played_at", "source", "msid"))

    def do(self, act: str, at: int, other: int) -> None:
        user, listens = self.user, self.listens()
        if act == "take_in":
            plays = [told(at * 3 + step, other % 4) for step in (0, 5, 7)]
            ingest(user=user, source=SOURCES[(at + other) % 3], plays=plays, now=NOW)
        elif act == "order":
            doubles.choose_order(user=user, order=SOURCES[at % 3 :] + SOURCES[: at % 3], now=NOW)
        elif act == "restore":
            removed = RemovedListen.objects.filter(user=user, correction=None).order_by("played_at", "source", "msid")
            corrections.restore(user=user, removed_ids=[each.pk for each in removed[at % 3 : at % 3 + 2]], now=NOW)
        elif act == "undo":
            for correction in Correction.objects.filter(user=user, undone_at=None)[:1]:
                corrections.undo_correction(user=user, correction_id=correction.pk, now=NOW)
        elif act in {"merge_tracks", "merge_artists"}:
            model, merge = (Track, merge_tracks) if act == "merge_tracks" else (Artist, merge_artists)
            rows: list[Any] = list(model.objects.current().order_by("pk"))  # type: ignore[attr-defined]
            if len(rows) > 1:
                keep, drop = rows[at % len(rows)], rows[other % len(rows)]
                merge(keep=keep, drop=drop, moderator=None, reason="", now=NOW)  # type: ignore[operator]
        elif act == "unmerge":
            for action in ModerationAction.objects.filter(verb__startswith="merge", undone_by=None).order_by("-pk")[:1]:
                unmerge(action=action, moderator=None, now=NOW)
        elif listens:
            self.do_to(listens[at % len(listens)], act, other)

    def do_to(self, listen: ListenEvent, act: str, other: int) -> None:
        user = self.user
        if act == "delete":
            corrections.delete_listens(user=user, listen_ids=[listen.pk], now=NOW)
        elif act == "withdraw":
            withdraw(user=user, listen_ids=[listen.pk], now=NOW)
        elif act == "move":
            corrections.move_listen(user=user, listen_id=listen.pk, played_at=told(other, 0).played_at, now=NOW)
        elif act == "not_music":
            corrections.not_music(user=user, msid=listen.msid, now=NOW)
        elif act == "relink":
            tracks = list(Track.objects.order_by("pk"))
            corrections.relink(user=user, msid=listen.msid, track=tracks[other % len(tracks)], now=NOW)
        else:
            say = doubles.keep_apart if act == "apart" else doubles.keep_together
            say(user=user, listen_id=listen.pk, now=NOW)

    def check(self) -> None:
        prove(self.user)
        for listen in ListenEvent.objects.select_related("track", "duplicate_of"):
            assert listen.artist_id == listen.track.artist_id
            assert listen.track.merged_into_id is None
            assert listen.duplicate_of is None or listen.duplicate_of.duplicate_of_id is None
        kept_out = set(RemovedListen.objects.values_list("source", "played_at", "msid"))
        assert kept_out.isdisjoint(ListenEvent.objects.values_list("source", "played_at", "msid"))
        silenced = Correction.objects.filter(undone_at=None, verb=Correction.Verb.NOT_MUSIC).values("msid")
        assert not ListenEvent.objects.filter(msid__in=silenced).exists()


class TestAnyOrder(TestCase):
    @hypothesis_settings(max_examples=25)
    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=14))
    def test_totals_are_true_after_each_step(self, steps: list[tuple[str, int, int]]) -> None:
        story = Story()
        story.do("take_in", 0, 0)
        for act, at, other in steps:
            with suppress(Refused):
                story.do(act, at, other)
            story.check()
