"""Members take plays out, put them back and put them right; no source undoes it, and totals follow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalog.models import Track
from catalog.naming import get_or_create_album, get_or_create_track
from listening.compact import pack, unpack
from listening.corrections import delete_listens, move_listen, not_music, relink, restore, undo_correction
from listening.ingest import ingest, preview
from listening.models import Correction, ImportBatch, ListenEvent, RemovedListen
from listening.plays import Outcome, Play, Reason, msid_of
from listening.tests.plays import EVENING, listener_of, play, prove
from social.errors import Refused
from social.models import User

pytestmark = pytest.mark.django_db
NOW = EVENING + timedelta(days=30)
LATER = NOW + timedelta(days=1)
ROADS = msid_of("Portishead", "Roads")


def take_in(user: User, *plays: Play, source: str = "lastfm", batch: ImportBatch | None = None) -> Outcome:
    return ingest(user=user, source=source, plays=plays, now=NOW, batch=batch)


def rows(user: User) -> list[dict[str, Any]]:
    """Everything of a member's listens but their ids."""
    of_member = ListenEvent.objects.filter(user=user).order_by("source", "played_at", "msid")
    names = ("source", "played_at", "msid", "track", "artist", "album", "ms_played", "import_batch")
    return [
        {**values, "stands": values.pop("duplicate_of__source")}
        for values in of_member.values(*names, "duplicate_of__source")
    ]


def ids(user: User, **which: Any) -> list[int]:
    return list(ListenEvent.objects.filter(user=user, **which).order_by("pk").values_list("pk", flat=True))


# --- Delete and restore ---------------------------------------------------------------------------------------------
def test_a_deleted_play_is_gone_and_no_sync_brings_it_back(rin: User) -> None:
    take_in(rin, play(0), play(5, "Strangers"))
    removed = delete_listens(user=rin, listen_ids=ids(rin, msid=ROADS), now=NOW)
    assert [(each.source, each.msid, each.why) for each in removed] == [("lastfm", ROADS, "deleted")]
    outcome = take_in(rin, play(0), play(5, "Strangers"))
    assert (outcome.n_new, outcome.n_known, [each.reason for each in outcome.skipped]) == (0, 1, [Reason.REMOVED])
    assert listener_of(rin).n_listens == 1
    prove(rin)


def test_restoring_leaves_everything_as_it_was(rin: User) -> None:
    batch = ImportBatch.objects.create(user=rin, source="spotify", file_name="a.zip", created_at=NOW)
    take_in(rin, play(0, ms_played=200_000), source="spotify", batch=batch)
    take_in(rin, play(0.2), play(5, "Strangers"))
    before = rows(rin)
    removed = delete_listens(user=rin, listen_ids=ids(rin), now=NOW)
    assert rows(rin) == []
    assert listener_of(rin).n_listens == listener_of(rin).n_duplicates == 0
    prove(rin)
    assert restore(user=rin, removed_ids=[each.pk for each in removed], now=LATER) == 3
    assert rows(rin) == before
    assert not RemovedListen.objects.exists()
    assert restore(user=rin, removed_ids=[each.pk for each in removed], now=LATER) == 0
    prove(rin)


def test_with_a_play_every_row_that_tells_it_goes(rin: User) -> None:
    take_in(rin, play(0), source="spotify")
    take_in(rin, play(0.2))
    behind = ids(rin, duplicate_of__isnull=False)
    assert len(delete_listens(user=rin, listen_ids=behind, now=NOW)) == 2
    assert not ListenEvent.objects.exists()
    assert delete_listens(user=rin, listen_ids=behind, now=NOW) == []
    prove(rin)


def test_a_source_that_comes_later_does_not_bring_a_deleted_play_back(rin: User) -> None:
    take_in(rin, play(0), play(30))
    delete_listens(user=rin, listen_ids=ids(rin, played_at=EVENING), now=NOW)
    told = [play(0.3), play(30.1), play(60)]
    expected = (1, 1, [Reason.REMOVED])
    for brought in (preview(user=rin, source="spotify", plays=told, now=NOW), take_in(rin, *told, source="spotify")):
        reasons = [each.reason for each in brought.skipped]
        assert (brought.n_new, brought.n_duplicates, reasons) == expected
    again = take_in(rin, *told, source="spotify")
    assert (again.n_new, again.n_known, len(again.skipped)) == (0, 2, 1)
    prove(rin)


