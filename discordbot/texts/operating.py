"""What whoever runs the bot reads: why `manage.py runbot` ends, what `/ready` and `manage.py doctor` find."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# --- Why the bot cannot run like this -------------------------------------------------------------------------------
NO_TOKEN = _("DISCORD_BOT_TOKEN is not set: copy it from %(portal)s, your application, “Bot”.")
NO_SERVER = _(
    "DISCORD_GUILD_ID is not set: in Discord, with developer mode on, right-click your server, “Copy Server ID”."
)
WRONG_TOKEN = _("Discord does not accept DISCORD_BOT_TOKEN: reset it at %(portal)s, “Bot”, and set the new.")
NOT_A_MEMBER = _("The bot is not a member of the server %(server)d (DISCORD_GUILD_ID): invite it with %(link)s")
INTENT_IS_OFF = _(
    "DISCORD_READ_MESSAGES needs the “Message Content Intent”: switch it on at %(portal)s, “Bot”, “Privileged Gateway "
    "Intents”, or unset DISCORD_READ_MESSAGES."
)
OUT_OF_DATE = _("Discord's gateway refuses this version of the bot (%(code)d): update Sidetrack.")
ANOTHER_BOT = _("Another bot of this club is running (%(where)s).")
ANOTHER_BOT_SINCE = _("Another bot of this club is running (%(where)s, since %(since)s UTC).")
PROCESS = _("process %(pid)d on %(host)s")
SOME_PROCESS = _("a process without a name")
THIS_ONE_ENDS = _("%(why)s This one ends.")
DATABASE_SILENT = _("The database does not answer: %(why)s")
TRIES_AGAIN = _("%(why)s The bot tries again in %(seconds)d seconds.")
INVITE_ASKS_FOR = _("It asks for: %(names)s.")
INVITE_NEEDS = _("Set DISCORD_BOT_TOKEN, or DISCORD_CLIENT_ID: the link names the application.")

# --- /ready ---------------------------------------------------------------------------------------------------------
NOT_RUNNING = _("The Discord bot is not running: start it with manage.py runbot.")
SILENT = ngettext_lazy(
    "The Discord bot has been silent for %(n)d minute: start it with manage.py runbot.",
    "The Discord bot has been silent for %(n)d minutes: start it with manage.py runbot.",
    "n",
)
NOT_CONNECTED = _("The Discord bot is running, but not connected to Discord.")
SAYS = _("The Discord bot says: %(problem)s")

# --- manage.py doctor -----------------------------------------------------------------------------------------------
SERVER = _("Discord server")
CHANNEL = _("Club channel in Discord")
NO_CHANNEL = _("A moderator chooses it with /club settings.")
FORUM = _("%(channel)d, a forum")
TEXT_CHANNEL = _("%(channel)d, a text channel")
READING = _("Nominations and ratings as messages")
READS = _("typed forms are read")
READS_NOT = _("Set DISCORD_READ_MESSAGES=1 to turn it on.")
PROCESS_NAME = _("Discord bot's process")
WELL = _("alive and connected")
POSTS_WAIT = ngettext_lazy(
    "%(n)d post waits for something to be mended: the admin lists it under Posts.",
    "%(n)d posts wait for something to be mended: the admin lists them under Posts.",
    "n",
)
