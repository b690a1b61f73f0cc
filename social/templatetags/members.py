"""What every page of a member says: `{% unread_notifications user as n %}`."""

from __future__ import annotations

from django import template

from social.models import User
from social.notifying import unread

register = template.Library()


@register.simple_tag
def unread_notifications(member: User) -> int:
    """How many the member has not read; one query."""
    return unread(member).count()
