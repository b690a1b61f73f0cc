"""Bringing an older club's history in from the admin: the same file and function as `manage.py import_weeks`."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import now

from club.models import ClubSettings
from club.spreadsheets.importing import import_rows
from social.moderation import log_action

MAX_BYTES = 20_000_000


class HistoryForm(forms.Form):
    file = forms.FileField(
        label="CSV file", help_text="In UTF-8, with the columns that “manage.py export_weeks” writes."
    )

    def clean_file(self) -> list[str]:
        """The file's lines, with the line ends inside of cells as they are."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_BYTES // 1_000_000} MB: use import_weeks.")
        try:
            return list(StringIO(file.read().decode("utf-8-sig"), newline=""))
        except UnicodeDecodeError as error:
            raise forms.ValidationError("This is not UTF-8: save it as “CSV UTF-8”.") from error


def import_history(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Look at a file, or bring it in; a fault in any row leaves everything as it was."""
    user = request.user
    if not (user.is_authenticated and user.is_moderator):
        raise PermissionDenied
    form = HistoryForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        report = import_rows(form.cleaned_data["file"], apply="bring_in" in request.POST, now=now())
        if report.is_written:
            after = {"rows": dict(report.rows), "members": report.n_new_members, "albums": report.n_new_albums}
            log_action(moderator=user, verb="import_history", obj=ClubSettings.load(), after=after, now=now())
    rows = list(report.rows.items()) if report else []  # a template would ask the Counter for a key called “items”
    context = {**context, "form": form, "report": report, "rows": rows}
    return TemplateResponse(request, "admin/club/week/import.html", context)
