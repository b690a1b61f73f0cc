"""`/blends/`: asking, answering and leaving with plain forms; who finds the pages; what moderators do about a list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from social.errors import Refused
from social.models import Block, ModerationAction, Report, User
from social.reports import report, resolve_report
from taste.blends import making
from taste.models import Blend, Playlist
from taste.own_data import forget
from taste.playlists import writing
from taste.playlists.moderating import hide_playlist, unhide_playlist
from taste.tests.blends.test_asking import agreed, with_lists
from taste.tests.blends.test_making import music, played

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_two_members_blend_with_plain_forms(rin: User, stranger: User) -> None:
    tracks = music(30)
    played(rin, dict.fromkeys(tracks[:20], 4))
    played(stranger, dict.fromkeys(tracks[10:], 4))
    mine, theirs = signed_in(rin), signed_in(stranger)
    asks = mine.get(f"/blends/with/{stranger.handle}/").text
    assert "also where your listens are hidden otherwise" in asks  # what accepting means is said before asking
    mine.post(f"/blends/with/{stranger.handle}/ask/", {"lean": "asker"})
    assert "who has not answered yet" in mine.get(f"/blends/with/{stranger.handle}/").text
    assert "They ask you" in theirs.get("/blends/").text
    question = theirs.get(f"/blends/with/{rin.handle}/").text
    assert "also where your listens are hidden otherwise" in question
    assert "More of Rin" in question
    assert "being made" in theirs.post(f"/blends/with/{rin.handle}/accept/", follow=True).text
    making.make(Blend.objects.get().pk, now=timezone.now())
    for client, other in ((mine, stranger), (theirs, rin)):
        page = client.get(f"/blends/with/{other.handle}/").text
        assert "Both of you play it: Rin 4 plays" in page
        assert f'origin-theirs">{other}</span>' in page
        assert "being made" not in page
        assert "Leave the blend" in page
    copy = Playlist.objects.get(user=rin)
    assert mine.get(f"/playlists/{copy.pk}/")["Location"] == f"/blends/with/{stranger.handle}/"
    assert "Both of you play it" in mine.get(f"/playlists/{copy.pk}.csv").text
    mine.post(f"/blends/with/{stranger.handle}/lean/", {"lean": "new"})
    assert Blend.objects.get().lean == "new"
    theirs.post(f"/blends/with/{rin.handle}/leave/")
    assert not Blend.objects.exists()
    assert not Playlist.objects.exists()
    assert mine.get(f"/playlists/{copy.pk}/").status_code == 404


def test_a_declined_question_is_gone_for_who_was_asked_alone(rin: User, stranger: User) -> None:
    signed_in(rin).post(f"/blends/with/{stranger.handle}/ask/", {"lean": "even"})
    signed_in(stranger).post(f"/blends/with/{rin.handle}/decline/")
    assert "They ask you" not in signed_in(stranger).get("/blends/").text
    assert "You asked" in signed_in(rin).get("/blends/").text
    signed_in(rin).post(f"/blends/with/{stranger.handle}/leave/")
    assert not Blend.objects.exists()


@pytest.mark.parametrize("verb", ["accept", "decline", "leave", "lean", "renew"])
def test_nobody_answers_for_others(rin: User, sol: User, stranger: User, verb: str) -> None:
    agreed(rin, stranger)
    for viewer, other in ((sol, rin), (sol, stranger)):
        answer = signed_in(viewer).post(f"/blends/with/{other.handle}/{verb}/", {"lean": "new"})
        assert answer["Location"] == "/blends/"
    assert Blend.objects.get().accepted_at is not None
    assert Blend.objects.get().lean == "even"


def test_who_may_open_the_pages(rin: User, sol: User, stranger: User) -> None:
    with_lists(rin, stranger)
    assert Client().get("/blends/")["Location"].startswith("/accounts/login/")
    assert Client().get(f"/blends/with/{rin.handle}/")["Location"].startswith("/accounts/login/")
    page = signed_in(sol).get(f"/blends/with/{rin.handle}/")  # a page of their own: nothing of rin's other blends
    assert page.status_code == 200
    assert "Ask Rin" in page.text
    assert "why" not in page.text
    Block.objects.create(blocker=rin, blocked=sol)
    assert signed_in(sol).get(f"/blends/with/{rin.handle}/").status_code == 404
    assert signed_in(sol).post(f"/blends/with/{rin.handle}/ask/", {"lean": "even"}).status_code == 404
    for handle in (sol.handle, "nobody_here"):
        assert signed_in(sol).get(f"/blends/with/{handle}/").status_code == 404
    assert signed_in(rin).post(f"/blends/with/{stranger.handle}/explode/").status_code == 404


def test_pages_are_not_kept_by_anybody(rin: User, stranger: User) -> None:
    with_lists(rin, stranger)
    for path in ("/blends/", f"/blends/with/{stranger.handle}/"):
        assert "no-store" in signed_in(rin).get(path)["Cache-Control"]


def test_the_compare_page_offers_a_blend_to_the_two_alone(rin: User, sol: User, stranger: User) -> None:
    about: dict[str, Any] = {"member": rin, "other": stranger, "match": None}
    offer = lambda viewer: render_to_string("taste/_blend_offer.html", {**about, "viewer": viewer})  # noqa: E731
    assert f"/blends/with/{stranger.handle}/" in offer(rin)
    assert f"/blends/with/{rin.handle}/" in offer(stranger)
    assert "href" not in offer(sol)


@pytest.mark.parametrize("n", [12, 50])
def test_a_long_blend_asks_no_more_often(rin: User, stranger: User, n: int, django_assert_max_num_queries: Any) -> None:
    played(rin, dict.fromkeys(music(n), 4))
    making.make(agreed(rin, stranger).pk, now=NOW)
    client = signed_in(rin)
    client.get(f"/blends/with/{stranger.handle}/")
    with django_assert_max_num_queries(16):
        assert client.get(f"/blends/with/{stranger.handle}/").text.count("origin-mine") == n


# --- Reporting a list -----------------------------------------------------------------------------------------------
@pytest.fixture
def shown(rin: User) -> Playlist:
    row = writing.make(user=rin, title="Rude words", now=NOW)
    writing.edit(user=rin, playlist=row, title="Rude words", note="and more", visibility="members", now=NOW)
    return Playlist.objects.get(pk=row.pk)


def test_a_list_is_reported_with_its_words_and_hidden_by_a_moderator(
    rin: User, stranger: User, mod: User, shown: Playlist
) -> None:
    client = signed_in(stranger)
    assert f"/playlists/{shown.pk}/report/" in client.get(f"/playlists/{shown.pk}/").text
    assert client.post(f"/playlists/{shown.pk}/report/", {"reason": ""}).status_code == 400
    client.post(f"/playlists/{shown.pk}/report/", {"reason": "It insults."})
    row = Report.objects.get()
    assert (row.kind, row.object_id, row.subject, row.address) == (
        "taste.playlist",
        shown.pk,
        rin,
        f"/playlists/{shown.pk}/",
    )
    assert row.quote == "Rude words\nand more"
    resolve_report(report=row, moderator=mod, outcome="hidden", reason="It does.", now=NOW)
    shown.refresh_from_db()
    assert (shown.title, shown.note, shown.visibility) == ("A list", "", "me")
    assert client.get(f"/playlists/{shown.pk}/").status_code == 404
    assert signed_in(rin).get(f"/playlists/{shown.pk}/").status_code == 200
    action = ModerationAction.objects.get(verb="hide_playlist")
    assert (action.moderator, action.before["title"], action.reason) == (mod, "Rude words", "It does.")


def test_reports_are_for_those_who_may_read_the_list(rin: User, stranger: User, shown: Playlist) -> None:
    Playlist.objects.update(visibility="me")
    assert signed_in(stranger).get(f"/playlists/{shown.pk}/report/").status_code == 404
    assert signed_in(rin).get(f"/playlists/{shown.pk}/report/").status_code == 302
    assert Client().get(f"/playlists/{shown.pk}/report/")["Location"].startswith("/accounts/login/")
    assert not Report.objects.exists()


def test_only_moderators_hide_and_a_list_that_is_gone_is_hidden_enough(
    rin: User, stranger: User, mod: User, shown: Playlist
) -> None:
    with pytest.raises(Refused):
        hide_playlist(playlist=shown, moderator=stranger, reason="I say so", now=NOW)
    said: dict[str, Any] = {"obj": shown, "address": "/", "quote": "", "subject": rin, "reason": "No", "now": NOW}
    row, _new = report(reporter=stranger, **said)
    shown.delete()
    resolve_report(report=row, moderator=mod, outcome="hidden", reason="Gone.", now=NOW)
    assert Report.objects.get().outcome == "hidden"


def test_a_moderator_brings_a_hidden_list_back_as_it_was(rin: User, stranger: User, mod: User, shown: Playlist) -> None:
    reader, desk = signed_in(stranger), signed_in(mod)
    admin = f"/admin/taste/playlist/{shown.pk}"
    assert desk.get(f"{admin}/change/").status_code == 302  # nobody reported it: no moderator's matter
    reader.post(f"/playlists/{shown.pk}/report/", {"reason": "It insults."})
    assert f"{admin}/hide/" in desk.get(f"{admin}/change/").text
    desk.post(f"{admin}/hide/", {"reason": "It does."})
    assert reader.get(f"/playlists/{shown.pk}/").status_code == 404
    assert "Rude words" in desk.get(f"{admin}/unhide/").text
    desk.post(f"{admin}/unhide/", {"reason": "A title of a song."})
    shown.refresh_from_db()
    assert (shown.title, shown.note, shown.visibility) == ("Rude words", "and more", "members")
    assert reader.get(f"/playlists/{shown.pk}/").status_code == 200
    assert "nothing_hidden" in refused_to_bring_back(shown, mod)
    assert f"{admin}/unhide/" not in desk.get(f"{admin}/change/").text


def test_what_the_owner_wrote_and_chose_since_stands(rin: User, mod: User, shown: Playlist) -> None:
    hide_playlist(playlist=shown, moderator=mod, reason="Rude.", now=NOW)
    shown.refresh_from_db()
    writing.edit(user=rin, playlist=shown, title="Kind words", note="", visibility="followers", now=NOW)
    unhide_playlist(playlist=shown, moderator=mod, now=NOW)
    shown.refresh_from_db()
    assert (shown.title, shown.note, shown.visibility) == ("Kind words", "and more", "followers")


def test_only_moderators_bring_back(rin: User, stranger: User, mod: User, shown: Playlist) -> None:
    hide_playlist(playlist=shown, moderator=mod, reason="Rude.", now=NOW)
    assert "moderator" in refused_to_bring_back(shown, rin)
    assert "moderator" in refused_to_bring_back(shown, stranger)


def refused_to_bring_back(row: Playlist, by: User) -> str:
    with pytest.raises(Refused) as refusal:
        unhide_playlist(playlist=row, moderator=by, now=NOW)
    return f"{refusal.value.code} {refusal.value}"


def test_the_words_of_a_hidden_list_leave_the_log_with_their_member(rin: User, mod: User, shown: Playlist) -> None:
    hide_playlist(playlist=shown, moderator=mod, reason="Rude.", now=NOW)
    unhide_playlist(playlist=shown, moderator=mod, now=NOW)  # its label is the name
    forget(rin, keeps_ratings=True, now=NOW)
    for action in ModerationAction.objects.all():
        assert "Rude words" not in f"{action.label} {action.before} {action.after}"
    assert ModerationAction.objects.count() == 2
