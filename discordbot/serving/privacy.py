"""What is kept of a member, who sees it, and when they are reminded: shown, and switched at a press."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from club.errors import ClubRuleBroken
from discordbot.cards.parts import link
from discordbot.forms.parts import Sent, labelled, modal, text_input
from discordbot.links import on_site
from discordbot.members import Person, member_of_club
from discordbot.posts import Json
from discordbot.replies import Reply, button, buttons
from discordbot.routes import encode
from discordbot.safe_text import escaped
from discordbot.texts import looking, say
from social.models import User
from social.profile import change_notifications, change_privacy, change_profile
from social.visibility import Visibility

SWITCHES = {
    "reminders": "wants_reminders",
    "direct": "wants_direct_messages",
    "quotes": "allows_quotes",
    "ballots": "shows_ballots",
    "progress": "shows_progress",
    "matches": "shows_matches",
}
N_IN_A_ROW = 4
_TIME = re.compile(r"^\s*(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?\s*$", re.IGNORECASE)


def shown(*, person: Person, now: datetime) -> Reply:
    return _shown(member_of_club(person, now=now))


def _shown(member: User) -> Reply:
    quiet = ""
    if member.quiet_from is not None and member.quiet_until is not None:
        start, end = f"{member.quiet_from:%H:%M}", f"{member.quiet_until:%H:%M}"
        quiet = say(looking.QUIET, start=start, end=end, zone=member.timezone.replace("_", "\\_"))
    lines = [
        say(looking.PRIVACY),
        "",
        say(looking.PRIVACY_SEEN, level=Visibility(member.club_visibility).label),
        say(looking.REMINDERS_ON, quiet=quiet) if member.wants_reminders else say(looking.REMINDERS_OFF),
        say(looking.DIRECT_ON if member.wants_direct_messages else looking.DIRECT_OFF),
        say(looking.QUOTES_ON if member.allows_quotes else looking.QUOTES_OFF),
        say(looking.BALLOTS_ON if member.shows_ballots else looking.BALLOTS_OFF),
        say(looking.LISTENS_SEEN, level=Visibility(member.listens_visibility).label),
        say(looking.PROGRESS_ON if member.shows_progress else looking.PROGRESS_OFF),
        say(looking.MATCHES_ON if member.shows_matches else looking.MATCHES_OFF),
    ]
    switches = [_switch(name, to=not getattr(member, field)) for name, field in SWITCHES.items()]
    levels = [
        {"value": str(value), "label": str(label), "default": value == member.club_visibility}
        for value, label in Visibility.choices
    ]
    who = {
        "type": 3,
        "custom_id": encode("privacy.seen"),
        "options": levels,
        "placeholder": say(looking.WHO_SEES),
        "min_values": 1,
        "max_values": 1,
    }
    page = link(looking.MORE_SETTINGS, on_site(settings.SITE_URL, reverse("social:settings_privacy")))
    rows = (
        buttons(*switches[:N_IN_A_ROW]),
        buttons(*switches[N_IN_A_ROW:]),
        buttons(button(looking.QUIET_HOURS, encode("privacy.quiet")), page),
        {"type": 1, "components": [who]},
    )
    return Reply("\n".join(lines), rows)


def _switch(name: str, *, to: bool) -> Json:
    """The wanted state stands in the button, so that a second press changes nothing."""
    return button(looking.SWITCH[name, to], encode("privacy.set", None, f"{name}.{'on' if to else 'off'}"))


def switched(*, person: Person, arg: str, now: datetime) -> Reply:
    """`reminders.on`: one choice of the member's own."""
    member = member_of_club(person, now=now)
    name, _, to = arg.partition(".")
    field = SWITCHES.get(name)
    if field in {"wants_reminders", "wants_direct_messages"}:
        choice: Any = {field: to == "on", "quiet_from": member.quiet_from, "quiet_until": member.quiet_until}
        change_notifications(member=member, **choice)
    elif field is not None:
        choice = {field: to == "on"}
        change_privacy(member=member, **choice)
    return _shown(member)


def seen_by(*, person: Person, level: str, now: datetime) -> Reply:
    member = member_of_club(person, now=now)
    if level in Visibility.values:
        change_privacy(member=member, club_visibility=level)
    return _shown(member)


# --- Quiet hours ----------------------------------------------------------------------------------------------------
def blank_hours() -> Json:
    return _hours_form("", "", "")


def hours_form(*, person: Person) -> Json:
    """With what is set now; one query."""
    member = User.objects.filter(person.is_owner()).first()
    if member is None:
        return blank_hours()
    start, end = (f"{each:%H:%M}" if each else "" for each in (member.quiet_from, member.quiet_until))
    return _hours_form(start, end, member.timezone)


def _hours_form(start: str, end: str, zone: str) -> Json:
    return modal(
        "privacy.hours",
        None,
        say(looking.QUIET_HOURS),
        [
            labelled(looking.QUIET_FROM, text_input("from", value=start, placeholder=looking.QUIET_HINT, most=10)),
            labelled(looking.QUIET_UNTIL, text_input("until", value=end, placeholder="08:00", most=10)),
            labelled(looking.QUIET_ZONE, text_input("zone", value=zone, placeholder=looking.ZONE_HINT, most=64)),
        ],
    )


def hours_set(*, person: Person, sent: Sent, now: datetime) -> Reply:
    """Two times, or none; the zone stays where its field was left empty."""
    member = member_of_club(person, now=now)
    start, end = read_time(sent["from"]), read_time(sent["until"])
    try:
        with transaction.atomic():
            if sent["zone"]:
                change_profile(member=member, timezone=sent["zone"].replace(" ", "_"))
            change_notifications(member=member, quiet_from=start, quiet_until=end)
    except ValidationError as error:
        raise ClubRuleBroken(" ".join(error.messages), code="bad_value") from error
    return _shown(member)


def read_time(typed: str) -> time | None:
    """22:00, 22.30, 22, 10 pm; None for nothing."""
    if not typed.strip():
        return None
    match = _TIME.match(typed)
    hour = int(match["hour"]) if match else 99
    if match and match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0) if 1 <= hour <= 12 else 99
    minute = int(match["minute"] or 0) if match else 0
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise ClubRuleBroken(say(looking.BAD_TIME, typed=escaped(typed, 40, one_line=True)), code="bad_value")
    return time(hour, minute)
