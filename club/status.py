"""A week in a few lines of text, for an operator's shell."""

from __future__ import annotations

from datetime import datetime

from club.clock import club_zone
from club.models import Nomination, Rating, Week
from club.phases import TABLE
from club.polls import n_voters, poll_result
from club.rhythm import DEADLINES


def status_lines(week: Week, now: datetime) -> list[str]:
    """Label, phase, deadlines with what has passed, nominations in poll order, voters, ratings."""
    lines = [f"{week.label}{f' “{week.theme}”' if week.theme else ''}: {week.get_phase_display().lower()}"]
    end = TABLE.get(week.phase)
    for name in DEADLINES:
        moment = getattr(week, name)
        mark = "→" if end and end.deadline == name else ("✓" if moment <= now else " ")
        lines.append(f"  {mark} {name:<21} {moment.astimezone(club_zone()):%a %Y-%m-%d %H:%M}")
    nominations = {row.pk: row for row in Nomination.objects.filter(week=week).select_related("album__artist", "user")}
    entries = poll_result(week).entries
    lines.append(f"  {len(entries)} nominations, {n_voters(week)} voters")
    for entry in entries:
        row = nominations[entry.nomination_id]
        crown = "★" if week.winner_id == row.pk else " "
        lines.append(f"  {crown} {entry.place:>2}. {entry.points:>3} pt  id {row.pk}: {row.album}, by {row.user}")
    if week.tie_break:
        lines.append(f"    {week.tie_break}")
    if week.winner_id:
        hidden = Rating.objects.exclude(hidden_at=None).filter(week=week).count()
        mean = f", average {week.rating_mean:.2f}" if week.rating_mean is not None else ""
        lines.append(f"  {week.rating_count} ratings{mean}{f', {hidden} hidden' if hidden else ''}")
    return lines
