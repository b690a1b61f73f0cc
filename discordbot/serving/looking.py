"""Looking without changing anything: the weeks that run, how a poll ended, an album's past."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from catalog.models import Album
from catalog.names import words_key
from catalog.search import search_albums
from club.errors import ClubRuleBroken
from club.models import Nomination, Phase, Rating, Week
from club.polls import POLL_IS_OVER, n_voters, poll_result
from club.ratings import week_summary
from club.scoring import PollResult
from club.stages import stage_of
from discordbot import averages
from discordbot.cards.parts import Embed, link, listed, moment, star_row, stars
from discordbot.cards.poll import MEDALS
from discordbot.links import channel, on_site
from discordbot.members import Person, known_member
from discordbot.models import Post
from discordbot.replies import PRIMARY, Reply, button, buttons, week_link
from discordbot.resolving import Known, with_history
from discordbot.routes import encode
from discordbot.safe_text import escaped, length, plain
from discordbot.serving.ballots import NAMED, present
from discordbot.serving.nominations import places_of
from discordbot.texts import looking, members, posts, say
from social.models import User

N_WEEKS = 4
N_CHOICES = 20
MAX_VALUE = 100  # of a suggestion, by Discord's limits
WEEK, ALBUM = "week:", "album:"  # what a chosen suggestion sends
ACT = {
    Phase.NOMINATIONS: ("nominate", posts.NOMINATE),
    Phase.POLL: ("vote", posts.VOTE),
    Phase.DISCUSSION: ("rate", posts.RATE),
}


# --- /week ----------------------------------------------------------------------------------------------------------
def weeks(*, person: Person, now: datetime) -> Reply:
    """Every week that runs, newest first, with what the member did in it and can do now."""
    running = list(Week.objects.open().with_winner().order_by("-number")[:N_WEEKS])
    if not running:
        last = Week.objects.decided().order_by("-number").first()
        return Reply(say(looking.NO_WEEK), (buttons(week_link(last)),) if last else ())
    member = known_member(person)
    threads: dict[int, list[int]] = {week.pk: [] for week in running}
    made = Post.objects.standing().filter(week__in=running, kind="thread", thread_snowflake__isnull=False)
    for week_id, snowflake in made.order_by("id").values_list("week_id", "thread_snowflake"):
        if week_id is not None and snowflake is not None:
            threads[week_id].append(snowflake)
    parts, rows = [], []
    for week in running:
        parts.append("\n".join(_lines_of(week, member, threads[week.pk])))
        offered = []
        if act := ACT.get(Phase(week.phase)):
            offered.append(button(act[1], encode(act[0], week.number), style=PRIMARY))
        rows.append(buttons(*offered, week_link(week)))
    return Reply("\n\n".join(parts), tuple(rows))


def _lines_of(week: Week, member: User | None, threads: list[int]) -> list[str]:
    stage = stage_of(week)
    headline = {"week": week, "headline": say(stage.wording.headline)}
    if stage.deadline is None:
        lines = [say(looking.WEEK_HEAD_BARE, **headline)]
    else:
        deadline = say(stage.wording.deadline)
        lines = [say(looking.WEEK_HEAD, **headline, deadline=deadline, time=moment(stage.deadline))]
    if week.winner is not None:
        lines.append(say(looking.HISTORY_ALBUM, **places_of(week.winner.album)))
    if member is not None and (own := _own_part(week, member)):
        lines.append(own)
    if threads:
        lines.append(say(looking.THREADS, threads=" ".join(channel(snowflake) for snowflake in threads[:4])))
    return lines


def _own_part(week: Week, member: User) -> str:
    match week.phase:
        case Phase.NOMINATIONS:
            mine = Nomination.objects.standing().filter(week=week, user=member).select_related("album__artist")
            said = [say(looking.YOU_NOMINATED, **places_of(each.album)) for each in mine]
            return "\n".join(said) or say(looking.YOU_NOMINATED_NOTHING)
        case Phase.POLL:
            return present(member=member, week=week) or say(looking.YOU_VOTED_NOT)
        case Phase.DISCUSSION:
            rating = Rating.objects.filter(week=week, user=member).first()
            return say(looking.YOU_RATED, stars=stars(rating.half_stars)) if rating else say(looking.YOU_RATED_NOT)
        case _:
            return ""


# --- /results -------------------------------------------------------------------------------------------------------
def results(*, number: int | None) -> Reply:
    """A poll's outcome and the ratings; what is secret stays so until the poll is over."""
    found = Week.objects.with_winner()
    if number is not None:
        week = found.filter(number=number).first()
    else:
        newest = found.order_by("-number")
        week = newest.decided().first() or newest.filter(phase=Phase.POLL).first()
    if week is None:
        words = say(members.NO_SUCH_WEEK, number=number) if number is not None else say(looking.NO_RESULTS)
        raise ClubRuleBroken(words, code="no_week")
    if week.phase == Phase.POLL:
        voted = n_voters(week)
        return Reply(
            say(looking.RESULTS_WAIT, week=week, n=voted, time=moment(week.poll_close_at)), (buttons(week_link(week)),)
        )
    if week.phase not in POLL_IS_OVER or week.winner is None:
        return Reply(say(looking.RESULTS_NONE, week=week), (buttons(week_link(week)),))
    embed = Embed()
    embed.add(looking.POLL, _poll_lines(week, poll_result(week)))
    embed.add(looking.RATINGS, _rating_line(week))
    return Reply(
        say(looking.RESULTS_HEAD, week=week, **places_of(week.winner.album)), (buttons(week_link(week)),), embed
    )


