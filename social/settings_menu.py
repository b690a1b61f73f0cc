"""The menu beside every page of settings: sections with their links, own ones and those of upper apps."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sidetrack import slots


class Section(enum.Enum):
    """In the order in which they stand."""

    YOU = _("You")
    LISTENS = _("Listens")
    TASTE = _("Taste")
    SIGN_IN = _("Sign-in")


@dataclass(frozen=True, slots=True)
class SettingsLink:
    """What fillers of the slot `social:settings_links` answer, one or several: called with the request.

    place: where it stands in its section, the lowest number first; the site's own links have 10, 20, 30 and so on.
    """

    section: Section
    label: str | Promise
    address: str
    place: int = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """here: the value of `aria-current`: the page itself, or one below it; empty elsewhere."""

    label: str | Promise
    address: str
    here: str


OWN = (
    (Section.YOU, _("Profile"), "social:settings_profile"),
    (Section.YOU, _("Privacy"), "social:settings_privacy"),
    (Section.YOU, _("Notifications"), "social:settings_notifications"),
    (Section.YOU, _("Appearance"), "social:settings_appearance"),
    (Section.YOU, _("Your data"), "social:settings_data"),
    (Section.YOU, _("My reports"), "social:settings_reports"),
    (Section.SIGN_IN, _("Ways to sign in"), "socialaccount_connections"),
    (Section.SIGN_IN, _("Sessions"), "social:settings_sessions"),
    (Section.SIGN_IN, _("API tokens"), "social:settings_tokens"),
)


def links(request: HttpRequest) -> list[SettingsLink]:
    """Own links and those of upper apps by their place, and in the order of their slots."""
    found = [SettingsLink(section, label, reverse(name), 10 * n) for n, (section, label, name) in enumerate(OWN, 1)]
    answers: Iterable[SettingsLink | list[SettingsLink]] = slots.call("social:settings_links", request)
    for answer in answers:
        found += [answer] if isinstance(answer, SettingsLink) else answer
    return sorted(found, key=lambda link: link.place)


def menu(request: HttpRequest) -> list[tuple[str | Promise, list[Entry]]]:
    """Sections that have links; the link with the longest address above this page's is where the member is."""
    known = links(request)
    above = [each.address for each in known if request.path.startswith(each.address)]
    nearest = max(above, key=len, default="")

    def here(address: str) -> str:
        return "" if address != nearest else "page" if address == request.path else "true"

    in_sections: dict[Section, list[Entry]] = {section: [] for section in Section}
    for each in known:
        in_sections[each.section].append(Entry(each.label, each.address, here(each.address)))
    return [(section.value, entries) for section, entries in in_sections.items() if entries]
