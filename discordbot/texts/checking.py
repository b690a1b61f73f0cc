"""What `/club check` says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from discordbot.texts import Words

ALL_WELL = _("**Everything is as it should be.**")
SOME_MISSING = ngettext_lazy("**%(n)d thing needs a person.**", "**%(n)d things need a person.**", "n")
GOOD = _("✅ %(words)s")
BAD = _("❌ %(words)s")
NOTE = _("💡 %(words)s")

# --- Channels -------------------------------------------------------------------------------------------------------
USES: dict[str, Words] = {
    "club": _("the club's channel"),
    "forum": _("the club's forum"),
    "voice": _("the voice channel"),
    "moderators": _("the moderators' channel"),
}
ALL_ALLOWED = _("<#%(channel)d> (%(use)s): I may do everything that I need here.")
MISSING = _("<#%(channel)d> (%(use)s): **%(permission)s** is missing, %(why)s. %(mend)s")
MISSING_IN_SERVER = _("The server: **%(permission)s** is missing, %(why)s. %(mend)s")
DENIED_BY = _("The channel's own settings deny it to %(who)s: “Edit Channel” → “Permissions”.")
NO_ROLE_HAS_IT = _("None of my roles has it: “Server Settings” → “Roles”, or the channel's own permissions.")
TIMED_OUT = _("I am in time-out: somebody must end it.")
ADMINISTRATOR = _("I have Administrator. It works, but it is far more than I need.")
NOT_SEEN = _("<#%(channel)d> (%(use)s): **View Channel** is missing, so I cannot see what else is. %(mend)s")
CHANNEL_GONE = _("%(use)s was deleted. Choose another with `/club settings`.")
WRONG_KIND = _("<#%(channel)d> cannot be %(use)s: it is another kind of channel. Choose another with `/club settings`.")
NOT_ANSWERED = _("<#%(channel)d> (%(use)s): Discord did not say what I may do there: %(why)s")
NOTHING_ANSWERED = _("I could not ask Discord what I may do: %(why)s Try again in a minute.")
NO_CLUB = _("No club channel is chosen, so nothing is posted. Choose one with `/club settings`.")
NO_VOICE = _("No voice channel is chosen: the discussion's event points to its thread.")
NO_MODERATORS = _("No moderators' channel is chosen: what I cannot do stands only in the log and here.")
ROLE_GONE = _("The role to call was deleted. Choose another with `/club settings`.")
ROLE_SILENT = _("<@&%(role)d> is not told when I call it: allow everyone to mention it, in the role's settings.")
GIVERS = _("Who can give permissions here: the owner <@%(owner)d>%(roles)s.")
GIVER_ROLES = _(", and whoever has %(roles)s")
INVITE = _("Letting me in once more also gives me my own role anew: <%(link)s>")
WHO_SEES_CLUB = _(
    "Discord shows `/club` to whoever has Manage Server. For other moderators: “Server Settings” → “Integrations”."
)

DIGEST_IS = _("%(digest)s. `/club settings` turns it on or off.")

# --- How the bot fares ----------------------------------------------------------------------------------------------
LEASE = _("I run on %(host)s since %(since)s, and am connected since %(connected)s.")
LEASE_LATE = _("The last sign of life of the bot's process was %(renewed)s.")
NO_LEASE = _("No process holds the bot's lease.")
RECONCILED = _("All posts were compared with the club %(time)s.")
NEVER_RECONCILED = _("The posts were never compared with the club since I started.")
RECONCILED_LATE = _("The posts were last compared with the club %(time)s.")
WAITING = ngettext_lazy(
    "%(n)d post waits to be tried again: %(why)s", "%(n)d posts wait to be tried again: %(why)s", "n"
)
NONE_WAITING = _("No post waits to be tried again.")
QUEUE = _("The queue of jobs is alive.")
QUEUE_SILENT = _("The queue of jobs has run nothing %(time)s: is a worker running?")
QUEUE_NEVER = _("The queue of jobs has never run anything: is a worker running?")
PROBLEM = _("The bot says: %(problem)s")
