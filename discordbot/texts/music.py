"""What the bot says of listening: what plays, who plays it, who matches whom, pictures of covers, the digest."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# --- Shared ---------------------------------------------------------------------------------------------------------
CONNECT = _(
    "Nothing of what you listen to reaches the club yet. Connect Last.fm, ListenBrainz or Spotify, or bring a file, "
    "and try again."
)
CONNECT_LABEL = _("Connect what I listen with")
NOT_SHOWN = _(
    "Of %(name)s’s listening nothing can be shown here: it is not connected, or not shown to all members of the club."
)
ONLY_YOU = _("-# Only you see this: your listens are not shown to all members.")
ONLY_YOU_TASTE = _("-# Only you see this: one of you does not show all of it to all members.")
PLAYS = ngettext_lazy("%(n)d play", "%(n)d plays", "n")
LISTENING_PAGE = _("Listening of %(name)s")

# --- /fm ------------------------------------------------------------------------------------------------------------
PLAYING = _("**%(name)s** is listening to **%(title)s** — %(artist)s.")
PLAYED = _("**%(name)s** last listened to **%(title)s** — %(artist)s, %(time)s.")
FROM_ALBUM = _("from *%(album)s*")
COUNT_TRACK = _("Track")
COUNT_ALBUM = _("Album")
COUNT_ARTIST = _("Artist")
OF_THE_WEEK = _("Track %(place)d of %(of)d of the album of %(week)s.")

# --- /whoknows ------------------------------------------------------------------------------------------------------
WHO_WHICH = _("Whose plays do you want to see? Write an artist: `/whoknows artist:Portishead`.")
WHO_UNKNOWN = _("Nobody here has played an artist called “%(typed)s”. Choose one of the suggestions.")
WHO_NOBODY = _("Nobody here who shows their listens to all members has played **%(artist)s**.")
WHO_HEAD = ngettext_lazy(
    "**%(n)d member** here plays **%(artist)s**.", "**%(n)d members** here play **%(artist)s**.", "n"
)
WHO_LINE = _("%(place)d\\. **%(name)s** · %(plays)s")
WHO_GAP = _("…")
WHO_YOU = _("You have played **%(artist)s** %(plays)s; that would be place %(place)d.")
TIMES = ngettext_lazy("%(n)d time", "%(n)d times", "n")
ARTIST_PAGE = _("The artist on the website")

# --- /taste ---------------------------------------------------------------------------------------------------------
OWN_TASTE = _("**%(name)s** plays %(genres)s.")
OWN_NEVER = _("There is not enough yet to say what **%(name)s** likes.")
OWN_WEEK = _("Lately: %(words)s.")
MATCH = _("**%(a)s** and **%(b)s**: **%(score)d of 100**. %(word)s.")
MATCH_BARE = _("**%(a)s** and **%(b)s**: **%(score)d of 100**.")
MATCH_TOO_LITTLE = _("**%(a)s** and **%(b)s**: %(why)s")
MATCH_ARTISTS = _("Artists of both: %(artists)s")
MATCH_ALBUMS = _("Albums of both: %(albums)s")
MATCH_NOT = _("You and %(name)s cannot be compared: one of you does not show their taste, or is not to be compared.")
MATCH_ONESELF = _("You match yourself in everything. Name another member.")
COMPARE_PAGE = _("All of it, side by side")
TASTE_PAGE = _("The taste of %(name)s")

# --- /chart ---------------------------------------------------------------------------------------------------------
CHART_HEAD = _("**%(name)s** · most played albums, %(period)s")
CHART_NONE = _("No album was played in that time (%(period)s). Choose a longer one.")
CHART_LINE = _("%(place)d\\. **%(album)s** — %(credit)s · %(n)s")
CHART_ALT = _("Covers of %(side)d by %(side)d albums, the most played first: %(albums)s")
CHART_ALT_ALBUM = _("%(album)s by %(artist)s")
CHART_SMALLER = _("-# Fewer albums were played than a larger square needs.")
PERIODS = {
    "7": _("the last 7 days"),
    "30": _("the last 30 days"),
    "90": _("the last 3 months"),
    "365": _("the last 12 months"),
    "all": _("of all time"),
}
SIZES = {3: _("3 × 3"), 4: _("4 × 4"), 5: _("5 × 5")}

# --- Commands -------------------------------------------------------------------------------------------------------
ABOUT_FM = _("What somebody is listening to, or heard last")
ABOUT_FM_MEMBER = _("Whose; yours if you leave it out")
ABOUT_WHO = _("Who in this server plays an artist most")
ABOUT_WHO_ARTIST = _("The artist; the one you hear now if you leave it out")
ABOUT_TASTE = _("How well you and somebody else match, and why")
ABOUT_TASTE_MEMBER = _("With whom; your own taste in a line if you leave it out")
ABOUT_CHART = _("The covers of the albums that you play most, as one picture")
ABOUT_CHART_PERIOD = _("Since when")
ABOUT_CHART_SIZE = _("How many covers")
ABOUT_ONLY_ME = _("Show the answer to nobody but me")

# --- The Monday digest ----------------------------------------------------------------------------------------------
DIGEST_TITLE = _("**The week from %(first)s to %(last)s.**")
DIGEST_LINE = ngettext_lazy("%(n)d member, %(plays)s.", "%(n)d members, %(plays)s.", "n")
DIGEST_WON = _("**%(week)s** · **%(album)s** — %(credit)s won the poll.")
DIGEST_RATED = ngettext_lazy(
    "**%(week)s** · **%(album)s** — %(credit)s: %(stars)s **%(mean)s** of 5, from %(n)d rating.",
    "**%(week)s** · **%(album)s** — %(credit)s: %(stars)s **%(mean)s** of 5, from %(n)d ratings.",
    "n",
)
DIGEST_RATED_FEW = ngettext_lazy(
    "**%(week)s** · **%(album)s** — %(credit)s: %(n)d rating, too few for an average.",
    "**%(week)s** · **%(album)s** — %(credit)s: %(n)d ratings, too few for an average.",
    "n",
)
DIGEST_BEGUN = ngettext_lazy(
    "%(n)d of %(of)d has begun **%(album)s** — %(credit)s.",
    "%(n)d of %(of)d have begun **%(album)s** — %(credit)s.",
    "n",
)
DIGEST_ARTISTS = _("Played by most")
DIGEST_ALBUMS = _("Albums played by most")
DIGEST_ALBUM = _("%(album)s — %(artist)s")
DIGEST_PLAYED = ngettext_lazy(
    "%(place)d\\. **%(name)s** · %(n)d member", "%(place)d\\. **%(name)s** · %(n)d members", "n"
)
DIGEST_REACHED = _("Round numbers")
DIGEST_REACHED_PLAYS = _("**%(name)s** has %(n)s plays")
DIGEST_REACHED_ARTIST = _("**%(name)s** has played %(artist)s %(n)s times")
DIGEST_COUNTED = _("Counted are members who show their listens to all members.")
DIGEST_PAGE = _("What the club plays")
DIGEST_OWN = _("My own week")
