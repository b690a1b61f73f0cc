"""The club as the bot sees it: frozen values, read by `state`, understood by `desired`, `cards` and `reminders`. Pure.

Nothing in here is a secret that a server's members may not know: no ballots, no totals before the poll is over, no name
or words that their owner shows to fewer people than the members.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from club.models.week import Phase
from club.scoring import PollResult

DECIDED = frozenset({Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED})


@dataclass(frozen=True)
class Member:
    """Somebody who may be reminded: their account in Discord and what they asked for."""

    member_id: int
    snowflake: int
    zone: str = "UTC"
    wants_reminders: bool = True
    wants_direct_messages: bool = False
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True)
class AlbumFacts:
    """An album. `cover`: whole address of a picture that Discord can show, or "". `hue`: one of 24 bins, or None.

    sleeve: where there is no cover, what besides the names the website's drawing depends on: key and version.
    """

    title: str
    artist: str
    year: int | None = None
    cover: str = ""
    page: str = ""
    hue: int | None = None
    spotify_id: str = ""
    sleeve: tuple[str, ...] = ()


@dataclass(frozen=True)
class NomineeFacts:
    """A standing nomination. `nominator` is "" where the member keeps their name from members; then no words stand."""

    nomination_id: int
    album: AlbumFacts
    nominator: str
    pitch: str = ""
    pitch_track: str = ""
    pitch_track_url: str = ""
    genre: str = ""
    decade: str = ""
    country: str = ""


@dataclass(frozen=True)
class Withdrawn:
    """A nomination that was taken back. `freed`: members whose votes for it are free, who asked for direct messages."""

    nomination_id: int
    title: str
    at: datetime
    had_votes: bool = False
    freed: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Quote:
    words: str
    by: str
    half_stars: int
    spoiler: bool = False


@dataclass(frozen=True)
class RaterFacts:
    """One rating with a name that members may read."""

    name: str
    half_stars: int


@dataclass(frozen=True)
class RatingsFacts:
    """A week's ratings. mean and sd in stars, None without ratings; `earlier`: (mean, sd) of weeks decided before."""

    count: int = 0
    mean: float | None = None
    sd: float | None = None
    histogram: tuple[int, ...] = (0,) * 9
    favourites: tuple[tuple[str, int], ...] = ()
    named: tuple[RaterFacts, ...] = ()
    quotes: tuple[Quote, ...] = ()
    earlier: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Act:
    """What a moderator did to the week and nobody took back."""

    act_id: int
    verb: str
    at: datetime
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Standing:
    """A post that the bot remembers. `made_at` is None until Discord has it; `is_gone`: it was taken away.

    starts_at: when an event begins, as Discord has it.
    """

    kind: str
    key: str
    made_at: datetime | None = None
    message: int | None = None
    thread: int | None = None
    is_gone: bool = False
    starts_at: datetime | None = None


@dataclass(frozen=True)
class WeekFacts:
    """One week. Sets of ids are of members; `regulars` took part in this week or one of the four before it.

    begun: who has begun the winner's album and lets members see that; read on the day before the discussion.
    """

    number: int
    phase: Phase
    label: str
    page: str
    opens_at: datetime
    nominations_close_at: datetime
    poll_close_at: datetime
    discussion_at: datetime
    ratings_close_at: datetime
    theme: str = ""
    nominations_extended_at: datetime | None = None
    poll_extended_at: datetime | None = None
    winner_id: int | None = None
    nominees: tuple[NomineeFacts, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    n_voters: int = 0
    result: PollResult | None = None
    turnout: float | None = None
    ratings: RatingsFacts = RatingsFacts()
    acts: tuple[Act, ...] = ()
    posts: tuple[Standing, ...] = ()
    regulars: frozenset[int] = frozenset()
    nominators: frozenset[int] = frozenset()
    voters: frozenset[int] = frozenset()
    raters: frozenset[int] = frozenset()
    begun: frozenset[int] = frozenset()

    @cached_property
    def by_id(self) -> dict[int, NomineeFacts]:
        return {nominee.nomination_id: nominee for nominee in self.nominees}

    @property
    def winner(self) -> NomineeFacts | None:
        return self.by_id.get(self.winner_id) if self.winner_id else None

    @property
    def is_decided(self) -> bool:
        return self.phase in DECIDED and self.winner is not None

    def post(self, kind: str, key: str) -> Standing | None:
        """What the bot remembers of one of its posts, whatever became of it."""
        return self._posts.get((kind, key))

    def stands(self, kind: str, key: str) -> bool:
        """Whether Discord has it, or is about to."""
        return (post := self.post(kind, key)) is not None and not post.is_gone

    def thread_of(self, place: str) -> int | None:
        """The snowflake of one of the week's threads."""
        return post.thread if (post := self.post("thread", place)) is not None and not post.is_gone else None

    @cached_property
    def _posts(self) -> dict[tuple[str, str], Standing]:
        return {(post.kind, post.key): post for post in self.posts}


@dataclass(frozen=True)
class Played:
    """Music that several members played. by: the artist of an album."""

    name: str
    by: str
    n_members: int
    n_plays: int


@dataclass(frozen=True)
class Outcome:
    """A week of which something was decided. mean: of `count` ratings, None where it is not told."""

    label: str
    page: str
    album: AlbumFacts
    count: int = 0
    mean: float | None = None


@dataclass(frozen=True)
class Reached:
    """A round number that a member's plays came to, in all or of one artist."""

    name: str
    n_plays: int
    artist: str = ""


@dataclass(frozen=True)
class DigestFacts:
    """The last week in a few facts; told of members together, or of those who show it to all members.

    begun: of the album that the club listens to, how many of how many have begun.
    """

    key: str
    first: date
    last: date
    until: datetime
    n_members: int = 0
    n_plays: int = 0
    artists: tuple[Played, ...] = ()
    albums: tuple[Played, ...] = ()
    won: tuple[Outcome, ...] = ()
    rated: tuple[Outcome, ...] = ()
    reached: tuple[Reached, ...] = ()
    listening: Outcome | None = None
    begun: tuple[int, int] | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.artists or self.albums or self.won or self.rated or self.reached)


@dataclass(frozen=True)
class ClubState:
    """Everything that decides what should stand in Discord. `revision`: as it was when all of this was true."""

    name: str
    zone: ZoneInfo
    site: str
    weeks: tuple[WeekFacts, ...] = ()
    members: tuple[Member, ...] = ()
    revision: int = 0
    nominations_per_member: int = 1
    allow_self_vote: bool = False
    minimum_ratings: int = 3
    voice_channel: int | None = None
    reads_messages: bool = False
    digest: DigestFacts | None = None
    by_member: dict[int, Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_member", {member.member_id: member for member in self.members})