def test_nobody_deletes_or_restores_what_is_another_s(rin: User, sol: User) -> None:
    take_in(rin, play(0))
    assert delete_listens(user=sol, listen_ids=ids(rin), now=NOW) == []
    removed = delete_listens(user=rin, listen_ids=ids(rin), now=NOW)
    assert restore(user=sol, removed_ids=[each.pk for each in removed], now=NOW) == 0
    assert RemovedListen.objects.count() == 1


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_a_play_of_an_import_that_was_taken_back_comes_back_without_it(rin: User, is_forgotten: bool) -> None:
    batch = ImportBatch.objects.create(user=rin, source="spotify", file_name="a.zip", created_at=NOW)
    take_in(rin, play(0), source="spotify", batch=batch)
    removed = delete_listens(user=rin, listen_ids=ids(rin), now=NOW)
    batch.state = ImportBatch.State.UNDONE
    batch.save()
    if is_forgotten:
        batch.delete()
    restore(user=rin, removed_ids=[removed[0].pk], now=NOW)
    assert ListenEvent.objects.get().import_batch is None


# --- Another time ---------------------------------------------------------------------------------------------------
def test_a_moved_play_stands_at_its_new_time_and_the_old_one_stays_away(rin: User) -> None:
    take_in(rin, play(0, ms_played=180_000), source="spotify")
    take_in(rin, play(0.2))
    moved = move_listen(user=rin, listen_id=ids(rin, source="lastfm")[0], played_at=play(90).played_at, now=NOW)
    assert (moved.source, moved.played_at, moved.ms_played) == ("manual", play(90).played_at, 180_000)
    assert ListenEvent.objects.count() == 1
    assert [each.reason for each in take_in(rin, play(0.2)).skipped] == [Reason.REMOVED]
    prove(rin)


def test_a_moved_play_goes_back_with_all_its_rows(rin: User) -> None:
    take_in(rin, play(0), source="spotify")
    take_in(rin, play(0.2))
    before = rows(rin)
    move_listen(user=rin, listen_id=ids(rin)[0], played_at=play(90).played_at, now=NOW)
    restore(user=rin, removed_ids=[RemovedListen.objects.filter(source="lastfm").get().pk], now=NOW)
    assert rows(rin) == before
    assert not RemovedListen.objects.exists()
    prove(rin)


def test_a_play_moved_twice_goes_back_in_one_step(rin: User) -> None:
    take_in(rin, play(0))
    before = rows(rin)
    first = move_listen(user=rin, listen_id=ids(rin)[0], played_at=play(90).played_at, now=NOW)
    move_listen(user=rin, listen_id=first.pk, played_at=play(200).played_at, now=LATER)
    assert RemovedListen.objects.get().moved_to == play(200).played_at
    restore(user=rin, removed_ids=[RemovedListen.objects.get().pk], now=LATER)
    assert rows(rin) == before
    prove(rin)


def test_a_play_moved_to_where_another_source_has_it_is_one(rin: User) -> None:
    take_in(rin, play(90), source="spotify")
    take_in(rin, play(0))
    move_listen(user=rin, listen_id=ids(rin, source="lastfm")[0], played_at=play(90.1).played_at, now=NOW)
    assert listener_of(rin).n_listens == 1
    prove(rin)


def test_the_same_time_again_changes_nothing(rin: User) -> None:
    take_in(rin, play(0))
    (listen_id,) = ids(rin)
    assert move_listen(user=rin, listen_id=listen_id, played_at=EVENING, now=NOW).pk == listen_id
    assert not RemovedListen.objects.exists()


def test_a_play_is_moved_to_where_another_was_deleted(rin: User) -> None:
    take_in(rin, play(0), play(30))
    first = move_listen(user=rin, listen_id=ids(rin)[0], played_at=play(90).played_at, now=NOW)
    delete_listens(user=rin, listen_ids=[first.pk], now=NOW)
    again = move_listen(user=rin, listen_id=ids(rin)[0], played_at=play(90).played_at, now=LATER)
    restore(
        user=rin,
        removed_ids=RemovedListen.objects.filter(moved_to=again.played_at).values_list("pk", flat=True),
        now=LATER,
    )
    assert set(ListenEvent.objects.values_list("source", flat=True)) == {"lastfm"}
    prove(rin)


