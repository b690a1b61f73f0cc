"""What stands in the threads of a week: titles, cards, results, notices, reminders."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# --- Names of threads -----------------------------------------------------------------------------------------------
TITLE_NOMINATIONS = _("NOMINATIONS")
TITLE_POLL = _("POLL")
TITLE_WINNER = _("WINNER")
TITLE_RATINGS = _("RATINGS")

# --- Buttons and labels ---------------------------------------------------------------------------------------------
NOMINATE = _("Nominate an album")
VOTE = _("Vote")
RATE = _("Rate the album")
NOMINATIONS_CLOSED = _("Nominations are closed")
POLL_CLOSED = _("The poll is closed")
RATINGS_CLOSED = _("Ratings are closed")
NOT_OPEN = _("Not open yet")
ON_THE_SITE = _("On the website")
CLOSES = _("Closes")
OPENS = _("Opens")
POLL_UNTIL = _("Then the poll, until")
DISCUSSION = _("Discussion")
RATINGS_UNTIL = _("Ratings open then, until")
RATINGS_NOW_UNTIL = _("Ratings are open until")
RATINGS_CLOSED_AT = _("Ratings closed")
WHERE = _("Where")
LISTEN = _("Listen")
COVER_ALT = _("Cover of %(album)s by %(artist)s")
SLEEVE_ALT = _("A sleeve drawn for %(album)s by %(artist)s, of which there is no cover yet")
CLOSED_AT = _("Closed")

# --- An album -------------------------------------------------------------------------------------------------------
NOMINATED_BY = _("Nominated by %(name)s")
A_MEMBER = _("a member")
PITCH_TRACK = _("Pitch track")
TAGS = _("Genre / decade / country")
NOMINATION_LINE = _("**%(album)s** — %(credit)s · nominated by %(name)s")

# --- Nominations ----------------------------------------------------------------------------------------------------
NOMINATIONS_OPEN = _("**%(week)s** · Nominations are open until %(time)s.")
NOMINATIONS_OVER = _("**%(week)s** · Nominations are closed.")
NOMINATIONS_WAIT = _("**%(week)s** · Nominations open %(time)s.")
NOMINATIONS_TITLE = _("Which album should the club hear next?")
THEME = _("Theme: **%(theme)s**")
NOMINATE_HOW = ngettext_lazy(
    "Put up one album and say why it is worth a fortnight. The button asks four things; `/nominate` finds the album "
    "for you while you type.",
    "Put up at most %(n)d albums and say why each is worth a fortnight. The button asks four things; `/nominate` finds "
    "the album for you while you type.",
    "n",
)
NOMINATED_SO_FAR = ngettext_lazy("%(n)d album is nominated so far.", "%(n)d albums are nominated so far.", "n")
NOMINATED_NONE = _("Nothing is nominated yet: be the first.")
NOMINATED_IN_ALL = ngettext_lazy("%(n)d album was nominated.", "%(n)d albums were nominated.", "n")
POLL_IS_IN = _("The poll: %(thread)s")
WON_WITHOUT_POLL = _("It was the only nomination, so it won without a poll.")
OR_TYPE = _("Or write a message here in this form:")
# The labels are what the reader of typed messages knows: they are not translated.
NOMINATION_FORM = (
    "album_name — artist_name (year)\nWhy?: ...\nPitch track (choose one): ...\nTags (Genre / Decade / Country): ..."
)

# --- The poll -------------------------------------------------------------------------------------------------------
POLL_OPEN = _("**%(week)s** · The poll is open until %(time)s.")
POLL_OVER = _("**%(week)s** · The poll is closed.")
POLL_WAIT = _("**%(week)s** · The poll opens %(time)s.")
POLL_TITLE = _("Your first and your second choice")
POLL_HOW = _(
    "A first choice is worth two points, a second choice one. Nobody sees what you chose, and you may change it until "
    "the poll closes."
)
NO_SELF_VOTE = _("Nobody votes for their own nomination.")
VOTED_SO_FAR = ngettext_lazy("%(n)d member has voted so far.", "%(n)d members have voted so far.", "n")
VOTED_NONE = _("Nobody has voted yet.")
NUMBERED = _("%(place)d. **%(album)s** — %(credit)s")
AND_MORE = ngettext_lazy("… and %(n)d more", "… and %(n)d more", "n")
AND_MORE_IN = ngettext_lazy("… and %(n)d more in %(thread)s", "… and %(n)d more in %(thread)s", "n")
RESULT_IS_IN = _("The winner: %(thread)s")

# --- The result -----------------------------------------------------------------------------------------------------
RESULT_LINE = _("**%(week)s** · **%(album)s** — %(credit)s has won the poll with %(points)s.")
RESULT_LINE_NO_VOTES = _("**%(week)s** · Nobody voted: **%(album)s** — %(credit)s, nominated first, has won.")
RESULT_TITLE = _("The result of the poll")
POINTS = ngettext_lazy("%(n)d point", "%(n)d points", "n")
FIRSTS = _("%(n)d × 1st")
SECONDS = _("%(n)d × 2nd")
RESULT_ENTRY = _("%(place)s **%(album)s** — %(credit)s: %(points)s (%(choices)s)")
RESULT_ENTRY_POINTS = _("%(place)s **%(album)s** — %(credit)s: %(points)s")
TURNOUT = ngettext_lazy("%(n)d member voted.", "%(n)d members voted.", "n")
TURNOUT_SHARE = ngettext_lazy(
    "%(n)d member voted: %(share)d %% of those who were around.",
    "%(n)d members voted: %(share)d %% of those who were around.",
    "n",
)
CHART_ALT = _("Points of the poll: %(entries)s.")
CHART_ALT_ENTRY = _("%(album)s %(points)s")
OVERRIDDEN_RESULT = _("A moderator chose another winner: **%(album)s** — %(credit)s.")
LEGEND_FIRSTS = _("First choices, 2 points each")
LEGEND_SECONDS = _("Second choices, 1 point each")
LATE_RESULT = _("This comes late: the poll closed %(time)s.")

# --- The winner -----------------------------------------------------------------------------------------------------
WINNER_LINE = _("**%(week)s** · The winner is **%(album)s** — %(credit)s. We talk about it %(time)s.")
WINNER_LINE_NOW = _("**%(week)s** · We talk about **%(album)s** — %(credit)s. Ratings are open until %(time)s.")
WINNER_LINE_CLOSED = _("**%(week)s** · The album was **%(album)s** — %(credit)s.")
WINNER_STARTER = _(
    "**%(week)s** · The winner is **%(album)s** — %(credit)s. Listen until %(time)s, talk in the thread."
)
WINNER_STARTER_OVER = _("**%(week)s** · The winner was **%(album)s** — %(credit)s. The talk goes on in the thread.")
HOW_IT_WON = _("How it won")
PITCHED_BY = _("— %(name)s, who nominated it")
OVERRIDDEN = _("A moderator chose this winner. The poll had been won by **%(album)s** — %(credit)s.")
LATE_WINNER = _("This announcement comes late: the winner was decided %(time)s.")
REOPENED = _("**%(week)s** · The poll was reopened: the winner will be decided anew.")
RATINGS_ARE_IN = _("Ratings: %(thread)s")
EVENT_DESCRIPTION = _("%(club)s talks about %(album)s by %(artist)s. Nobody needs to have prepared anything.")

# --- Ratings --------------------------------------------------------------------------------------------------------
RATINGS_OPEN = _("**%(week)s** · Rate **%(album)s** — %(credit)s until %(time)s.")
RATINGS_OVER = _("**%(week)s** · Ratings of **%(album)s** — %(credit)s are closed.")
RATINGS_WAIT = _("**%(week)s** · Ratings of **%(album)s** — %(credit)s open %(time)s.")
RATINGS_TITLE = _("What did you think of it?")
RATE_HOW = _(
    "One to five stars in halves, your favourite track and a word or two: the button asks, `/rate` does the same."
)
RATED_SO_FAR = ngettext_lazy("%(n)d rating so far.", "%(n)d ratings so far.", "n")
RATED_NONE = _("Nobody has rated it yet.")
RATED_IN_ALL = ngettext_lazy("%(n)d rating.", "%(n)d ratings.", "n")
RATING_FORM = "Rating (1.0–5.0):\nFavorite track (opt):\nfinal thoughts (opt):"

# --- The summary ----------------------------------------------------------------------------------------------------
SUMMARY_LINE = ngettext_lazy(
    "**%(week)s** · **%(mean)s** of 5 for **%(album)s** — %(credit)s, from %(n)d rating.",
    "**%(week)s** · **%(mean)s** of 5 for **%(album)s** — %(credit)s, from %(n)d ratings.",
    "n",
)
SUMMARY_LINE_FEW = ngettext_lazy(
    "**%(week)s** · **%(album)s** — %(credit)s: %(n)d rating, too few for an average.",
    "**%(week)s** · **%(album)s** — %(credit)s: %(n)d ratings, too few for an average.",
    "n",
)
SUMMARY_LINE_NONE = _("**%(week)s** · Nobody rated **%(album)s** — %(credit)s.")
SUMMARY_TITLE = _("What the club thought")
SUMMARY_MEAN = _("%(stars)s **%(mean)s** of 5")
BEST_SO_FAR = _("The best rated album so far.")
PLACE_SO_FAR = _("Number %(place)d of %(of)d albums by average.")
SPREAD_AGREED = _("The club was of one mind: most ratings lie within half a star of the average.")
SPREAD_MIXED = _("Opinions differed a little: ratings lie %(sd)s stars around the average.")
SPREAD_DIVIDED = _("It divided the club: ratings lie %(sd)s stars around the average.")
MOST_DIVIDED = _("No album divided the club more so far: ratings lie %(sd)s stars around the average.")
KINDEST = _("Kindest")
HARDEST = _("Hardest")
DISAGREEMENT = _("Biggest disagreement")
NAME_STARS = _("%(name)s (%(stars)s)")
APART = _("%(stars)s stars between %(kind)s and %(hard)s")
AND_N = ngettext_lazy("and %(n)d more", "and %(n)d more", "n")
FAVOURITES = _("Favourite tracks")
FAVOURITE_LINE = _("%(track)s · %(n)d")
IN_THEIR_WORDS = _("In their words")
QUOTE_LINE = _("> %(words)s\n— %(name)s, %(stars)s")
HISTOGRAM_ALT = _("How many gave each number of stars: %(bars)s.")
HISTOGRAM_ALT_BAR = ngettext_lazy("%(stars)s stars %(n)d time", "%(stars)s stars %(n)d times", "n")
HISTOGRAM_COUNT = ngettext_lazy("of 5, from %(n)d rating", "of 5, from %(n)d ratings", "n")
LATE_SUMMARY = _("This comes late: ratings closed %(time)s.")

# --- Notices --------------------------------------------------------------------------------------------------------
NOBODY_NOMINATED = _("Nobody has nominated an album yet, so there is one more day: until %(time)s.")
NOBODY_VOTED = _("Nobody has voted yet, so there is one more day: until %(time)s.")
CANCELLED = _("**%(week)s** was cancelled.")
CANCELLED_NOBODY = _("**%(week)s** was cancelled: nobody nominated an album.")
CANCELLED_WITHDRAWN = _("**%(week)s** was cancelled: every nomination was withdrawn.")
CANCELLED_BY_HAND = _("**%(week)s** was cancelled by a moderator.")
NOMINATIONS_MOVED = _("Nominations now close %(time)s.")
POLL_MOVED = _("The poll now closes %(time)s.")
DISCUSSION_MOVED = _("The discussion now begins %(time)s.")
RATINGS_MOVED = _("Ratings now close %(time)s.")
NOMINATIONS_REOPENED = _("Nominations are open again, until %(time)s.")
POLL_REOPENED = _("The poll is open again, until %(time)s. Ballots that were cast still count and may be changed.")
LISTENING_REOPENED = _("The discussion was put off to %(time)s.")
RATINGS_REOPENED = _("Ratings are open again, until %(time)s.")
WINNER_CHANGED = _("A moderator chose another winner: the club listens to **%(album)s** — %(credit)s now.")
WITHDRAWN = _("“%(album)s” was withdrawn. Whoever had voted for it may choose again until %(time)s.")
WITHDRAWN_DIRECT = _(
    "“%(album)s”, which you had voted for in **%(week)s**, was withdrawn. You may choose again until %(time)s."
)

# --- Reminders ------------------------------------------------------------------------------------------------------
REMIND_NOMINATIONS = _("Nominations for **%(week)s** close %(time)s, and yours is not in yet.")
REMIND_POLL = _("The poll of **%(week)s** closes %(time)s, and you have not voted yet.")
REMIND_WINNER = _("We talk about **%(album)s** — %(credit)s %(time)s. Have you heard it?")
REMIND_RATINGS = _("Ratings of **%(album)s** — %(credit)s close %(time)s, and yours is missing.")
FEWER_REMINDERS = _("-# `/privacy` turns reminders off and sets your quiet hours.")
