"""The head of a page that is posted elsewhere: canonical address, OpenGraph, picture, structured data."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import Model
from django.utils.safestring import SafeString, mark_safe

from club.models import ShareImage
from club.publishing import structured_data

register = template.Library()

DEFAULT_IMAGE = "img/share.png"


def share_image_url(page: Model | None) -> str:
    """The address of the page's own picture, or of the site's where none is drawn yet."""
    image = None
    if page is not None and page._meta.model_name in ShareImage.Kind.values:
        image = ShareImage.objects.filter(kind=page._meta.model_name, object_id=page.pk).first()
    path = image.file.url if image else staticfiles_storage.url(DEFAULT_IMAGE)
    return path if "://" in path else settings.SITE_URL + path


@register.inclusion_tag("club/_share_tags.html")
def share_tags(
    *, title: str, description: str, path: str, page: Model | None = None, kind: str = "website"
) -> dict[str, Any]:
    """`{% share_tags title=… description=… path=week.get_absolute_url page=week %}`."""
    return {
        "title": title,
        "description": description,
        "address": settings.SITE_URL + path,
        "image": share_image_url(page),
        "kind": kind,
        "site_name": "Sidetrack",
    }


@register.simple_tag
def json_ld(data: dict[str, Any] | None) -> SafeString:
    """A data block; browsers do not run it, so the Content-Security-Policy has nothing to say about it."""
    return mark_safe(structured_data.as_script(data) if data else "")  # noqa: S308  (as_script escapes)
