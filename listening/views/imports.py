"""Bringing a history in a file: the upload, the list of what was brought, one import's report and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from listening.importing import deciding
from listening.importing.receiving import TooLarge, receive, same_file
from listening.models import ImportBatch
from listening.views.import_words import shown
from listening.views.uploading import Measured
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from social.settings_menu import Section, SettingsLink

State = ImportBatch.State
N_SHOWN = 50


class BringForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Your file"),
        allow_empty_file=True,  # told apart with our own words
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


@csrf_exempt  # only until the size is watched; `_imports` checks the token
@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """The page, and the upload. The handler must stand before anything reads what was posted, the token too."""
    measured = Measured(request)
    request.upload_handlers.insert(0, measured)
    return _imports(request, measured)


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def _imports(request: HttpRequest, measured: Measured) -> HttpResponse:
    member = cast(User, request.user)
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if request.method == "POST":
        try:
            if measured.was_too_large:
                raise TooLarge
            if form.is_valid():
                file = form.cleaned_data["file"]
                batch, is_new = receive(member=member, pieces=file.chunks(), name=file.name, now=now())
                if not is_new:
                    messages.info(request, _("You brought this very file already: here it is."))
                return redirect("listening:import", batch.pk)
        except Refused as refusal:
            form.errors["file"] = form.error_class([refusal.message])
    context = {
        "page": "imports",
        "form": form,
        "refused": form if form.errors else None,
        "limit": settings.IMPORT_MAX_MB,
        **_list(member),
    }
    return render(request, "listening/imports.html", context, status=400 if form.errors else 200)


def _list(member: User) -> dict[str, Any]:
    batches = [shown(batch) for batch in ImportBatch.objects.filter(user=member)[:N_SHOWN]]
    return {"batches": batches, "is_moving": any(batch.is_moving for batch in batches)}


@login_required
@never_cache
@require_safe
def imports_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for the page to refresh itself by."""
    return render(request, "listening/_imports_list.html", _list(cast(User, request.user)))


def _own(request: HttpRequest, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.select_related("user"), pk=pk, user=request.user)


def _report(batch: ImportBatch) -> dict[str, Any]:
    earlier = same_file(batch.user, batch.file_hash).filter(state=State.DONE, pk__lt=batch.pk).first()
    later = ImportBatch.objects.filter(
        user=batch.user, source=batch.source, state=State.DONE, n_known__gt=0, pk__gt=batch.pk
    ).exists()
    return {"batch": shown(batch), "earlier": earlier, "later": later}


@login_required
@never_cache
@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What one file would bring, brings, or brought."""
    batch = _own(request, pk)
    return render(request, "listening/import.html", {"page": "imports", **_report(batch)})


@login_required
@never_cache
@require_safe
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report alone, for the page to refresh itself by."""
    return render(request, "listening/_import_report.html", _report(_own(request, pk)))


ACTS: dict[str, tuple[Callable[[ImportBatch], None], Any]] = {
    "confirm": (lambda batch: deciding.confirm(batch=batch, now=now()), gettext_lazy("It is being imported.")),
    "stop": (lambda batch: deciding.stop(batch=batch, now=now()), gettext_lazy("It stops.")),
    "resume": (lambda batch: deciding.resume(batch=batch, now=now()), gettext_lazy("It goes on.")),
    "undo": (lambda batch: deciding.undo(batch=batch, now=now()), gettext_lazy("It is being taken back.")),
    "forget": (lambda batch: deciding.forget(batch=batch), gettext_lazy("Forgotten, with its file.")),
}


@login_required
@require_POST
@paced
def import_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of the buttons."""
    if verb not in ACTS:
        raise Http404
    batch = _own(request, pk)
    act, words = ACTS[verb]
    try:
        act(batch)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("listening:import", pk)
    messages.success(request, str(words))
    return redirect("listening:imports") if verb == "forget" else redirect("listening:import", pk)


def settings_link(request: HttpRequest) -> SettingsLink:
    """The way here, among the links of settings."""
    return SettingsLink(Section.LISTENS, _("Import and export"), reverse("listening:imports"))
