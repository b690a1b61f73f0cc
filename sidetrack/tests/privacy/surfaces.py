"""Every surface on which something of a member is told: ask as a viewer, and say whether it is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from club.errors import ClubRuleBroken
from club.models import ClubSettings
from club.publishing import share_images as sharing
from discordbot.members import Person
from discordbot.serving import figures, looking
from discordbot.serving.music import knowing, matching, playing
from sidetrack.tests.privacy import scene as stage
from sidetrack.tests.privacy.scene import Scene
from sidetrack.tests.privacy.truth import VIEWERS
from social.models import User

FEW = ("guest", "stranger", "blocked")  # where one rule serves many addresses and another of them is asked by everybody
PAGE, CLUB, LISTENS, TASTE, ITEM = "visibility", "club_visibility", "listens_visibility", "taste_visibility", "item"


@dataclass(frozen=True)
class Eyes:
    """One viewer in front of the site."""

    scene: Scene
    name: str
    read: dict[str, tuple[int, str]] = field(default_factory=dict)  # surfaces on one page share one request

    @cached_property
    def member(self) -> User | None:
        return self.scene.viewers[self.name]

    def answer(self, address: str) -> tuple[int, str]:
        """Status and whole text, also of a refusal: those could tell too."""
        if address not in self.read:
            response = self.scene.clients[self.name].get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            self.read[address] = response.status_code, body.decode(errors="replace")
        return self.read[address]

    def text(self, address: str) -> str:
        return self.answer(address)[1]

    def opens(self, address: str) -> bool:
        return self.answer(address)[0] == 200

    def program(self, path: str) -> str:
        """As a scrobbler asks: with a token, without a session."""
        token = self.scene.tokens.get(self.name)
        headers = {"Authorization": f"Token {token}"} if token else {}
        body: str = self.scene.clients["guest"].get(f"/1/{path}", headers=headers).content.decode()
        return body


Look = Callable[[Eyes], bool]


@dataclass(frozen=True)
class Surface:
    """areas: the levels that must all let the viewer see; guest_areas: more of them, where a visitor asks.

    reader: whose rights count. viewer: whoever looks. guest: everybody reads the same, so no more than a visitor may.
    server: everybody on the Discord server, all of whom are members. company: as the viewer, and only what is shown to
    all members. owner: nobody else ever. nobody: it names no member. never: who is told nothing here in any case.
    viewers: who is asked, where another surface asks the others.
    """

    name: str
    kind: str
    areas: tuple[str, ...]
    tells: Look
    route: str = ""
    reader: str = "viewer"
    guest_areas: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    viewers: tuple[str, ...] = VIEWERS


SURFACES: list[Surface] = []


def surface(kind: str, name: str, *areas: str, **more: Any) -> Callable[[Look], Look]:
    def keep(tells: Look) -> Look:
        SURFACES.append(Surface(name, kind, areas, tells, **more))
        return tells

    return keep


def shows(kind: str, address: str, marker: str, *areas: str, **more: Any) -> None:
    """An address whose answer has the marker where it tells of the owner; {s.…} are fields of the scene."""

    def tells(eyes: Eyes) -> bool:
        return marker in eyes.text(address.format(s=eyes.scene))

    SURFACES.append(Surface(f"{address} · {marker}", kind, areas, tells, address, **more))


def opens(kind: str, address: str, *areas: str, **more: Any) -> None:
    """An address that is all about the owner: there, or not."""

    def tells(eyes: Eyes) -> bool:
        return eyes.opens(address.format(s=eyes.scene))

    SURFACES.append(Surface(address, kind, areas, tells, address, **more))


ME = f"/@{stage.HANDLE}"

# --- The member's own page ------------------------------------------------------------------------------------------
shows("page", f"{ME}/", stage.BIO, PAGE)
shows("page", f"{ME}/", "Winneralbum", PAGE, CLUB, ITEM)
shows("page", f"{ME}/", stage.PLAYED, PAGE, LISTENS)
shows("page", f"{ME}/", stage.NOW_PLAYING, PAGE, LISTENS)
shows("page", f"{ME}/ratings/", "Winneralbum", PAGE, CLUB, ITEM)
shows("page", f"{ME}/nominations/", stage.PITCH, PAGE, CLUB)
shows("page", f"{ME}/reviews/", stage.REVIEW, PAGE, CLUB, ITEM)
shows("page", f"{ME}/reviews/", stage.ASIDE, PAGE, CLUB, ITEM)
shows("page", f"{ME}/listening/", stage.PLAYED, PAGE, LISTENS)
shows("list", f"{ME}/listens/", stage.PLAYED, PAGE, LISTENS)
shows("list", f"{ME}/listening/artists/", stage.PLAYED, PAGE, LISTENS)
shows("export", f"{ME}/listening/artists.csv", stage.PLAYED, PAGE, LISTENS)
shows("export", f"{ME}/listening/artists.json", stage.PLAYED, PAGE, LISTENS)
opens("page", f"{ME}/listening/{{s.now.year}}/", PAGE, LISTENS)
opens("page", f"{ME}/taste/", PAGE, LISTENS, TASTE)

shows("list", f"{ME}/grid/", "Playedalbum", PAGE, LISTENS)
opens("share image", f"{ME}/grid.png", PAGE, LISTENS, viewers=FEW)
opens("page", f"{ME}/{{s.now.year}}/", PAGE, viewers=FEW)
shows("page", f"{ME}/{{s.now.year}}/", stage.PLAYED, PAGE, LISTENS)
opens("share image", f"{ME}/{{s.now.year}}/{{s.card}}.png", PAGE, LISTENS)
for page in ("", "trajectory/", "moods/", "radar/", "outliers/", "weeks/{s.iso_week}/"):
    asked = f"/dashboard/{page}?member={stage.HANDLE}"
    opens("page", asked, PAGE, LISTENS, TASTE, viewers=VIEWERS if not page else FEW)
opens("export", f"/dashboard/weeks.csv?member={stage.HANDLE}", PAGE, LISTENS, TASTE, viewers=FEW)

# --- Where members stand side by side -------------------------------------------------------------------------------
shows("list", "/community/", f'href="{ME}/"', PAGE)
shows("search", "/community/?q=zanth", f'href="{ME}/"', PAGE)


@surface("counts", "how many members one may see", PAGE)
def counts_members(eyes: Eyes) -> bool:
    """Two more than what is always there: oneself, the companion and the two who only rated."""
    found = re.search(r"(\d+) members? whom you may see", eyes.text("/community/"))
    always = 3 + (eyes.name not in {"guest", "self"})
    assert found is not None
    assert int(found[1]) in (always, always + 1)
    return int(found[1]) == always + 1


@surface("counts", "how much a member rated, on the list of members", PAGE, CLUB, ITEM)
def counts_ratings(eyes: Eyes) -> bool:
    people = eyes.text("/community/").partition('<ul class="people"')[2]
    card = re.search(rf'href="{ME}/".*?</li>', people, re.S)
    return card is not None and "1 rating" in card[0]


shows("list", "/community/", stage.PLAYED, PAGE, LISTENS, reader="company")
shows("export", "/community/artists.csv", stage.PLAYED, PAGE, LISTENS, reader="company")
shows("list", "/community/", stage.NOW_PLAYING, PAGE, LISTENS)
shows("list", "/", stage.NOW_PLAYING, PAGE, LISTENS, never=("guest",))
shows("list", "/artists/{s.artist.slug}/", f'href="{ME}/', PAGE, LISTENS)

# --- The club -------------------------------------------------------------------------------------------------------
shows("page", "/weeks/{s.week.number}/", stage.REVIEW, CLUB, ITEM)
shows("page", "/weeks/{s.week.number}/", f'href="{ME}/', CLUB)
shows("page", "/weeks/{s.open.number}/", f'href="{ME}/', CLUB)
shows("page", "/albums/{s.album.slug}/", stage.REVIEW, CLUB, ITEM)
shows("page", "/albums/{s.album.slug}/", f'href="{ME}/', CLUB)
shows("page", "/albums/{s.aside.album.slug}/", stage.ASIDE, CLUB, ITEM)
shows("page", "/", stage.REVIEW, CLUB, ITEM)
shows("page", "/ratings/{s.review.pk}/report/", stage.REVIEW, CLUB, ITEM, never=("guest",))
shows("page", "/ratings/{s.aside.pk}/report/", stage.ASIDE, CLUB, ITEM, never=("guest",))
shows("page", "/nominations/{s.week.winner_id}/report/", stage.PITCH, CLUB, never=("guest",))
shows("page", "/stats/", stage.NAME, CLUB)
shows("search", "/weeks/", f'value="{stage.HANDLE}"', CLUB)
shows("search", f"/weeks/?nominator={stage.HANDLE}", "Winneralbum", CLUB)

# --- For everybody alike --------------------------------------------------------------------------------------------
shows("Atom", "/feeds/weeks.atom", stage.NAME, CLUB, reader="nobody")
shows("Atom", "/feeds/reviews.atom", stage.REVIEW, CLUB, ITEM, reader="guest")
shows("Atom", "/feeds/reviews.atom", stage.ASIDE, CLUB, ITEM, reader="guest")
for words, areas in ((stage.REVIEW, (PAGE, CLUB, ITEM)), (stage.PITCH, (PAGE, CLUB))):
    shows("Atom", f"{ME}/feed.atom", words, *areas, reader="guest", viewers=("guest", "follower"))
shows("sitemap", "/sitemap.xml", f"{ME}/", PAGE, reader="guest")


@surface("share image", "the card of a week", CLUB, reader="nobody")
def week_card(eyes: Eyes) -> bool:
    return any(stage.NAME in repr(due.card) for due in sharing.week_cards(ClubSettings.load()))


@surface("share image", "the card of an album", CLUB, ITEM, reader="nobody")
def album_card(eyes: Eyes) -> bool:
    cards = repr([due.card for due in sharing.album_cards(ClubSettings.load())])
    return stage.NAME in cards or stage.REVIEW in cards


# --- REST -----------------------------------------------------------------------------------------------------------
API = f"/api/v1/users/{stage.HANDLE}"
shows("REST", API, stage.BIO, PAGE)
shows("REST", f"{API}/summary", stage.PLAYED, PAGE, LISTENS)
shows("REST", f"{API}/listens/recent", stage.PLAYED, PAGE, LISTENS)
opens("REST", f"{API}/taste", PAGE, LISTENS, TASTE)
shows("REST", f"{API}/recommendations", stage.SUGGESTED, PAGE, LISTENS, TASTE)
shows("REST", "/api/v1/club/weeks", f'"{stage.HANDLE}"', CLUB)
shows("REST", "/api/v1/club/weeks/{s.week.number}", f'"{stage.HANDLE}"', CLUB)
shows("REST", "/api/v1/club/weeks/{s.week.number}/nominations", f'"{stage.HANDLE}"', CLUB)
shows("REST", "/api/v1/club/weeks/{s.week.number}/ratings", stage.REVIEW, CLUB, ITEM)

# --- Programs that speak ListenBrainz -------------------------------------------------------------------------------
for path, marker in (
    (f"user/{stage.HANDLE}/listens", stage.PLAYED),
    (f"user/{stage.HANDLE}/listen-count", '"count"'),
    (f"user/{stage.HANDLE}/playing-now", stage.NOW_PLAYING),
    (f"stats/user/{stage.HANDLE}/artists", stage.PLAYED),
    (f"stats/user/{stage.HANDLE}/releases", "Playedalbum"),
    (f"stats/user/{stage.HANDLE}/recordings", stage.PLAYED),
    (f"stats/user/{stage.HANDLE}/listening-activity", '"listening_activity"'),
    (f"feedback/user/{stage.HANDLE}/get-feedback", '"feedback"'),
):

    @surface("REST", f"/1/{path}", PAGE, LISTENS, route=f"/1/{path}")
    def program_reads(eyes: Eyes, path: str = path, marker: str = marker) -> bool:
        return marker in eyes.program(path)


@surface("REST", "/1/user/…/following", PAGE, route=f"/1/user/{stage.HANDLE}/following")
def program_reads_following(eyes: Eyes) -> bool:
    return '"companion"' in eyes.program(f"user/{stage.HANDLE}/following")


@surface("REST", "/1/user/companion/followers", PAGE, route="/1/user/companion/followers")
def program_reads_followers(eyes: Eyes) -> bool:
    return f'"{stage.HANDLE}"' in eyes.program("user/companion/followers")


# --- Following, the feed --------------------------------------------------------------------------------------------
for side in ("followers", "following", "friends"):
    opens("list", f"{ME}/{side}/", PAGE)
shows("list", "/@companion/followers/", f'href="{ME}/"', PAGE)


@surface("counts", "how many follow a member", PAGE, viewers=("guest", "stranger", "follower", "blocked"))
def counts_followers(eyes: Eyes) -> bool:
    return "<b>1</b> follower" in eyes.text("/@companion/")


for marker, areas in (
    (stage.REVIEW, (CLUB, ITEM)),
    (stage.ASIDE, (CLUB, ITEM)),
    (stage.PITCH, (CLUB,)),
    (stage.WISH, (PAGE, ITEM)),
    (stage.LOGGED, (PAGE, LISTENS, ITEM)),
    (stage.SESSION, (PAGE, LISTENS)),
    ("4,321", (PAGE, LISTENS)),
):
    shows("feed", "/feed/?of=club", marker, *areas, never=("guest",))
    shows("feed", "/feed/", marker, *areas, viewers=("follower", "blocked", "blocking"))

# --- What is kept by hand -------------------------------------------------------------------------------------------
shows("list", f"{ME}/diary/", stage.LOGGED, PAGE, LISTENS, ITEM)
shows("list", f"{ME}/wants/", stage.WISH, PAGE, ITEM)
shows("page", f"{ME}/", stage.FAVOURITE, PAGE)
shows("list", "/playlists/{s.playlist.pk}/", stage.LIST_TITLE, PAGE, ITEM)
shows("export", "/playlists/{s.playlist.pk}.csv", stage.PLAYED, PAGE, ITEM)
shows("list", "/playlists/{s.tape.pk}/", stage.TAPE_TITLE, PAGE, LISTENS, TASTE, ITEM)
shows("export", "/playlists/{s.tape.pk}.csv", stage.PLAYED, PAGE, LISTENS, TASTE, ITEM)

# --- Compare --------------------------------------------------------------------------------------------------------
opens("compare", f"/@companion/with{ME}/", PAGE, TASTE, guest_areas=(LISTENS, CLUB))
shows("compare", f"/@companion/with{ME}/", stage.PLAYED, PAGE, TASTE, LISTENS, guest_areas=(CLUB,))
shows("compare", f"/@companion/with{ME}/artists.csv", stage.PLAYED, PAGE, TASTE, LISTENS, guest_areas=(CLUB,))
opens(
    "share image",
    f"/@companion/with{ME}/card.png",
    PAGE,
    TASTE,
    LISTENS,
    CLUB,
    reader="guest",
    viewers=("guest", "follower"),
)
opens("compare", f"{API}/compatibility/companion", PAGE, TASTE, guest_areas=(LISTENS, CLUB))

# --- Who has heard the week's album ---------------------------------------------------------------------------------


@surface("page", "who has heard the week's album", PAGE, LISTENS)
def progress(eyes: Eyes) -> bool:
    panel = re.search(r'aria-labelledby="heard".*?</section>', eyes.text(f"/weeks/{eyes.scene.poll.number}/"), re.S)
    return panel is not None and stage.NAME in panel[0]


# --- Discord --------------------------------------------------------------------------------------------------------
@surface("Discord command", "/results", CLUB, reader="nobody")
def results(eyes: Eyes) -> bool:
    return stage.NAME in repr(looking.results(number=eyes.scene.week.number))


@surface("Discord command", "/history", CLUB, reader="server")
def history(eyes: Eyes) -> bool:
    return stage.NAME in repr(looking.history(typed="Winneralbum"))


def in_discord(
    name: str, *areas: str, own: bool = False, **more: Any
) -> Callable[[Callable[[Person, Person, datetime], object]], None]:
    """A command that answers the member who gives it. Nobody there is a visitor: who gives it becomes a member.

    own: the owner's own is told to the owner alone; else what counts is whether the whole channel reads it.
    """

    def keep(answer: Callable[[Person, Person, datetime], object]) -> None:
        def tells(eyes: Eyes) -> bool:
            if eyes.member is None:
                return False
            try:
                reply = answer(person_of(eyes.member), person_of(eyes.scene.owner), eyes.scene.now)
            except ClubRuleBroken:
                return False
            return stage.NAME in repr(reply) and (eyes.name != "self" or getattr(reply, "is_public", False) or own)

        SURFACES.append(Surface(name, "Discord command", areas, tells, never=("guest",), **more))

    return keep


def person_of(member: User) -> Person:
    return Person(int(member.linked_accounts.get().provider_user_id), str(member), member.handle)


@in_discord("/fm", PAGE, LISTENS, reader="company")
def fm(person: Person, owner: Person, now: datetime) -> object:
    return playing.fm(person=person, other=owner, only_me=False, now=now)


@in_discord("/whoknows", PAGE, LISTENS, reader="company")
def whoknows(person: Person, owner: Person, now: datetime) -> object:
    return knowing.who_knows(person=person, typed=stage.PLAYED, only_me=False, now=now)


@in_discord("/taste", PAGE, TASTE, reader="company")
def taste(person: Person, owner: Person, now: datetime) -> object:
    """The owner stands beside the companion: who they are to themselves is no match."""
    other = Person(6998, "Companion", "companion") if person == owner else owner
    return matching.taste(person=person, other=other, only_me=False, now=now)


@in_discord("/stats", CLUB, own=True)
def stats(person: Person, owner: Person, now: datetime) -> object:
    return figures.club(person=person, now=now)
