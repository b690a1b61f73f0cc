"""The first steps' part about listens: accounts to connect, programs that send, files to bring."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext_lazy

from listening.linking.showing import connections_of
from listening.models import ImportBatch
from listening.tokens import living_tokens
from social.models import User
from social.welcome import Step


def listens_step(request: HttpRequest) -> Step:
    """Fills the slot "welcome:steps". Done with any way in: an account, a program's token, a file."""
    member = cast(User, request.user)
    services = connections_of(member, now=now())
    n_tokens, n_files = living_tokens(member).count(), ImportBatch.objects.filter(user=member).count()

    def draw() -> SafeString:
        context = {
            "services": services,
            "n_tokens": n_tokens,
            "n_files": n_files,
            "back": reverse("social:welcome_step", args=["listens"]),
        }
        return render_to_string("listening/_welcome.html", context, request)

    is_done = any(each.account for each in services) or bool(n_tokens or n_files)
    return Step("listens", gettext_lazy("What you listen with"), is_done, draw)