@pytest.mark.parametrize("played_at", [EVENING.replace(year=1999), NOW + timedelta(minutes=1)])
def test_a_play_is_not_moved_out_of_time(rin: User, played_at: Any) -> None:
    take_in(rin, play(0))
    with pytest.raises(Refused, match="between October 2002 and now"):
        move_listen(user=rin, listen_id=ids(rin)[0], played_at=played_at, now=NOW)


def test_a_play_is_not_moved_onto_itself(rin: User) -> None:
    take_in(rin, play(0), source="manual")
    take_in(rin, play(30))
    with pytest.raises(Refused, match="at that time already"):
        move_listen(user=rin, listen_id=ids(rin, source="lastfm")[0], played_at=EVENING, now=NOW)
    with pytest.raises(Refused, match="no longer here"):
        move_listen(user=rin, listen_id=0, played_at=EVENING, now=NOW)


# --- What names mean ------------------------------------------------------------------------------------------------
def other_track() -> Track:
    return get_or_create_track(title="Roads (Live)", artist="Portishead Live")[0]


def test_names_mean_another_track_for_the_past_and_for_what_comes(rin: User, sol: User) -> None:
    take_in(rin, play(0), play(10), play(5, "Strangers"))
    take_in(sol, play(0))
    track = other_track()
    correction = relink(user=rin, msid=ROADS, track=track, now=NOW)
    assert (correction.artist_name, correction.title) == ("Portishead", "Roads")
    take_in(rin, play(20))
    assert ListenEvent.objects.filter(user=rin, track=track, artist=track.artist).count() == 3
    assert ListenEvent.objects.get(user=sol).track != track
    assert relink(user=rin, msid=ROADS, track=track, now=LATER) == correction
    prove(rin)


def test_undoing_brings_each_listen_to_its_own_track_and_album(rin: User) -> None:
    take_in(rin, play(0), play(10), play(20, album="Roseland"))
    before = rows(rin)
    album, _ = get_or_create_album(title="Live", artist="Portishead")
    correction = relink(user=rin, msid=ROADS, track=other_track(), album=album, now=NOW)
    assert set(ListenEvent.objects.values_list("album", flat=True)) == {album.pk}
    prove(rin)
    assert undo_correction(user=rin, correction_id=correction.pk, now=LATER)
    assert rows(rin) == before
    assert not undo_correction(user=rin, correction_id=correction.pk, now=LATER)
    prove(rin)
    take_in(rin, play(30))
    assert ListenEvent.objects.filter(track__title="Roads").count() == 4


def test_what_came_after_the_correction_goes_back_too(rin: User) -> None:
    take_in(rin, play(0))
    correction = relink(user=rin, msid=ROADS, track=other_track(), now=NOW)
    take_in(rin, play(10))
    undo_correction(user=rin, correction_id=correction.pk, now=LATER)
    assert set(ListenEvent.objects.values_list("track__title", flat=True)) == {"Roads"}
    prove(rin)


def test_a_second_word_on_the_same_names_replaces_the_first(rin: User) -> None:
    take_in(rin, play(0))
    before = rows(rin)
    relink(user=rin, msid=ROADS, track=other_track(), now=NOW)
    third, _ = get_or_create_track(title="Third", artist="Portishead")
    second = relink(user=rin, msid=ROADS, track=third, now=NOW)
    assert ListenEvent.objects.get().track == third
    undo_correction(user=rin, correction_id=second.pk, now=LATER)
    assert rows(rin) == before
    assert not Correction.objects.filter(undone_at__isnull=True).exists()


def test_two_sources_become_one_play_when_their_names_mean_one_track(rin: User) -> None:
    take_in(rin, play(0, "Roads"))
    take_in(rin, play(0.1, "Rodas"), source="spotify")
    assert listener_of(rin).n_listens == 2
    correction = relink(user=rin, msid=msid_of("Portishead", "Rodas"), track=Track.objects.get(title="Roads"), now=NOW)
    assert listener_of(rin).n_listens == 1
    prove(rin)
    undo_correction(user=rin, correction_id=correction.pk, now=LATER)
    assert listener_of(rin).n_listens == 2
    prove(rin)


