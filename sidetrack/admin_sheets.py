"""Spreadsheets in and out of the admin (django-import-export), by the house's rules."""

from __future__ import annotations

from typing import Any, ClassVar

from import_export.formats.base_formats import CSV, JSON
from import_export.forms import ExportForm, ImportForm


class Sheets:
    """Put before import-export's own mixin: two formats, and forms without the script that our CSP forbids.

    What a sheet holds is the resource's list of fields; what a moderator may export is what they may see in the list.
    """

    formats: ClassVar[list[Any]] = [CSV, JSON]
    export_form_class = ExportForm
    import_form_class = ImportForm
