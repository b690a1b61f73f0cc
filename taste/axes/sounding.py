"""How an album, a week's winner or a track sounds, as a page shows it: values with their doubt, their source and n."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Album, Track
from taste.axes import quantiles
from taste.axes.choosing import best_of
from taste.models import Axis, TrackFeatures, TrackScore

SHOWN = (
    Axis.ENERGY,
    Axis.DANCEABILITY,
    Axis.VALENCE,
    Axis.ACOUSTICNESS,
    Axis.INSTRUMENTALNESS,
    Axis.SPEECHINESS,
    Axis.LIVENESS,
)
WEAK = frozenset({Axis.VALENCE.value, Axis.LIVENESS.value, Axis.SPEECHINESS.value})
KEYS = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
SURE, FAIR, UNSURE = 0.7, 0.45, 0.25  # confidences from which on these words hold
SPOKEN_OF = 0.25  # confidence from which on an axis may enter the finding
N_METHODS = 3
LOW, HIGH = 0.33, 0.66
ADJECTIVES: dict[str, tuple[str | Promise, str | Promise]] = {
    "energy": (gettext_lazy("calm"), gettext_lazy("energetic")),
    "danceability": (gettext_lazy("not made for dancing"), gettext_lazy("danceable")),
    "acousticness": ("", gettext_lazy("acoustic")),
    "instrumentalness": ("", gettext_lazy("mostly without voices")),
    "valence": (gettext_lazy("rather dark"), gettext_lazy("rather bright")),
    "speechiness": ("", gettext_lazy("spoken")),
    "liveness": ("", gettext_lazy("before an audience")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One axis. value: 0 to 1, the mean of `n` tracks; low, high: of them. confidence: their mean, 0 to 1.

    below: the share of songs in the fixed reference that lie below; middle: the median song.
    """

    axis: str
    label: str
    value: float
    low: float
    high: float
    n: int
    confidence: float
    sources: tuple[str, ...]
    methods: tuple[str, ...]

    @property
    def percent(self) -> int:
        return round(100 * self.value)

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)

    @property
    def middle(self) -> float:
        return quantiles.middle(self.axis)

    @property
    def below_percent(self) -> int:
        return round(100 * quantiles.share_below(self.axis, self.value))

    @property
    def is_weak(self) -> bool:
        """A guess on any axis; on those that are hard to tell, whatever nobody is fairly sure of."""
        return self.confidence < (FAIR if self.axis in WEAK else UNSURE)

    @property
    def sureness(self) -> str:
        return sureness(self.confidence)


@dataclass(frozen=True, slots=True)
class Sound:
    """lines: the axes that are known, in one order. n_tracks: asked for; n_known: with a value on any axis."""

    lines: tuple[Line, ...]
    tempo: float | None
    loudness: float | None
    key: str
    n_tracks: int
    n_known: int

    @property
    def finding(self) -> str:
        """“Energetic and danceable, mostly without voices.”: what stands out and is not a mere guess."""
        words = [str(word) for line in self.lines if (word := _adjective(line))]
        if not words:
            return _("Nothing about it stands out.")
        text = words[0] if len(words) == 1 else _("%(first)s and %(last)s") % {
            "first": ", ".join(words[:-1]), "last": words[-1],
        }  # fmt: skip
        return text[:1].upper() + text[1:] + "."


def sureness(confidence: float) -> str:
    """A confidence of 0 to 1 in a word or two."""
    if confidence >= SURE:
        return _("sure")
    if confidence >= FAIR:
        return _("fairly sure")
    return _("unsure") if confidence >= UNSURE else _("a guess")


def key_name(key: int | None, mode: int | None) -> str:
    """“A minor”; empty where there is no key."""
    if key is None or key < 0:
        return ""
    if mode is None:
        return KEYS[key]
    return _("%(key)s major") % {"key": KEYS[key]} if mode else _("%(key)s minor") % {"key": KEYS[key]}


def of_album(album: Album, way: str = "") -> Q:
    """The album's lines, and what was only heard from it. way: from the rows that are asked for to the track."""
    return Q(**{f"{way}lines__album": album}) | Q(**{f"{way}album": album, f"{way}merged_into": None})


def sound_of_album(album: Album) -> Sound | None:
    """Three queries, however many tracks; one, and None, where nobody knows anything of any."""
    rows = list(TrackFeatures.objects.filter(of_album(album, "track__")).distinct())
    if not any(row.confidence for row in rows):
        return None
    return _sound(rows, Track.objects.filter(of_album(album)).distinct().count())


def sound_of(track_ids: Collection[int]) -> Sound | None:
    """Two queries, however many tracks; None where nobody knows anything of any."""
    return _sound(list(TrackFeatures.objects.filter(track_id__in=track_ids)), len(track_ids))


def _sound(rows: Sequence[TrackFeatures], n_tracks: int) -> Sound | None:
    known = [row for row in rows if row.confidence]
    if not known:
        return None
    methods = _methods(known)
    lines = [_line(axis, known, methods) for axis in SHOWN]
    tempos = [row.tempo for row in known if row.tempo is not None]
    loudnesses = [row.loudness for row in known if row.loudness is not None]
    return Sound(
        lines=tuple(line for line in lines if line is not None),
        tempo=median(tempos) if tempos else None,
        loudness=fmean(loudnesses) if loudnesses else None,
        key=key_name(known[0].key, known[0].mode) if n_tracks == 1 else "",
        n_tracks=n_tracks,
        n_known=len(known),
    )


def _line(axis: Axis, rows: Sequence[TrackFeatures], methods: dict[str, Counter[str]]) -> Line | None:
    name = axis.value
    told = [row for row in rows if getattr(row, name) is not None]
    if not told:
        return None
    values = [getattr(row, name) for row in told]
    sources = Counter(row.sources.get(name, "") for row in told)
    labels = dict(TrackScore.Source.choices)
    return Line(
        axis=name,
        label=str(axis.label),
        value=fmean(values),
        low=min(values),
        high=max(values),
        n=len(told),
        confidence=fmean(row.confidence.get(name, 0.0) for row in told),
        sources=tuple(str(labels.get(source, source)) for source, _n in sources.most_common()),
        methods=tuple(method for method, _n in methods.get(name, Counter()).most_common(N_METHODS)),
    )


def _methods(rows: Sequence[TrackFeatures]) -> dict[str, Counter[str]]:
    """Axis → how often each method gave the value that counts."""
    said: dict[int, list[TrackScore]] = {}
    for score in TrackScore.objects.filter(track_id__in=[row.pk for row in rows]):
        said.setdefault(score.track_id, []).append(score)
    counts: dict[str, Counter[str]] = {}
    for scores in said.values():
        for axis, score in best_of(scores).items():
            counts.setdefault(axis, Counter())[score.method] += 1
    return counts


def _adjective(line: Line) -> str | Promise:
    if line.confidence < SPOKEN_OF:
        return ""
    low, high = ADJECTIVES[line.axis]
    return high if line.value >= HIGH else low if line.value <= LOW else ""
