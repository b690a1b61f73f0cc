"""Moderators at work on weeks, nominations and reviews, as the group they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from club.models import Nomination, Phase, Rating, Vote, Week
from club.nominating import withdraw
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from social.models import Block, ModerationAction, User
from social.reports import report
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, mod: User) -> Client:
    client.force_login(mod)
    return client


@pytest.fixture
def decided() -> Week:
    """In discussion, with a winner, another nominee with one first choice, and a rating."""
    week = WeekFactory(phase=Phase.DISCUSSION)
    other = NominationFactory(week=week)
    Vote.objects.create(week=week, user=UserFactory(), nomination=other, rank=1, cast_at=week.opens_at)
    RatingFactory(week=week, album=week.winner.album)
    return week


def ahead(phase: str, **more: Any) -> Week:
    """A week in `phase` whose current phase ends in a day."""
    start = {"nominations": 0, "poll": 1}[phase]
    ends = [now() + timedelta(days=1 + n - start) for n in range(-1, 4)]
    names = ["opens_at", "nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"]
    return WeekFactory(phase=phase, **dict(zip(names, ends, strict=True)), **more)


def page(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert response.status_code == 200
    return response.content.decode()


def acts_on(desk: Client, week: Week) -> set[str]:
    shown = page(desk, f"/admin/club/week/{week.pk}/change/")
    names = ("override-winner", "close-phase", "extend-phase", "change-deadlines", "reopen-phase", "skip-week", "undo")
    return {name for name in names if f'"/admin/club/week/{week.pk}/{name}/"' in shown}


def test_a_winner_is_overridden_only_after_before_and_after_were_seen(desk: Client, mod: User, decided: Week) -> None:
    address = f"/admin/club/week/{decided.pk}/override-winner/"
    old, new = decided.winner, decided.nominations.exclude(pk=decided.winner_id).get()
    assert old is not None
    form = {"nomination": new.pk, "reason": "Two ballots came in twice."}
    shown = desk.post(address, form).content.decode()
    decided.refresh_from_db()
    assert decided.winner == old
    table = shown[shown.index("before-after") : shown.index("</table>", shown.index("before-after"))]
    for piece in (str(old.album), str(new.album), str(new.user), "Points", "First choices"):
        assert piece in table
    desk.post(address, {**form, "confirmed": "1"})
    decided.refresh_from_db()
    assert decided.winner == new
    assert ModerationAction.objects.get(verb="override_winner").reason == "Two ballots came in twice."
    undo = f"/admin/club/week/{decided.pk}/undo/"
    assert "override winner" in page(desk, undo)
    desk.post(undo, {"act": ModerationAction.objects.get(verb="override_winner").pk})
    decided.refresh_from_db()
    assert decided.winner == old


@pytest.mark.parametrize("empty", ["reason", "nomination"])
def test_an_override_needs_a_nominee_and_a_reason(desk: Client, decided: Week, empty: str) -> None:
    new = decided.nominations.exclude(pk=decided.winner_id).get()
    form = {"nomination": str(new.pk), "reason": "Why.", "confirmed": "1", empty: ""}
    assert desk.post(f"/admin/club/week/{decided.pk}/override-winner/", form).status_code == 200
    decided.refresh_from_db()
    assert decided.winner != new


def test_an_album_of_another_week_cannot_win(desk: Client, decided: Week) -> None:
    stranger = NominationFactory(week=WeekFactory(number=decided.number + 1))
    form = {"nomination": stranger.pk, "reason": "Why.", "confirmed": "1"}
    assert desk.post(f"/admin/club/week/{decided.pk}/override-winner/", form).status_code == 200
    decided.refresh_from_db()
    assert decided.winner != stranger


@pytest.mark.parametrize(
    ("phase", "acts"),
    [
        ("nominations", {"close-phase", "extend-phase", "change-deadlines", "skip-week"}),
        ("poll", {"close-phase", "extend-phase", "change-deadlines", "reopen-phase", "skip-week"}),
    ],
)
def test_a_week_offers_what_its_phase_allows(desk: Client, phase: str, acts: set[str]) -> None:
    assert acts_on(desk, ahead(phase)) == acts


def test_moving_on_extending_and_skipping_go_through_the_club(desk: Client) -> None:
    week = ahead("nominations")
    NominationFactory(week=week), NominationFactory(week=week)
    closes = week.nominations_close_at
    base = f"/admin/club/week/{week.pk}"
    desk.post(f"{base}/extend-phase/", {"days": "2", "hours": "0", "reason": ""})
    week.refresh_from_db()
    assert week.nominations_close_at - closes == timedelta(days=2)
    desk.post(f"{base}/close-phase/", {"reason": "Everybody is in."})
    week.refresh_from_db()
    assert week.phase == Phase.POLL
    desk.post(f"{base}/reopen-phase/", {"until_0": "", "until_1": "", "reason": ""})
    week.refresh_from_db()
    assert week.phase == Phase.NOMINATIONS
    desk.post(f"{base}/skip-week/", {"reason": "Holidays."})
    week.refresh_from_db()
    assert week.phase == Phase.CANCELLED
    verbs = list(ModerationAction.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["extend_phase", "close_phase", "reopen_phase", "skip_week"]


def test_deadlines_that_cannot_be_stand_refused_in_words(desk: Client) -> None:
    week = ahead("nominations")
    late = week.poll_close_at + timedelta(days=400)
    form = {"reason": ""}
    for name in ("nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"):
        moment = late if name == "nominations_close_at" else getattr(week, name)
        form |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}
    shown = desk.post(f"/admin/club/week/{week.pk}/change-deadlines/", {**form, "confirmed": "1"}).content.decode()
    assert "Each deadline must come after the one before it." in shown
    before = week.nominations_close_at
    week.refresh_from_db()
    assert week.nominations_close_at == before


def test_what_was_not_touched_keeps_its_exact_moment(desk: Client) -> None:
    week = ahead("nominations")
    week.refresh_from_db()
    wanted = week.ratings_close_at + timedelta(days=1)
    form = {"reason": "", "confirmed": "1"}
    for name in ("nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"):
        moment = wanted if name == "ratings_close_at" else getattr(week, name)
        form |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}
    desk.post(f"/admin/club/week/{week.pk}/change-deadlines/", form)
    after = Week.objects.get(pk=week.pk)
    assert after.ratings_close_at == wanted.replace(microsecond=0)
    assert after.poll_close_at == week.poll_close_at


def test_no_form_writes_phase_or_winner(desk: Client, decided: Week) -> None:
    """Not even for one who has every permission of the table."""
    superuser = Client()
    superuser.force_login(User.objects.create_superuser("operator"))
    other = decided.nominations.exclude(pk=decided.winner_id).get()
    for who in (desk, superuser):
        response = who.post(
            f"/admin/club/week/{decided.pk}/change/", {"phase": "closed", "winner": other.pk, "theme": "x"}
        )  # fmt: skip
        assert response.status_code == 403
    decided.refresh_from_db()
    assert (decided.phase, decided.theme) == (Phase.DISCUSSION, "")
    assert decided.winner != other


def test_history_is_for_reading_and_cannot_be_put_back(desk: Client, mod: User, decided: Week) -> None:
    desk.post(f"/admin/club/week/{decided.pk}/change-theme/", {"theme": "Night drives", "reason": "It had none."})
    shown = page(desk, f"/admin/club/week/{decided.pk}/history/")
    assert "Night drives" in shown
    assert "It had none." in shown
    assert str(mod) in shown
    oldest = decided.history.order_by("history_date", "history_id").first()
    address = f"/admin/club/week/{decided.pk}/history/{oldest.history_id}/"
    assert 'value="Revert"' not in page(desk, address)
    mod.groups.first().permissions.add(Permission.objects.get(codename="change_week"))
    desk.post(address, {"theme": "", "phase": "closed", "_save": "1"})
    decided.refresh_from_db()
    assert (decided.theme, decided.phase) == ("Night drives", Phase.DISCUSSION)


def test_two_moderators_do_not_undo_two_acts(desk: Client, mod: User) -> None:
    week = ahead("nominations")
    base = f"/admin/club/week/{week.pk}"
    desk.post(f"{base}/extend-phase/", {"days": "1", "hours": "0", "reason": ""})
    seen = ModerationAction.objects.latest("id").pk
    desk.post(f"{base}/extend-phase/", {"days": "1", "hours": "0", "reason": ""})
    shown = desk.post(f"{base}/undo/", {"act": seen}).content.decode()
    assert "Something else was done meanwhile" in shown
    assert not ModerationAction.objects.filter(verb="undo").exists()


def test_a_typo_in_a_nomination_is_fixed_by_the_clubs_own_function(desk: Client, mod: User) -> None:
    nomination = NominationFactory(week=ahead("nominations"), pitch="Teh best record.", decade="1990s")
    address = f"/admin/club/nomination/{nomination.pk}/change/"
    form = {"pitch": "The best record.", "pitch_track_url": "", "genre": "Dub", "decade": "1994", "country": ""}
    response = desk.post(address, form)
    assert response.status_code == 302, response.context["errors"]
    nomination.refresh_from_db()
    assert (nomination.pitch, nomination.genre, nomination.decade) == ("The best record.", "Dub", "1990s")
    assert ModerationAction.objects.get(verb="edit_nomination").moderator == mod
    refused = desk.post(address, {**form, "decade": "long ago"})
    assert "Decade" in refused.content.decode()
    assert "Teh best" in page(desk, f"/admin/club/nomination/{nomination.pk}/history/")


def test_a_nomination_is_withdrawn_with_a_reason(desk: Client) -> None:
    nomination = NominationFactory(week=ahead("poll"))
    NominationFactory(week=nomination.week)
    address = f"/admin/club/nomination/{nomination.pk}/withdraw/"
    desk.post(address, {"reason": ""})
    assert Nomination.objects.get(pk=nomination.pk).withdrawn_at is None
    desk.post(address, {"reason": "It is a single."})
    assert Nomination.objects.get(pk=nomination.pk).withdrawn_at is not None


def test_a_review_is_hidden_kept_logged_and_shown_again(desk: Client, mod: User, decided: Week) -> None:
    rating = decided.ratings.get()
    Rating.objects.filter(pk=rating.pk).update(review="You clowns.")
    base = f"/admin/club/rating/{rating.pk}"
    desk.post(f"{base}/hide/", {"reason": "Insults."})
    rating.refresh_from_db()
    decided.refresh_from_db()
    assert (rating.hidden_by, rating.hidden_reason, rating.review) == (mod, "Insults.", "You clowns.")
    assert decided.rating_count == 0
    assert "Insults." in page(desk, f"{base}/unhide/")
    desk.post(f"{base}/unhide/", {"reason": "Quoted from the album."})
    rating.refresh_from_db()
    decided.refresh_from_db()
    assert rating.hidden_at is None
    assert decided.rating_count == 1
    assert list(ModerationAction.objects.order_by("id").values_list("verb", flat=True)) == [
        "hide_rating",
        "unhide_rating",
    ]


def test_nobody_edits_anothers_words(desk: Client, decided: Week) -> None:
    rating = decided.ratings.get()
    assert desk.post(f"/admin/club/rating/{rating.pk}/change/", {"review": "I love it."}).status_code == 403
    rating.refresh_from_db()
    assert rating.review != "I love it."


def test_what_members_keep_to_themselves_moderators_do_not_read_until_it_is_reported(
    desk: Client, mod: User, rin: User, sol: User, decided: Week
) -> None:
    kept = RatingFactory(week=decided, album=decided.winner.album, user=rin, review="For me", visibility="me")
    capped = RatingFactory(week=decided, album=decided.winner.album, user=sol, review="For followers")
    User.objects.filter(pk=sol.pk).update(club_visibility="followers")
    blocker = RatingFactory(week=decided, album=decided.winner.album, review="Behind a block")
    Block.objects.create(blocker=blocker.user, blocked=mod)
    shown = page(desk, "/admin/club/rating/")
    assert "For me" not in shown
    assert "For followers" not in shown
    assert "Behind a block" in shown
    for row in (kept, capped):
        version = row.history.latest().pk
        for address in ("change", "hide", "history", f"history/{version}"):
            shown = desk.get(f"/admin/club/rating/{row.pk}/{address}/", follow=True).content.decode()
            assert row.review not in shown, address
        assert "For " not in desk.post("/admin/club/rating/export/", {"format": "0", "resource": ""}).content.decode()
    report(
        reporter=UserFactory(), obj=capped, address="/weeks/1/", quote=capped.review, subject=sol, reason="Look.",
        now=now(),
    )  # fmt: skip
    assert "For followers" in page(desk, "/admin/club/rating/")


@pytest.mark.parametrize(
    ("table", "head"),
    [
        ("week", "number,theme,phase,opens_at"),
        ("nomination", "week,album,artist,nominator"),
        ("rating", "week,album,artist,member,stars"),
    ],
)
def test_tables_of_the_club_leave_as_sheets(desk: Client, decided: Week, table: str, head: str) -> None:
    sheet = desk.post(f"/admin/club/{table}/export/", {"format": "0", "resource": ""}).content.decode()
    assert sheet.startswith(head)
    assert decided.winner.album.title in sheet


def test_a_cell_that_would_be_a_formula_is_only_text(desk: Client, decided: Week) -> None:
    decided.ratings.update(review="=HYPERLINK(1)")
    sheet = desk.post("/admin/club/rating/export/", {"format": "0", "resource": ""}).content.decode()
    assert ",=HYPERLINK" not in sheet
    assert "HYPERLINK(1)" in sheet


@pytest.mark.parametrize("table", ["week", "nomination", "rating"])
def test_lists_take_as_many_queries_for_twenty_rows_as_for_two(desk: Client, table: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(desk, f"/admin/club/{table}/")
        return len(queries)

    week = WeekFactory(phase=Phase.DISCUSSION)
    RatingFactory(week=week, album=week.winner.album)
    few = asked()
    for _ in range(18):
        another = WeekFactory(phase=Phase.DISCUSSION)
        RatingFactory(week=another, album=another.winner.album)
    assert asked() <= few


def test_the_desk_shows_the_weeks_that_run_and_the_last_act(desk: Client) -> None:
    week = ahead("nominations", theme="Debuts")
    desk.post(f"/admin/club/week/{week.pk}/extend-phase/", {"days": "1", "hours": "0", "reason": ""})
    shown = page(desk, "/admin/")
    assert "Debuts" in shown
    assert f"/admin/club/week/{week.pk}/close-phase/" in shown
    assert f"/admin/club/week/{week.pk}/undo/" in shown


def history(*rows: str) -> SimpleUploadedFile:
    """A file as `manage.py export_weeks` writes it, with these rows behind its header."""
    from io import StringIO

    from club.spreadsheets import exporting

    whole = StringIO()
    exporting.write(whole)
    return SimpleUploadedFile("club.csv", (whole.getvalue() + "".join(f"{row}\r\n" for row in rows)).encode())


def test_an_older_club_is_looked_at_first_and_then_brought_in(desk: Client, mod: User, decided: Week) -> None:
    number, address = decided.number, "/admin/club/week/import/"
    assert f'href="{address}"' in page(desk, "/admin/club/week/")
    file = history()
    Week.objects.update(winner=None)
    for model in (Rating, Vote, Nomination, Week):
        model.objects.all().delete()
    assert "nothing was written yet" in desk.post(address, {"file": file, "look": ""}).content.decode()
    assert not Week.objects.exists()
    file.seek(0)
    assert "Brought in" in desk.post(address, {"file": file, "bring_in": ""}).content.decode()
    assert Rating.objects.get().week.number == number
    assert ModerationAction.objects.get(verb="import_history").moderator == mod


def test_a_file_with_a_fault_brings_in_nothing_and_says_where(desk: Client) -> None:
    shown = desk.post("/admin/club/week/import/", {"file": history("song,1"), "bring_in": ""}).content.decode()
    assert "nothing was written" in shown
    assert "Line 2" in shown
    assert not Week.objects.exists()
    latin = SimpleUploadedFile("club.csv", "Björk".encode("latin-1"))
    assert "not UTF-8" in desk.post("/admin/club/week/import/", {"file": latin, "bring_in": ""}).content.decode()


def test_members_bring_nothing_in(client: Client, rin: User) -> None:
    client.force_login(rin)
    assert client.post("/admin/club/week/import/", {"file": history(), "bring_in": ""}).status_code == 302


def test_the_log_shows_moderators_nobodys_ballot(desk: Client, mod: User, sol: User) -> None:
    nomination = NominationFactory(week=ahead("poll"))
    Vote.objects.create(week=nomination.week, user=sol, nomination=nomination, rank=1, cast_at=now())
    withdraw(nomination=nomination, by=mod, now=now(), reason="It is a single.")
    act = ModerationAction.objects.get(verb="withdraw_nomination")
    assert act.before["votes"][0]["user_id"] == sol.pk
    page = desk.get(f"/admin/social/moderationaction/{act.pk}/change/").content.decode()
    assert "<dt>votes</dt><dd>1 kept</dd>" in page
    assert "user_id" not in page