def _poll_lines(week: Week, result: PollResult) -> str:
    albums = {row.pk: row.album for row in week.nominations.standing().select_related("album__artist")}
    lines = []
    for entry in result.entries:
        if album := albums.get(entry.nomination_id):
            place = MEDALS.get(entry.place, f"{entry.place}\\.")
            points = say(posts.POINTS, n=entry.points)
            lines.append(say(posts.RESULT_ENTRY_POINTS, place=place, points=points, **places_of(album)))
    if week.tie_break:
        lines.append(escaped(week.tie_break, 300, one_line=True))
    return listed(lines, limit=1000, most=12, more=posts.AND_MORE)


def _rating_line(week: Week) -> str:
    summary = week_summary(week)
    if not averages.are_told(week.phase):
        return say(posts.RATED_SO_FAR, n=summary.count) if summary.count else ""
    if summary.mean is None:
        return say(looking.RATED_FEW, n=summary.count)
    return say(looking.RATED_MEAN, n=summary.count, stars=star_row(summary.mean), mean=f"{summary.mean:.2f}")


# --- /history -------------------------------------------------------------------------------------------------------
def week_choices(typed: str, *, only_decided: bool = True) -> list[tuple[str, str]]:
    """Weeks by number, or by words of their winner; (what is shown, what is sent)."""
    rows = Week.objects.with_winner().order_by("-number")
    if only_decided:
        rows = rows.decided()
    if digits := "".join(letter for letter in typed if letter.isascii() and letter.isdigit())[:6]:
        rows = rows.filter(Q(number=int(digits)) | Q(number__startswith=int(digits)))
    elif key := words_key(typed).removeprefix("week").strip():
        rows = rows.filter(Q(winner__album__title_key__contains=key) | Q(winner__album__artist__name_key__contains=key))
    return [(_week_name(week), str(week.number)) for week in rows[:N_CHOICES]]


def _week_name(week: Week) -> str:
    if week.winner is None:
        return week.label
    return plain(say(looking.WEEK_CHOICE, week=week.label, album=str(week.winner.album)), 100)


def history_choices(typed: str) -> list[tuple[str, str]]:
    """Weeks first, then albums with what the club did with them."""
    found = [(name, f"{WEEK}{number}") for name, number in week_choices(typed, only_decided=False)[:10]]
    if typed.strip():
        found += map(_choice, with_history(search_albums(typed, limit=10), week=None))
    return found


def _choice(known: Known) -> tuple[str, str]:
    """The past stands last, and whole: what is too long is cut from the names."""
    past = f" · {known.past}" if known.past else ""
    return plain(known.line, 100 - length(past)) + past, f"{ALBUM}{known.album_id}"


def id_behind(prefix: str, typed: str) -> int | None:
    """The id in a suggestion that was chosen; None for words."""
    number = typed.removeprefix(prefix) if typed.startswith(prefix) else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None


def album_choices(typed: str, *, person: Person, now: datetime) -> list[tuple[str, str]]:
    """For /nominate: albums of the catalogue, each with why it might not be a good idea."""
    if not typed.strip():
        return []
    week = Week.objects.filter(phase=Phase.NOMINATIONS).order_by("-number").first()
    albums = with_history(search_albums(typed, limit=15), week=week, viewer=known_member(person))
    found = [*map(_choice, albums)]
    if length(typed) <= MAX_VALUE:  # a longer one would be cut; it is taken whole when no suggestion is chosen
        found.append((plain(say(looking.AS_TYPED, typed=typed), 100), typed))
    return found


def history(*, typed: str) -> Reply:
    """A week, or an album's way through the club; free text means the best match."""
    number = typed.strip().lower().removeprefix("week").lstrip(":# ")
    if number.isascii() and number.isdigit() and len(number) < 7:
        return _week_history(int(number))
    if album_id := id_behind(ALBUM, typed):
        album = Album.objects.select_related("artist").filter(pk=album_id).first()
    else:
        album = next(iter(search_albums(typed, limit=1)), None)
    if album is None:
        raise ClubRuleBroken(say(looking.NOT_FOUND, typed=escaped(typed, 80, one_line=True)), code="not_found")
    rows = Nomination.objects.standing().filter(album=album).select_related("week", "user").order_by("week__number")
    lines = [say(looking.HISTORY_ALBUM, **places_of(album)), *(_past_line(row) for row in rows)]
    if len(lines) == 1:
        lines.append(say(looking.HISTORY_NEVER))
    page = link(members.ALBUM_PAGE, on_site(settings.SITE_URL, album.get_absolute_url()))
    return Reply(listed(lines, limit=1900, most=20, more=posts.AND_MORE), (buttons(page),))


def _past_line(row: Nomination) -> str:
    is_decided = row.week.phase in POLL_IS_OVER
    what = (
        looking.HISTORY_WON
        if row.week.winner_id == row.pk
        else looking.HISTORY_LOST
        if is_decided
        else looking.HISTORY_OPEN
    )
    said = say(what)
    if row.user.club_visibility in NAMED:
        said = say(looking.HISTORY_BY, what=said, name=escaped(str(row.user), 80, one_line=True))
    return say(looking.HISTORY_LINE, week=row.week.label, what=said)


def _week_history(number: int) -> Reply:
    """The outcome where there is one, else where the week stands."""
    week = Week.objects.with_winner().filter(number=number).first()
    if week is None:
        raise ClubRuleBroken(say(members.NO_SUCH_WEEK, number=number), code="no_week")
    if week.phase in POLL_IS_OVER and week.winner is not None:
        return results(number=number)
    return Reply("\n".join(_lines_of(week, None, [])), (buttons(week_link(week)),))
