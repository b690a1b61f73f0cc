"""What the bot says to moderators: previews, outcomes, refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from club.models.week import Phase
from discordbot.texts import Words

# --- Around every act -----------------------------------------------------------------------------------------------
CONFIRM = _("Confirm")
CANCEL = _("Cancel")
PREVIEW = _("**Preview: nothing has happened yet.**")
REASON = _("Reason for the log: %(reason)s")
NOBODY_TOLD = _("-# Only you see this. The preview is good for an hour; `/club undo` takes a confirmed act back.")
DONE = _("✅ **Done.**")
UNDO_HINT = _("-# `/club undo` takes it back.")
NOT_DONE = _("⚠️ **Not done.** %(why)s")
CANCELLED = _("Cancelled. Nothing was changed.")
EXPIRED = _("This preview is more than an hour old, so nothing was done. Ask for it again.")
NO_PREVIEW = _("This preview is not kept any more, or it is not yours. Ask for it again.")
ALREADY = _("Already done by %(name)s %(time)s: %(what)s.")
MEANWHILE = _("Meanwhile %(name)s did something else %(time)s: %(what)s. Look at it, then ask again.")
MOVED_ON = _("%(week)s has moved on by itself meanwhile: it is in “%(phase)s” now. Look at it, then ask again.")
CHANGED = _("Things have changed since the preview. Ask for it again.")
SOMEBODY = _("somebody whose account is gone")
NOT_A_MODERATOR = _(
    "Only moderators may do this: members of the club's group “moderator”, and whoever has “Manage Server” here."
)
VOUCHED = _("(with Manage Server in Discord)")
NO_WEEK_FOR = _("There is no week for which this could be done now.")
NO_SUCH_WEEK = _("There is no week “%(typed)s”. Choose one from the list, or write its number.")

# --- What the log calls an act --------------------------------------------------------------------------------------
ACTS: dict[str, Words] = {
    "open_week": _("opened %(label)s"),
    "close_phase": _("ended a phase of %(label)s"),
    "extend_phase": _("extended a phase of %(label)s"),
    "change_deadlines": _("moved deadlines of %(label)s"),
    "reopen_phase": _("reopened a phase of %(label)s"),
    "skip_week": _("skipped %(label)s"),
    "change_theme": _("changed the theme of %(label)s"),
    "override_winner": _("chose another winner of %(label)s"),
    "withdraw_nomination": _("withdrew the nomination %(label)s"),
    "edit_nomination": _("changed the words of the nomination %(label)s"),
    "hide_rating": _("hid a rating: %(label)s"),
    "unhide_rating": _("showed a rating again: %(label)s"),
    "change_settings": _("changed the club's settings"),
    "change_places": _("changed where the bot posts"),
    "undo": _("took an act back: %(label)s"),
}
OTHER_ACT = _("%(verb)s: %(label)s")

# --- Phases and deadlines -------------------------------------------------------------------------------------------
PHASES: dict[str, Words] = {
    Phase.SCHEDULED: _("the wait for the opening"),
    Phase.NOMINATIONS: _("nominations"),
    Phase.POLL: _("the poll"),
    Phase.LISTENING: _("the time for listening"),
    Phase.DISCUSSION: _("discussion and ratings"),
}
DEADLINES: dict[str, Words] = {
    "opens_at": _("opens"),
    "nominations_close_at": _("nominations close"),
    "poll_close_at": _("the poll closes"),
    "discussion_at": _("the discussion begins"),
    "ratings_close_at": _("ratings close"),
}
DEADLINE = _("• %(deadline)s: %(time)s")
MOVED = _("• %(deadline)s: %(time)s, instead of %(before)s")

# --- Opening and closing --------------------------------------------------------------------------------------------
OPENING_NOW = _("**%(week)s** opens at once.")
OPENING_LATER = _("**%(week)s** opens %(time)s.")
ANOTHER_WAITS = _("💡 **%(week)s** waits already for its opening %(time)s. `/club close` opens that one at once.")
THEME = _("Theme: %(theme)s")
NO_THEME = _("It has no theme.")
CLOSING = _("Closing **%(phase)s** of **%(week)s** now.")
N_NOMINATED = ngettext_lazy("%(n)d album is nominated.", "%(n)d albums are nominated.", "n")
POLL_OPENS = _("The poll opens and stays open until %(time)s.")
WINS_ALONE = _("It wins without a poll: %(album)s.")
N_BALLOTS = ngettext_lazy("%(n)d member has voted.", "%(n)d members have voted.", "n")
WINNER = _("The winner is %(album)s.")
WINNER_SECRET = _("How the poll stands is secret until it is closed: then you will see who has won.")
ALL_WITHDRAWN = _("Every nomination was withdrawn, so the week is cancelled.")
NOMINATIONS_OPEN = _("Nominations open and close %(time)s.")
DISCUSSION_OPENS = _("The discussion begins, and ratings are open until %(time)s.")
N_RATINGS = ngettext_lazy("%(n)d rating is in.", "%(n)d ratings are in.", "n")

# --- The other verbs ------------------------------------------------------------------------------------------------
EXTENDING = _("Extending **%(phase)s** of **%(week)s**:")
REOPENING = _("**%(week)s** goes back to **%(phase)s**, until %(time)s.")
UNDECIDED = _("%(album)s is no longer the winner. Nominations and ballots are kept; the winner is decided anew.")
KEPT = _("Nominations and ballots are kept.")
OVERRIDING = _("The winner of **%(week)s** is %(after)s instead of %(before)s.")
SAME_WINNER = _("%(album)s is the winner of **%(week)s** already.")
RATINGS_LEAVE = ngettext_lazy(
    "The %(n)d rating given so far stays with its member, outside the week; undoing brings it back.",
    "The %(n)d ratings given so far stay with their members, outside the week; undoing brings them back.",
    "n",
)
SKIPPING = _("**%(week)s** is cancelled: no winner, no ratings. What was nominated stays on its page.")
UNDOING = _("Taking back what %(name)s did %(time)s: %(what)s.")
ITS_REASON = _("Its reason was: %(reason)s")
PHASE_BACK = _("• %(week)s is in “%(after)s” again, instead of “%(before)s”")
WINNER_BACK = _("• winner: %(after)s, instead of %(before)s")
NO_WINNER = _("none yet")
NOTHING_TO_UNDO = _("There is nothing to undo.")

# --- What was typed -------------------------------------------------------------------------------------------------
ODD_TIME = _("“%(typed)s” is no time. Write it as `2025-11-24` or `2025-11-24 20:00`, in the club's zone (%(zone)s).")
IN_THE_PAST = _("%(time)s has passed. Choose a moment that lies ahead, or leave it empty.")
NOTHING_LONGER = _("Say by how many days or hours: `/club extend days:1`.")
NO_SUCH_NOMINEE = _("Choose the album from the list: “%(typed)s” is not nominated in %(week)s.")
NO_SUCH_PLACE = _("The bot has no place called %(names)s.")

# --- The commands ---------------------------------------------------------------------------------------------------
ABOUT_CLUB = _("For moderators: run the club's week")
ABOUT_OPEN = _("Open a week, now or on a day ahead")
ABOUT_CLOSE = _("End the current phase of a week now")
ABOUT_EXTEND = _("Let the current phase of a week last longer")
ABOUT_REOPEN = _("Go back to the phase before")
ABOUT_OVERRIDE = _("Choose another winner of a week")
ABOUT_SKIP = _("Cancel a week that has no winner yet")
ABOUT_UNDO = _("Take the last act of any moderator back")
ABOUT_CHECK = _("See whether the bot may do all it needs, and how it fares")
ABOUT_SETTINGS = _("Channels, rhythm and rules of the club")
ASK_THEME = _("What the week is about; may stay empty")
ASK_DATE = _("2025-11-24, or 2025-11-24 20:00; empty: now")
ASK_WEEK = _("Which week; empty: the newest for which it can be done")
ASK_DAYS = _("By how many days")
ASK_HOURS = _("By how many hours")
ASK_UNTIL = _("Until when, such as 2025-11-24 20:00; empty: as planned, or a day from now")
ASK_NOMINEE = _("The new winner")
ASK_REASON = _("Why: it is kept in the log")
