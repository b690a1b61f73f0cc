"""Lists hold what is new to a member, each album once, with a reason that is true."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from catalog.models import Album
from catalog.tests.factories import AlbumFactory, TrackFactory
from club.models import Phase
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from listening.models import AlbumTotal, TrackTotal
from social.models import Block, Follow, Mute, User
from social.tests.factories import UserFactory
from social.visibility import Visibility
from taste.models import TasteProfile, TrackEmbedding, UserRecommendation
from taste.recommending import feedback, renewing, shelf
from taste.recommending.showing import shown_to
from taste.tests.recommending.listening_club import NOW, albums, camp, list_of, plays, tagged

pytestmark = pytest.mark.django_db
Kind = UserRecommendation.Kind


def renewed(*members: User) -> None:
    renewing.renew(members or None, now=NOW)


@pytest.fixture
def camps() -> tuple[list[User], list[Album]]:
    """Twelve members in two camps, with seven albums each."""
    dub, folk = albums("Dub", 7), albums("Folk", 7)
    return camp("dub", dub, 6) + camp("folk", folk, 6), dub + folk


def test_what_others_of_the_same_taste_play_is_told_with_albums_that_the_member_plays(
    camps: tuple[list[User], list[Album]],
) -> None:
    members, shelf_ = camps
    renewed(*members)
    for place, member in enumerate(members):
        first = list_of(member)[0]
        left_out = shelf_[place % 6 + (0 if place < 6 else 7)]
        assert first.album == left_out
        assert first.evidence["albums"]
        assert set(first.evidence["albums"]) <= set(member_albums(member))
        for title in Album.objects.filter(pk__in=first.evidence["albums"]).values_list("title", flat=True):
            assert f"“{title}”" in first.reason


def member_albums(member: User) -> list[int]:
    return list(AlbumTotal.objects.filter(user=member).values_list("album", flat=True))


def test_the_same_night_twice_writes_the_same_lists(camps: tuple[list[User], list[Album]]) -> None:
    def told() -> list[tuple[object, ...]]:
        rows = UserRecommendation.objects.order_by("user", "rank")
        return list(rows.values_list("user", "album", "kind", "rank", "score", "reason"))

    renewed()
    first = told()
    renewed()
    assert first
    assert told() == first


def test_nothing_known_is_recommended(camps: tuple[list[User], list[Album]]) -> None:
    (me, *others), (stays, *_) = camps
    rated, put_up, answered, heard, other_edition = (tagged(album, "dub") for album in albums("Dub more", 5))
    for other in others[:2]:
        plays(other, rated, put_up, answered, heard, other_edition)
    RatingFactory(user=me, week=None, album=rated)
    NominationFactory(user=me, album=put_up)
    feedback.say(member=me, album=answered, feedback="known", now=NOW)
    track = TrackFactory(artist=heard.artist, album=heard)
    TrackTotal.objects.create(user=me, track=track, n_listens=1, first_at=NOW, last_at=NOW)
    plays(me, AlbumFactory(title=other_edition.title, title_key=other_edition.title_key, artist=other_edition.artist,
                           release_group_mbid="11111111-1111-4111-8111-111111111111"))  # fmt: skip
    renewed(me)
    told = {row.album_id for row in list_of(me)}
    assert stays.pk in told
    assert told.isdisjoint({rated.pk, put_up.pk, answered.pk, heard.pk, other_edition.pk})
    assert told.isdisjoint(member_albums(me))


def test_an_album_that_one_other_member_plays_is_not_told_by_their_plays(
    camps: tuple[list[User], list[Album]],
) -> None:
    members, _ = camps
    secret = AlbumFactory(title="Of one alone")
    plays(members[1], secret)
    renewed(members[0])
    assert secret.pk not in {row.album_id for row in list_of(members[0])}
    plays(members[2], secret)
    renewed(members[0])
    assert secret.pk in {row.album_id for row in list_of(members[0])}
    Block.objects.create(blocker=members[1], blocked=members[0])
    renewed(members[0])
    assert secret.pk not in {row.album_id for row in list_of(members[0])}


@pytest.mark.parametrize("area", ["visibility", "listens_visibility"])
def test_nothing_is_learned_from_members_who_hide_their_plays(camps: tuple[list[User], list[Album]], area: str) -> None:
    members, _ = camps
    hidden = albums("Hidden", 2)
    for member in members[1:4]:
        plays(member, *hidden)
        setattr(member, area, Visibility.FOLLOWERS)
        member.save()
    renewed(members[0])
    assert {row.album_id for row in list_of(members[0])}.isdisjoint(album.pk for album in hidden)
    assert len(shelf.read().learners) == 9


def test_a_member_who_hides_their_plays_still_has_a_list(camps: tuple[list[User], list[Album]]) -> None:
    members, shelf_ = camps
    members[0].listens_visibility = Visibility.ME
    members[0].save()
    renewed(members[0])
    assert list_of(members[0])[0].album == shelf_[0]


def test_in_a_small_club_genres_carry_the_list_and_say_so(rin: User, stranger: User) -> None:
    dub = [tagged(album, "dub", "reggae") for album in albums("Dub", 3)]
    folk = tagged(AlbumFactory(title="Folk"), "folk")
    plays(rin, *dub[:2])
    plays(stranger, dub[2], folk)
    renewed(rin)
    (row,) = list_of(rin)
    assert (row.album, row.kind) == (dub[2], Kind.SIMILAR)
    assert row.reason == (
        "It is dub and reggae, like albums that you play. Too few members share their plays yet to go by those."
    ) or row.reason == (
        "It is reggae and dub, like albums that you play. Too few members share their plays yet to go by those."
    )
    assert set(row.evidence["tags"]) == {"dub", "reggae"}


def test_another_album_of_an_artist_one_plays_is_told_by_the_artists_name(rin: User, stranger: User) -> None:
    own = AlbumFactory(title="Tago Mago", artist__name="Can")
    other = AlbumFactory(title="Ege Bamyasi", artist=own.artist)
    plays(rin, own)
    plays(stranger, other, AlbumFactory())
    renewed(rin)
    (row,) = list_of(rin)
    assert (row.album, row.kind, row.reason) == (other, Kind.SIMILAR, "By Can, whom you play.")
    assert row.evidence == {"part": "artists", "artists": [own.artist_id]}


def test_what_sounds_alike_is_told_by_the_album_it_sounds_like(rin: User, stranger: User) -> None:
    near, far, quiet, loud = albums("Sound", 4)
    for album, vector in ((near, (1, 0.1)), (far, (-1, 0)), (quiet, (0.9, 0)), (loud, (-1, 0.3))):
        track = TrackFactory(artist=album.artist, album=album)
        TrackEmbedding.objects.create(
            track=track, model="dsp-v1", version="1", dimensions=2, vector=np.array(vector, "<f4").tobytes(),
            computed_at=NOW,
        )  # fmt: skip
    plays(rin, quiet)
    plays(stranger, near, far, loud)
    renewed(rin)
    (row,) = list_of(rin)
    assert (row.album, row.kind, row.evidence["albums"]) == (near, Kind.SOUND, [quiet.pk])
    assert row.reason == f"Sounds like “{quiet.title}”, which you play."
    lately = np.array((-1, 0.2), "<f4").tobytes()
    TasteProfile.objects.create(user=rin, model="dsp-v1", embedding=lately)  # half a year of something else
    renewed(rin)
    assert {row.album for row in list_of(rin)} == {far, loud}
    assert {row.reason for row in list_of(rin)} == {"Sounds near the middle of what you play."}


def test_club_picks_that_were_missed_are_told_with_their_figures(rin: User) -> None:
    heard, missed = (WeekFactory(phase=Phase.CLOSED) for _ in range(2))
    running = WeekFactory(phase=Phase.POLL)
    plays(rin, heard.winner.album)
    for _ in range(3):
        RatingFactory(week=missed, half_stars=9)
    renewed(rin)
    (row,) = list_of(rin)
    assert (row.album, row.kind) == (missed.winner.album, Kind.CLUB)
    assert row.reason == (
        f"Won week {missed.number} of the club and got 4.5 stars from 3 members; you have not played it."
    )
    assert running.winner is None


def test_high_ratings_of_followed_members_are_told_by_name(rin: User, sol: User, stranger: User) -> None:
    praised = RatingFactory(user=rin, week=None, half_stars=9).album
    RatingFactory(user=rin, week=None, half_stars=8)
    RatingFactory(user=stranger, week=None, half_stars=10)
    renewed(sol)
    (row,) = list_of(sol)
    assert (row.album, row.kind, row.reason) == (praised, Kind.FRIENDS, "Rin, whom you follow, rated it 4.5.")


def test_a_followers_only_rating_is_told_to_followers_alone(rin: User, sol: User, stranger: User) -> None:
    rating = RatingFactory(user=rin, week=None, half_stars=10, visibility=Visibility.FOLLOWERS)
    renewed(sol, stranger)
    assert [row.album_id for row in list_of(sol)] == [rating.album_id]
    assert list_of(stranger) == []


def test_a_rating_that_is_hidden_since_is_told_no_more(rin: User, sol: User) -> None:
    rating = RatingFactory(user=rin, week=None, half_stars=10)
    other = RatingFactory(user=UserFactory(display_name="Bo"), week=None, album=rating.album, half_stars=9)
    Follow.objects.create(follower=sol, followed=other.user)
    renewed(sol)
    assert [row.reason for row in shown_to(sol, sol)] == ["Rin and Bo, whom you follow, rated it 4.5 or better."]
    rating.visibility = Visibility.ME
    rating.save()
    assert [row.reason for row in shown_to(sol, sol)] == ["Bo, whom you follow, rated it 4.5."]
    Follow.objects.filter(follower=sol, followed=other.user).delete()
    assert shown_to(sol, sol) == []


def test_whoever_was_muted_or_left_since_is_named_no_more(rin: User, sol: User) -> None:
    rating = RatingFactory(user=rin, week=None, half_stars=10)
    other = RatingFactory(user=UserFactory(display_name="Bo"), week=None, album=rating.album, half_stars=9)
    Follow.objects.create(follower=sol, followed=other.user)
    renewed(sol)
    Mute.objects.create(muter=sol, muted=rin)
    assert [row.reason for row in shown_to(sol, sol)] == ["Bo, whom you follow, rated it 4.5."]
    User.objects.filter(pk=other.user_id).update(is_active=False)
    assert shown_to(sol, sol) == []


def test_what_was_played_since_is_shown_no_more(rin: User, sol: User) -> None:
    rating = RatingFactory(user=rin, week=None, half_stars=10)
    renewed(sol)
    plays(sol, rating.album)
    assert shown_to(sol, sol) == []


def test_an_answer_stays_over_nights_and_may_be_taken_back(rin: User, sol: User) -> None:
    album = RatingFactory(user=rin, week=None, half_stars=10).album
    renewed(sol)
    said = feedback.say(member=sol, album=album, feedback="not_interested", now=NOW)
    again = feedback.say(member=sol, album=album, feedback="not_interested", now=NOW + timedelta(days=1))
    assert said.feedback_at == again.feedback_at == NOW
    assert shown_to(sol, sol) == []
    renewed(sol)
    assert list_of(sol) == []
    assert UserRecommendation.objects.get(user=sol).feedback == "not_interested"
    feedback.say(member=sol, album=album, feedback="", now=NOW)
    renewed(sol)
    assert [row.album for row in list_of(sol)] == [album]


def test_whoever_left_while_lists_were_made_gets_none(rin: User, sol: User) -> None:
    album = AlbumFactory()
    User.objects.filter(pk=rin.pk).update(is_active=False)  # after `rin` was read for the night
    for member in (rin, sol):
        row = UserRecommendation(user=member, album=album, rank=1, score=1, kind=Kind.SIMILAR, computed_at=NOW)
        renewing.keep(member, [row])
    assert [row.user for row in UserRecommendation.objects.all()] == [sol]


def test_a_site_without_anything_has_empty_lists(rin: User) -> None:
    assert str(renewing.renew(now=NOW)) == "0 albums for 1 members, learned from 0"