def test_what_is_no_music_goes_and_stays_away_until_undone(rin: User) -> None:
    take_in(rin, play(0), play(10), play(5, "Strangers"))
    before = rows(rin)
    correction = not_music(user=rin, msid=ROADS, now=NOW)
    assert not_music(user=rin, msid=ROADS, now=NOW) == correction
    assert [row["msid"] for row in rows(rin)] == [msid_of("Portishead", "Strangers")]
    outcome = take_in(rin, play(0), play(40))
    assert {each.reason for each in outcome.skipped} <= {Reason.NOT_MUSIC, Reason.REMOVED}
    assert outcome.n_new == 0
    prove(rin)
    with pytest.raises(Refused, match="music after all"):
        restore(user=rin, removed_ids=[correction.removed.all()[0].pk], now=NOW)
    undo_correction(user=rin, correction_id=correction.pk, now=LATER)
    assert rows(rin) == before
    assert take_in(rin, play(40)).n_new == 1
    prove(rin)


def test_a_deleted_play_comes_back_as_what_its_names_mean_by_then(rin: User) -> None:
    take_in(rin, play(0), play(10))
    removed = delete_listens(user=rin, listen_ids=ids(rin, played_at=EVENING), now=NOW)
    silence = not_music(user=rin, msid=ROADS, now=NOW)
    with pytest.raises(Refused, match="music after all"):
        restore(user=rin, removed_ids=[each.pk for each in removed], now=NOW)
    undo_correction(user=rin, correction_id=silence.pk, now=NOW)
    track = other_track()
    relink(user=rin, msid=ROADS, track=track, now=NOW)
    restore(user=rin, removed_ids=[each.pk for each in removed], now=NOW)
    assert ListenEvent.objects.filter(track=track, artist=track.artist).count() == 2
    prove(rin)


def test_undoing_one_silence_leaves_the_other(rin: User) -> None:
    take_in(rin, play(0, "Roads"), source="spotify")
    take_in(rin, play(0, "ROADS (Live)"))
    first = not_music(user=rin, msid=ROADS, now=NOW)
    live = msid_of("Portishead", "ROADS (Live)")
    second = not_music(user=rin, msid=live, now=NOW, names=("Portishead", "ROADS (Live)"))
    undo_correction(user=rin, correction_id=first.pk, now=LATER)
    assert list(ListenEvent.objects.values_list("msid", flat=True)) == [ROADS]
    undo_correction(user=rin, correction_id=second.pk, now=LATER)
    assert ListenEvent.objects.count() == 2
    prove(rin)


def test_music_that_was_none_can_be_linked(rin: User) -> None:
    take_in(rin, play(0))
    not_music(user=rin, msid=ROADS, now=NOW)
    track = other_track()
    relink(user=rin, msid=ROADS, track=track, now=NOW)
    assert ListenEvent.objects.get().track == track
    assert Correction.objects.filter(undone_at__isnull=True).count() == 1
    prove(rin)


def test_names_that_nobody_told_need_to_be_said(rin: User) -> None:
    with pytest.raises(Refused, match="None of your plays"):
        not_music(user=rin, msid=ROADS, now=NOW)
    not_music(user=rin, msid=ROADS, now=NOW, names=("Portishead", "Roads"))
    assert take_in(rin, play(0)).n_new == 0


def test_nobody_undoes_what_another_said(rin: User, sol: User) -> None:
    take_in(rin, play(0))
    correction = not_music(user=rin, msid=ROADS, now=NOW)
    with pytest.raises(Refused, match="nothing to undo"):
        undo_correction(user=sol, correction_id=correction.pk, now=NOW)


def test_many_ids_are_remembered_in_few_letters() -> None:
    many = [10_000_000 + 7 * n for n in range(20_000)]
    assert unpack(pack(reversed(many))) == many
    assert len(pack(many)) < 1_000
    assert unpack(pack([])) == []
