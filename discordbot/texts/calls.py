"""Why something could not be done in Discord, for the moderators' channel, `/club check`, the admin and the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# --- What a call to Discord came to ---------------------------------------------------------------------------------
NOT_ACTING = _("The bot is stopping, or another process has become the bot.")
ASKED_TO_WAIT = _("Discord asks the bot to wait.")
NOT_ANSWERED = _("Discord did not answer: %(why)s")
NOT_ANSWERED_WITHIN = _("Discord did not answer within %(seconds)d s.")
UNREADABLE = _("Discord's answer could not be read.")
BROKE_THERE = _("Discord answered %(status)d.")
NO_REASON = _("no reason given")
GONE = _("Discord does not know it any more: %(said)s")
ARCHIVED = _("The thread is archived.")
THREAD_EXISTS = _("The message has a thread already.")
NOT_ALLOWED = _("Discord does not allow it: %(said)s")
REFUSED = _("Discord refused it: %(said)s")
BROKE_HERE = _("The bot itself broke here: %(error)s.")

# --- What is missing ------------------------------------------------------------------------------------------------
THE_SERVER = _("the server")
NAMED = _("“%(name)s”")
LACKS = _("The bot lacks the permission %(permissions)s in %(where)s.")
LACKS_ONE = _("The bot may not do this in %(where)s: one of %(permissions)s is missing.")
WHO_ALLOWS = _("Whoever may manage roles and channels can allow it.")
NO_CHANNEL = _("No club channel is chosen yet: a moderator does that with /club settings.")
CHANNEL_GONE = _("The club channel <#%(channel)d> does not exist any more: choose another one with /club settings.")

# --- To the moderators' channel -------------------------------------------------------------------------------------
NEEDS_HELP = _("I need a moderator’s help:")
GOOD_TO_KNOW = _("For your information:")
LINE = _("• %(line)s")
MORE_LINES = ngettext_lazy("… and %(n)d more", "… and %(n)d more", "n")
THREAD_REMADE = _("The thread “%(name)s” had been deleted; I made it again.")
