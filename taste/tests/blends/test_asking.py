"""Both must want a blend, either may leave, and whoever may not see the other has none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client

from catalog.tests.factories import TrackFactory
from social.errors import NotAllowed, Refused
from social.models import Block, Follow, Notification, User
from social.tests.factories import UserFactory
from social.visibility import Visibility, visible_q
from taste.blends import asking, making
from taste.blends.standing import blends_of, may_blend, possible_partners, standing_between
from taste.matching.showing import TASTE_LEVELS
from taste.models import Blend, Playlist
from taste.playlists import reading, writing
from taste.playlists.writing import Line

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def agreed(a: User, b: User, *, now: datetime = NOW) -> Blend:
    return asking.accept(by=b, blend=asking.ask(by=a, whom=b, now=now), now=now)


def with_lists(a: User, b: User) -> Blend:
    """A blend with both copies of a list, as `making` leaves it."""
    row = agreed(a, b)
    for owner, other in ((a, b), (b, a)):
        line = Line(TrackFactory(), "why", "both")
        writing.save(user=owner, kind="blend", key=str(other.pk), title="Blend", lines=[line], now=NOW)
    return row


# --- Asking and answering -------------------------------------------------------------------------------------------
def test_one_asks_and_the_other_accepts(rin: User, stranger: User, jobs: Any) -> None:
    row = asking.ask(by=rin, whom=stranger, lean="asked", now=NOW)
    assert asking.ask(by=rin, whom=stranger, lean="even", now=NOW) == row
    (mine,) = blends_of(rin)
    (theirs,) = blends_of(stranger)
    assert (mine.is_waiting, mine.was_asked, mine.is_on) == (True, False, False)
    assert (theirs.is_waiting, theirs.was_asked, theirs.other) == (False, True, rin)
    assert theirs.lean_label == f"More of {stranger}"
    assert asking.accept(by=stranger, blend=row, now=NOW) == asking.accept(by=stranger, blend=row, now=NOW + MINUTE)
    assert blends_of(rin)[0].is_on
    assert blends_of(rin)[0].is_being_made
    assert Blend.objects.get().accepted_at == NOW
    kinds = dict(Notification.objects.values_list("kind", "user"))
    assert kinds == {"blend_asked": stranger.pk, "blend_accepted": rin.pk}
    text, address = Notification.objects.values_list("text", "address").get(kind="blend_asked")
    assert text == "{who} asks you for a blend of your music."
    assert address == f"/blends/with/{rin.handle}/"


def test_a_question_taken_back_is_told_no_longer(rin: User, sol: User, stranger: User, jobs: Any) -> None:
    asking.ask(by=sol, whom=stranger, now=NOW)
    row = asking.ask(by=rin, whom=stranger, now=NOW)
    asking.leave(by=rin, blend=row)
    (left,) = Notification.objects.filter(user=stranger)  # sol still asks
    assert list(left.actors.all()) == [sol]
    asking.ask(by=rin, whom=stranger, now=NOW + MINUTE)
    assert Notification.objects.filter(user=stranger, read_at=None, actors=rin).exists()


def test_of_a_blend_that_ended_neither_is_told_any_more(rin: User, stranger: User, jobs: Any) -> None:
    row = agreed(rin, stranger)
    assert Notification.objects.count() == 2
    asking.leave(by=stranger, blend=row)
    assert not Notification.objects.exists()


def test_asking_whoever_asked_before_is_a_yes(rin: User, stranger: User) -> None:
    row = asking.ask(by=rin, whom=stranger, lean="new", now=NOW)
    assert asking.ask(by=stranger, whom=rin, now=NOW) == row
    row.refresh_from_db()
    assert (row.accepted_at, row.lean, row.asker) == (NOW, "new", rin)


def test_the_asker_does_not_answer_for_the_other(rin: User, sol: User, stranger: User) -> None:
    row = asking.ask(by=rin, whom=stranger, now=NOW)
    for who in (rin, sol):
        with pytest.raises(NotAllowed):
            asking.accept(by=who, blend=row, now=NOW)
    assert not asking.decline(by=rin, blend=row, now=NOW)
    with pytest.raises(NotAllowed):
        asking.choose_lean(by=sol, blend=row, lean="even", now=NOW)
    assert not asking.leave(by=sol, blend=row)
    assert Blend.objects.get().accepted_at is None


def test_a_refusal_is_not_told_and_may_be_thought_over(rin: User, stranger: User) -> None:
    row = asking.ask(by=rin, whom=stranger, now=NOW)
    assert asking.decline(by=stranger, blend=row, now=NOW)
    assert blends_of(stranger) == []
    assert standing_between(stranger, rin) is None
    assert blends_of(rin)[0].is_waiting
    asking.ask(by=rin, whom=stranger, now=NOW + MINUTE)  # asking on does not bring the question back
    assert blends_of(stranger) == []
    asking.ask(by=stranger, whom=rin, now=NOW + MINUTE)
    assert blends_of(rin)[0].is_on
    assert Notification.objects.filter(kind="blend_asked").count() == 1


def test_a_question_can_be_taken_back(rin: User, stranger: User) -> None:
    row = asking.ask(by=rin, whom=stranger, now=NOW)
    assert asking.leave(by=rin, blend=row)
    assert not asking.leave(by=rin, blend=row)
    assert blends_of(stranger) == []
    with pytest.raises(NotAllowed):
        asking.accept(by=stranger, blend=row, now=NOW)


def test_nobody_asks_themselves_or_everybody(rin: User) -> None:
    with pytest.raises(Refused, match="takes two"):
        asking.ask(by=rin, whom=rin, now=NOW)
    for _ in range(asking.MAX_WAITING):
        asking.ask(by=rin, whom=UserFactory(), now=NOW)
    with pytest.raises(Refused, match="take one back"):
        asking.ask(by=rin, whom=UserFactory(), now=NOW)


def test_a_suspended_member_neither_asks_nor_accepts(rin: User, stranger: User) -> None:
    row = asking.ask(by=stranger, whom=rin, now=NOW)
    rin.suspended_at = NOW
    rin.save()
    for act in (
        lambda: asking.ask(by=rin, whom=stranger, now=NOW),
        lambda: asking.accept(by=rin, blend=row, now=NOW),
    ):
        with pytest.raises(Refused, match="suspended"):
            act()


@pytest.mark.parametrize("lean", ["", "mine", "EVEN"])
def test_no_other_lean(rin: User, stranger: User, lean: str) -> None:
    with pytest.raises(Refused):
        asking.ask(by=rin, whom=stranger, lean=lean, now=NOW)


# --- Leaving --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["asker", "asked"])
def test_either_leaves_and_both_lists_are_gone(rin: User, sol: User, stranger: User, who: str) -> None:
    row, other = with_lists(rin, stranger), with_lists(rin, sol)
    kept = writing.make(user=rin, title="Mine", now=NOW)
    assert asking.leave(by=getattr(row, who), blend=row)
    assert set(Playlist.objects.filter(kind="blend").values_list("user", "key")) == {
        (rin.pk, str(sol.pk)),
        (sol.pk, str(rin.pk)),
    }
    assert list(Blend.objects.all()) == [other]
    assert Playlist.objects.filter(pk=kept.pk).exists()


def test_a_list_that_was_being_made_when_somebody_left_is_not_kept(rin: User, stranger: User) -> None:
    row = agreed(rin, stranger)
    asking.leave(by=stranger, blend=row)
    assert making.make(row.pk, now=NOW) is None
    assert not Playlist.objects.exists()


# --- Who may --------------------------------------------------------------------------------------------------------
def test_partners_are_those_who_may_read_each_other(rin: User, sol: User, stranger: User) -> None:
    """Sol follows rin; every pair of levels, against the rule itself asked from both sides."""
    for mine, theirs in product(Visibility.values, repeat=2):
        User.objects.filter(pk=rin.pk).update(visibility=mine, taste_visibility=Visibility.MEMBERS)
        User.objects.filter(pk__in=[sol.pk, stranger.pk]).update(visibility=Visibility.PUBLIC, taste_visibility=theirs)
        for other_id in (sol.pk, stranger.pk):
            one, other = User.objects.get(pk=rin.pk), User.objects.get(pk=other_id)
            expected = all(
                User.objects.filter(visible_q(viewer, levels=TASTE_LEVELS, owner=""), pk=seen.pk).exists()
                for viewer, seen in ((one, other), (other, one))
            )
            assert may_blend(one, other) == may_blend(other, one) == expected, (mine, theirs, other.handle)


def lose_sight(rin: User, stranger: User) -> dict[str, Any]:
    return {
        "switched off": lambda: User.objects.filter(pk=stranger.pk).update(shows_matches=False),
        "blocked": lambda: Block.objects.create(blocker=stranger, blocked=rin),
        "blocked by the other": lambda: Block.objects.create(blocker=rin, blocked=stranger),
        "hidden taste": lambda: User.objects.filter(pk=stranger.pk).update(taste_visibility=Visibility.ME),
        "hidden page": lambda: User.objects.filter(pk=rin.pk).update(visibility=Visibility.FOLLOWERS),
        "gone": lambda: User.objects.filter(pk=stranger.pk).update(is_active=False),
    }


@pytest.mark.parametrize("how", lose_sight(User(), User()))
def test_whoever_may_no_longer_see_the_other_has_no_blend_at_once(rin: User, stranger: User, how: str) -> None:
    row = with_lists(rin, stranger)
    own = Playlist.objects.get(user=rin)
    assert reading.readable(rin).filter(pk=own.pk).exists()
    lose_sight(rin, stranger)[how]()
    one, other = User.objects.get(pk=rin.pk), User.objects.get(pk=stranger.pk)
    assert blends_of(one) == []
    assert standing_between(one, other) is None
    assert not reading.readable(one).filter(pk=own.pk).exists()
    assert not reading.owned(one).filter(pk=own.pk).exists()
    client = Client()
    client.force_login(one)
    assert client.get(f"/playlists/{own.pk}/").status_code == 404
    assert client.get(f"/playlists/{own.pk}.csv").status_code == 404
    assert client.get(f"/blends/with/{other.handle}/").status_code == 404
    assert client.post(f"/playlists/{own.pk}/delete/").status_code == 404
    with pytest.raises(Refused):
        asking.ask(by=one, whom=other, now=NOW)
    assert making.end_fallen(now=NOW) == 1
    assert not Blend.objects.filter(pk=row.pk).exists()
    assert not Playlist.objects.exists()


def test_hidden_listens_do_not_end_what_was_consented_to(rin: User, stranger: User) -> None:
    with_lists(rin, stranger)
    User.objects.filter(pk=rin.pk).update(listens_visibility=Visibility.ME)
    assert blends_of(User.objects.get(pk=rin.pk))[0].is_on


@pytest.mark.parametrize("level", ["public", "members", "followers", "me"])
def test_nobody_else_reads_a_blend_whatever_its_row_says(
    rin: User, sol: User, stranger: User, mod: User, level: str
) -> None:
    with_lists(rin, stranger)
    Playlist.objects.update(visibility=level)
    User.objects.update(visibility="public", listens_visibility="public", taste_visibility="public")
    own = Playlist.objects.get(user=rin)
    for viewer in (None, sol, stranger, mod):
        assert not reading.readable(viewer).filter(pk=own.pk).exists()
    with pytest.raises(Refused, match="for the two of you"):
        writing.edit(user=rin, playlist=own, title="x", note="", visibility="public", now=NOW)


# --- Choosing and renewing ------------------------------------------------------------------------------------------
def test_either_chooses_the_lean_and_may_have_it_made_anew(rin: User, stranger: User, jobs: Any) -> None:
    row = agreed(rin, stranger)
    Blend.objects.update(made_at=NOW)
    asking.choose_lean(by=stranger, blend=row, lean="new", now=NOW + MINUTE)
    assert blends_of(rin)[0].is_being_made
    with pytest.raises(Refused, match="ten minutes"):
        asking.want_anew(by=rin, blend=row, now=NOW + 2 * MINUTE)
    Blend.objects.update(made_at=NOW + 3 * MINUTE)
    asking.choose_lean(by=rin, blend=row, lean="new", now=NOW + 4 * MINUTE)  # the same changes nothing
    assert not blends_of(rin)[0].is_being_made
    asking.want_anew(by=rin, blend=row, now=NOW + 12 * MINUTE)
    assert making.due(NOW + 13 * MINUTE) == [row.pk]


def test_a_week_old_list_is_due(rin: User, stranger: User) -> None:
    row = agreed(rin, stranger)
    assert making.due(NOW) == [row.pk]
    Blend.objects.update(made_at=NOW)
    assert making.due(NOW + timedelta(days=6)) == []
    assert making.due(NOW + timedelta(days=8)) == [row.pk]


@pytest.mark.parametrize("n", [1, 12])
def test_as_many_queries_for_many_blends_as_for_one(rin: User, n: int, django_assert_num_queries: Any) -> None:
    for _ in range(n):
        agreed(rin, UserFactory())
    with django_assert_num_queries(2):
        assert len(blends_of(rin)) == n
    assert possible_partners(rin).count() == n
    client = Client()
    client.force_login(rin)
    client.get("/blends/")
    with django_assert_num_queries(8):
        client.get("/blends/")


def test_follow_requests_open_no_blend(rin: User, stranger: User) -> None:
    User.objects.filter(pk=rin.pk).update(taste_visibility="followers")
    Follow.objects.create(follower=stranger, followed=rin, state=Follow.State.REQUESTED)
    assert not may_blend(User.objects.get(pk=rin.pk), stranger)
    assert not may_blend(stranger, User.objects.get(pk=rin.pk))
