"""What the bot needs each permission for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SEE = _("to see the channel at all")
POST = _("to post")
SHOW_CARDS = _("to show cards")
FIND_POSTS = _("to find its own posts again after a restart")
POST_IN_THREADS = _("to post in the week’s threads")
KEEP_THREADS = _("to reopen, rename and lock the week’s threads")
PIN = _("to pin the card with the buttons; “Manage Messages” does not pin any more")
ATTACH = _("to post the charts of the poll and of the ratings, and sleeves of albums without a cover")
START_THREADS = _("to start the week’s threads")
SEE_VOICE = _("to see the voice channel of the discussion")
CONNECT = _("to hold the discussion’s event in it")
EVENTS = _("to announce the discussion as an event of the server")
MARK_READ = _("to mark the typed messages that it has understood")
