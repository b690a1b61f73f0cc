"""What the bot says to one member: forms, answers, refusals, drafts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# --- Shared ---------------------------------------------------------------------------------------------------------
WEEK_PAGE = _("Week %(number)d on the website")
ALBUM_PAGE = _("The album on the website")
TRY_AGAIN = _("Try again")
YOUR_WORDS = _("Here are your words, to copy. “Try again” opens the form with them; they are kept for two days.")
YOUR_WORDS_UNKEPT = _("Here are your words, to copy.")
DRAFT_GONE = _("These words are no longer kept: drafts live for two days, or until they are used.")
NO_BOTS = _("Bots are no members of the club.")
NO_LONGER_HERE = _(
    "You are not in the club's server any more, so nothing was changed. What you gave the club stays as it is; come "
    "back whenever you like, and the buttons work again."
)
NOT_SURE_WHETHER_HERE = _(
    "Discord does not tell me just now whether you are in the club's server, so nothing was changed. Try again in a "
    "minute, or use the buttons in the thread."
)
NOT_YOURS = _("This belongs to somebody else.")
NO_SUCH_WEEK = _("There is no week %(number)d.")
IN_A_MOMENT_DRAFT = _("The club's memory does not answer just now. Your words are kept: press again in a minute.")
IN_A_MOMENT = _("The club's memory does not answer just now, so this was not saved. Try again in a minute.")

# --- Nominate -------------------------------------------------------------------------------------------------------
NOMINATE_TITLE = _("Nominate for WEEK %(number)03d")
NOMINATE_TITLE_ANY = _("Nominate an album")
ALBUM_LABEL = _("Album — Artist (Year)")
ALBUM_HINT = _("Kid A — Radiohead (2000)")
PITCH_LABEL = _("Why this album?")
PITCH_HINT = _("What should the others listen for?")
TRACK_LABEL = _("Pitch track")
TRACK_HINT = _("One track to start with: its name, or a link to it")
TAGS_LABEL = _("Genre / Decade / Country")
TAGS_HINT = _("Art rock / 2000s / UK. The decade follows from the year")
NOMINATED = _("**%(album)s** — %(credit)s is nominated for **%(week)s**. You may change the words until %(time)s.")
STAYS_NOMINATED = _("**%(album)s** — %(credit)s stays nominated for **%(week)s**, with the words as you sent them.")
CHANGE_WORDS = _("Change the words")
NOMINATE_ANOTHER = _("Nominate another album")
WITHDRAW = _("Withdraw it")
WITHDRAWN = _("**%(album)s** is withdrawn from **%(week)s**.")
SWAP = _("Withdraw mine, nominate this")
WHICH_ONE = _("Which one did you mean? You wrote “%(line)s”.")
WHICH_HINT = _("Choose the album")
NONE_OF_THESE = _("None of these: take it as I typed it")
NONE_SO_AGAIN = _("None of these: I write it again")
WRITE_ARTIST = _("Who made it? Write it as Album — Artist (Year).")
LINE_MISSING = _("The album is missing. Write it as Album — Artist (Year).")
LINE_IS_LINK = _("A link alone cannot be read. Write the names: Album — Artist (Year).")
YEAR_ODD = _("%(year)d is no year that an album could have come out in.")
WON_IN = _("won %(weeks)s")
NOMINATED_NOW = _("nominated by %(name)s")
NOMINATED_NOW_UNNAMED = _("nominated already")
NOMINATED_BEFORE = _("nominated in %(weeks)s")
YOURS = _("yours")

# --- Vote -----------------------------------------------------------------------------------------------------------
VOTE_TITLE = _("Vote in WEEK %(number)03d")
VOTE_RULES = _(
    "A first choice is worth two points, a second choice one. Nobody sees what you chose, and you may change it until "
    "%(time)s (%(left)s)."
)
VOTE_RULES_SELF = _("Your own nomination is not on the list.")
FIRST_LABEL = _("First choice")
SECOND_LABEL = _("Second choice (optional)")
SECOND_NOW = _("Second choice")
VOTE_AGAIN = _("Vote")
NOT_THERE = _("An album that you chose is no longer nominated in %(week)s. Choose again.")
FREED = _("“%(album)s”, which you had voted for, was withdrawn: that choice is free again.")
FIRST_HINT = _("Two points for …")
SECOND_HINT = _("One point for …")
VOTED = _(
    "**%(week)s** · Your first choice: %(first)s. Your second choice: %(second)s. You may change it until %(time)s."
)
NO_CHOICE = _("none")
CHOICE = _("**%(album)s** — %(credit)s")
CLEAR_BALLOT = _("Clear my ballot")
CHANGE_BALLOT = _("Change it")
BALLOT_CLEARED = _("**%(week)s** · Your ballot is empty. You may vote until %(time)s.")
NOTHING_TO_VOTE = _(
    "There is nothing in %(week)s that you could vote for: members do not vote for their own nomination."
)
VOTE_PAGE = ngettext_lazy(
    "Choose below; each choice counts at once. %(n)d album, page %(page)d of %(of)d.",
    "Choose below; each choice counts at once. %(n)d albums, page %(page)d of %(of)d.",
    "n",
)
EARLIER = _("Earlier in the list")
LATER = _("Later in the list")
CHOOSE_ONE = _("Choose at least one album, or clear your ballot.")

# --- Rate -----------------------------------------------------------------------------------------------------------
RATE_TITLE = _("Rate WEEK %(number)03d")
RATE_TITLE_ANY = _("Rate the album")
STARS_LABEL = _("Your rating")
FAVOURITE_LABEL = _("Favourite track (optional)")
FAVOURITE_HINT = _("The one that stayed")
AS_I_WROTE = _("As I wrote it: %(track)s")
THOUGHTS_LABEL = _("Final thoughts (optional)")
THOUGHTS_HINT = _("In a word or in a page")
THOUGHTS_KEPT = _("Leave this empty and the long text you wrote before stays")
CHOOSE_STARS = _("Choose a rating from 1.0 to 5.0.")
RATED = _("**%(week)s** · You gave **%(album)s** — %(credit)s %(stars)s. You may change it until %(time)s.")
RATED_FAVOURITE = _("Favourite track: %(track)s.")
CHANGE_RATING = _("Change it")
RATE_AGAIN = _("Rate it again")
CLEAR_RATING = _("Take it back")
RATING_CLEARED = _("**%(week)s** · Your rating of **%(album)s** is gone. You may rate it again until %(time)s.")
RATE_OUTSIDE = _("You may still rate the album outside the club's weeks, on its page.")

# --- Typed into a thread --------------------------------------------------------------------------------------------
EDIT_IT = _("-# Edit your message and I read it again.")
NO_FORM_ANY_MORE = _("I cannot read this any more, so what it said before stands. Delete the message to take it back.")
