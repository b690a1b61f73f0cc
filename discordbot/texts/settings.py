"""What the bot says about the club's settings: the panel, its forms, what a change means."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from discordbot.texts import Words

# --- Names of the settings ------------------------------------------------------------------------------------------
CHOICES: dict[str, Words] = {
    "name": _("name of the club"),
    "timezone": _("time zone"),
    "auto_open": _("weeks open by themselves"),
    "open_weekday": _("weeks open on"),
    "open_time": _("weeks open at"),
    "nominations_close_day": _("nominations close on day"),
    "nominations_close_time": _("nominations close at"),
    "poll_close_day": _("the poll closes on day"),
    "poll_close_time": _("the poll closes at"),
    "discussion_day": _("the discussion is on day"),
    "discussion_time": _("the discussion begins at"),
    "ratings_close_day": _("ratings close on day"),
    "ratings_close_time": _("ratings close at"),
    "nominations_per_member": _("nominations per member"),
    "allow_self_vote": _("votes for one's own nomination"),
    "minimum_ratings": _("ratings needed to rank"),
}
PLACES: dict[str, Words] = {
    "club_channel_snowflake": _("the club's channel"),
    "is_forum": _("it is a forum"),
    "voice_channel_snowflake": _("voice channel"),
    "moderators_channel_snowflake": _("moderators' channel"),
    "moderator_role_snowflake": _("role to call"),
    "posts_digest": _("Monday digest"),
    "digest_hour": _("hour of the digest"),
}
WEEKDAYS: tuple[Words, ...] = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
YES, NO, NONE = _("yes"), _("no"), _("none")

# --- The panel ------------------------------------------------------------------------------------------------------
TITLE = _("Settings of %(club)s")
WHERE = _("Where")
RHYTHM = _("Rhythm (%(zone)s)")
RULES = _("Rules")
LINE = _("%(name)s: %(value)s")
OPENS = _("Weeks open on %(weekday)s, %(time)s, %(how)s.")
BY_THEMSELVES = _("by themselves")
BY_HAND = _("by a moderator (`/club open`)")
STEP = _("%(what)s: day %(day)d, %(weekday)s %(time)s")
STEPS: dict[str, Words] = {
    "nominations_close": _("Nominations close"),
    "poll_close": _("The poll closes"),
    "discussion": _("The discussion begins"),
    "ratings_close": _("Ratings close"),
}
N_NOMINATIONS = _("Nominations per member: %(n)d")
SELF_VOTE = _("Votes for one's own nomination: %(value)s")
MINIMUM = _("Ratings needed before an average is shown: %(n)d")
PICK_CLUB = _("The club's channel or forum")
PICK_VOICE = _("Voice channel of the discussion")
PICK_MODERATORS = _("Moderators' channel")
PICK_ROLE = _("Role to call when something is wrong")
BUTTON_CLUB = _("Name and opening")
BUTTON_TIMES = _("Days and times")
BUTTON_RULES = _("Rules")
BUTTON_DIGEST = _("Post a Monday digest")
BUTTON_NO_DIGEST = _("No Monday digest")
DIGEST_ON = _("Monday digest: in the club's channel, Mondays at %(time)s")
DIGEST_OFF = _("Monday digest: none")
BUTTON_CHECK = _("Check permissions")
PANEL_HINT = _("Choose below. Every change is shown before it happens.")

# --- The forms ------------------------------------------------------------------------------------------------------
FORM_CLUB = _("The club and its opening")
FORM_TIMES = _("Days and times")
FORM_RULES = _("Rules")
ASK_NAME = _("Name of the club")
ASK_ZONE = _("Time zone")
ASK_ZONE_HINT = _("One of the IANA names, such as Europe/Berlin or America/New_York")
ASK_OPEN_TIME = _("Weeks open at")
ASK_OPEN_TIME_HINT = _("The club's own time, such as 09:00")
ASK_WEEKDAY = _("Weeks open on")
ASK_AUTO = _("Do weeks open by themselves?")
ASK_STEP_HINT = _("Days after the opening, and the time: 3 20:00")
ASK_NOMINATIONS = _("Nominations per member")
ASK_SELF_VOTE = _("May members vote for their own nomination?")
ASK_MINIMUM = _("Ratings needed to rank")
ODD_TIME = _("“%(typed)s” is no time of day. Write it as 20:00.")
ODD_STEP = _("%(what)s: “%(typed)s” cannot be read. Write the day and the time as 3 20:00; the opening is day 0.")
ODD_NUMBER = _("%(what)s: “%(typed)s” is no whole number.")
TRY_AGAIN = _("Correct it")

# --- What a change means --------------------------------------------------------------------------------------------
CHANGING = _("Changing how the club does things:")
CHANGING_PLACES = _("Changing where the bot posts:")
DIFFERENCE = _("• %(name)s: %(after)s, instead of %(before)s")
NOTHING_CHANGES = _("That is how it is already; nothing changes.")
NEXT_WEEK = _("The next week by this rhythm:")
RUNNING_KEEP = _("Weeks that run keep their moments, whatever their hour is called now:")
RUNNING = _("• **%(week)s**: %(deadline)s %(time)s, %(local)s in %(zone)s")
WEEKS_MOVE = _("Threads that stand keep standing where they are.")
FORUM_FOUND = _("It is a forum: each of a week's threads becomes a post in it.")
OTHER_KIND = _("<#%(channel)d> is another kind of channel than this takes. Choose another one.")
