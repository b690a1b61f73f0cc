"""The picture of a member: a form in the settings of the profile sends one, or takes it away."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidetrack.http import MEGABYTE
from sidetrack.pacing import paced
from social.avatars import LARGEST, remove_avatar, set_avatar
from social.errors import Refused
from social.models import User


@login_required
@require_POST
@paced
def change_picture(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    if request.POST.get("act") == "remove":
        remove_avatar(member=member)
        messages.success(request, _("Your picture is gone."))
        return redirect("social:settings_profile")
    file = request.FILES.get("picture")
    try:
        set_avatar(member=member, content=_content(file), now=now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your picture is saved."))
    return redirect("social:settings_profile")


def _content(file: UploadedFile[bytes] | None) -> bytes:
    if file is None:
        raise Refused(_("Choose a file first."), code="bad_picture")
    if (file.size or 0) > LARGEST:
        raise Refused(_("A picture has at most %(n)d MB.") % {"n": LARGEST // MEGABYTE}, code="bad_picture")
    return bytes(file.read())
