"""What the bot tells a member who asks: the week, results, history, figures, oneself, privacy."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# --- /week ----------------------------------------------------------------------------------------------------------
NO_WEEK = _("No week is running just now.")
WEEK_HEAD = _("**%(week)s** · %(headline)s. %(deadline)s %(time)s.")
WEEK_HEAD_BARE = _("**%(week)s** · %(headline)s.")
THREADS = _("Threads: %(threads)s")
YOU_NOMINATED = _("You have nominated **%(album)s** — %(credit)s.")
YOU_NOMINATED_NOTHING = _("You have not nominated anything yet.")
YOU_VOTED_NOT = _("You have not voted yet.")
YOU_RATED = _("You have given it %(stars)s.")
YOU_RATED_NOT = _("You have not rated it yet.")

# --- /results -------------------------------------------------------------------------------------------------------
NO_RESULTS = _("No poll has been decided yet.")
RESULTS_WAIT = ngettext_lazy(
    "The poll of %(week)s is open until %(time)s; %(n)d member has voted so far. Results are secret until then.",
    "The poll of %(week)s is open until %(time)s; %(n)d members have voted so far. Results are secret until then.",
    "n",
)
RESULTS_NONE = _("%(week)s has no results.")
RESULTS_HEAD = _("**%(week)s** · The winner is **%(album)s** — %(credit)s.")
RATED_MEAN = ngettext_lazy(
    "%(n)d rating: %(stars)s **%(mean)s** of 5.", "%(n)d ratings: %(stars)s **%(mean)s** of 5.", "n"
)
RATED_FEW = ngettext_lazy("%(n)d rating, too few for an average.", "%(n)d ratings, too few for an average.", "n")
POLL = _("Poll")
RATINGS = _("Ratings")

# --- /history -------------------------------------------------------------------------------------------------------
NOT_FOUND = _("Nothing in the archive fits “%(typed)s”. Choose one of the suggestions, or write a week's number.")
HISTORY_ALBUM = _("**%(album)s** — %(credit)s")
HISTORY_LINE = _("**%(week)s** · %(what)s")
HISTORY_WON = _("won")
HISTORY_LOST = _("was nominated")
HISTORY_OPEN = _("is nominated")
HISTORY_BY = _("%(what)s, by %(name)s")
HISTORY_NEVER = _("It was never nominated here.")
AS_TYPED = _("As I typed it: %(typed)s")
WEEK_CHOICE = _("%(week)s · %(album)s")

# --- /stats ---------------------------------------------------------------------------------------------------------
STATS_TITLE = _("The club in figures")
STATS_WEEKS = ngettext_lazy("%(n)d decided week", "%(n)d decided weeks", "n")
STATS_NOMINATIONS = ngettext_lazy("%(n)d nomination", "%(n)d nominations", "n")
STATS_MEMBERS = ngettext_lazy("%(n)d member", "%(n)d members", "n")
STATS_RATINGS = ngettext_lazy("%(n)d rating, on average %(mean)s", "%(n)d ratings, on average %(mean)s", "n")
STATS_BEST = _("Best rated")
STATS_DIVIDED = _("Most divided")
STATS_WINNERS = _("Most wins")
STATS_FAME = _("Hall of fame")
STATS_PAGE = _("All figures on the website")
STATS_LINE = _("%(place)d. **%(album)s** — %(credit)s: %(value)s")
STATS_WINS = ngettext_lazy("%(name)s: %(n)d win", "%(name)s: %(n)d wins", "n")
STATS_RECORD = _("%(title)s: %(holder)s (%(value)s)")

# --- /me ------------------------------------------------------------------------------------------------------------
ME_TITLE = _("%(name)s in the club")
ME_NEW = _("You have not taken part in a decided week yet. `/week` says what you can do now.")
ME_ATTENDED = ngettext_lazy("There in %(n)d of %(of)d week", "There in %(n)d of %(of)d weeks", "of")
ME_STREAK = ngettext_lazy("%(n)d week in a row", "%(n)d weeks in a row", "n")
ME_RATINGS = ngettext_lazy("%(n)d rating, on average %(mean)s", "%(n)d ratings, on average %(mean)s", "n")
ME_OTHERS = _("others gave the same albums %(mean)s")
ME_PICKS = ngettext_lazy("%(n)d nomination, %(wins)d of them won", "%(n)d nominations, %(wins)d of them won", "n")
ME_LOVED = _("Liked more than the others")
ME_COLD = _("Liked less than the others")
ME_DIFFERENCE = _("**%(album)s**: you %(own)s, others %(others)s")
ME_PAGE = _("My page")

# --- /privacy -------------------------------------------------------------------------------------------------------
PRIVACY = _(
    "**What the club keeps of you:** your name and account number in Discord, what you nominate, vote and rate, and "
    "words that could not be taken yet (two days). Not your messages, and nothing about what you do elsewhere in "
    "Discord. Votes are secret; figures count every rating without a name."
)
PRIVACY_SEEN = _("Your name and words on nominations and ratings are shown to: **%(level)s**.")
REMINDERS_ON = _("Reminders: **on**%(quiet)s.")
REMINDERS_OFF = _("Reminders: **off**.")
QUIET = _(", but not from %(start)s to %(end)s (%(zone)s)")
DIRECT_ON = _("Reminders come as direct messages.")
DIRECT_OFF = _("Reminders come in the thread, never as a direct message.")
QUOTES_ON = _("Your reviews **may** be quoted in the week's summary.")
QUOTES_OFF = _("Your reviews are **not** quoted in the week's summary.")
BALLOTS_ON = _("Your votes **may** be shown once a poll is over.")
BALLOTS_OFF = _("Your votes are never shown.")
MORE_TOLD = _("And %(n)s more: %(page)s")
SWITCHED_AT = _("You switched this on; you can switch it off at %(page)s")
LISTENS_SEEN = _("What you listen to is shown to: **%(level)s**. Only what all members may see is told in channels.")
PROGRESS_ON = _(
    "How far you are through the week's album **may** be shown; reminders then pass you over once you began."
)
PROGRESS_OFF = _("How far you are through the week's album is **not** shown.")
MATCHES_ON = _("Members **may** compare their taste with yours.")
MATCHES_OFF = _("Nobody can compare their taste with yours, nor you yours with theirs.")
MORE_SETTINGS = _("All settings, and your data")
SWITCH = {
    ("reminders", True): _("Turn reminders on"),
    ("reminders", False): _("Turn reminders off"),
    ("direct", True): _("Remind me by direct message"),
    ("direct", False): _("No direct messages"),
    ("quotes", True): _("Allow quotes"),
    ("quotes", False): _("No quotes"),
    ("ballots", True): _("Show my votes after polls"),
    ("ballots", False): _("Keep my votes secret"),
    ("progress", True): _("Show my progress"),
    ("progress", False): _("Hide my progress"),
    ("matches", True): _("Let me be compared"),
    ("matches", False): _("No comparing"),
}
QUIET_HOURS = _("Quiet hours")
QUIET_FROM = _("No reminders from")
QUIET_UNTIL = _("until")
QUIET_ZONE = _("Your time zone")
QUIET_HINT = _("22:00, or empty for no quiet hours")
ZONE_HINT = _("Europe/Berlin")
BAD_TIME = _("“%(typed)s” is no time of day. Write one such as 22:00.")
WHO_SEES = _("Who sees my name and words")

# --- /ping ----------------------------------------------------------------------------------------------------------
PING = _("Here. Discord answers in %(gateway)d ms, the club's memory in %(database)d ms.")
PING_BARE = _("Here. The club's memory answers in %(database)d ms.")

# --- Commands -------------------------------------------------------------------------------------------------------
ABOUT_WEEK = _("What the club is doing, and what you can do now")
ABOUT_NOMINATE = _("Put an album up for the week")
ABOUT_NOMINATE_ALBUM = _("Start typing a title or an artist; any album may be written")
ABOUT_VOTE = _("Choose your first and your second album, or change them")
ABOUT_RATE = _("Rate the album of the week, or change your rating")
ABOUT_RESULTS = _("How a poll ended, and what the club thought")
ABOUT_RESULTS_WEEK = _("The week; the last decided one if you leave it out")
ABOUT_HISTORY = _("Look a week or an album up in the archive")
ABOUT_HISTORY_FIND = _("A week's number, a title or an artist")
ABOUT_STATS = _("The club in figures")
ABOUT_ME = _("You in the club")
ABOUT_PRIVACY = _("What is kept of you, who sees it, and when you are reminded")
ABOUT_PING = _("Whether the bot is awake")
