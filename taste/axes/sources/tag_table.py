"""What tags say of how music sounds: the table, and what follows for a track. Pure.

A tag says where on an axis music of its name mostly lies, no more: "metal" is loud and fast, "acoustic" is acoustic.
Tags of the track itself count in full, its album's and its artist's less. However many agree, tags stay weak evidence.

The values are judgement, checked: where a public set of 9,306 songs with Spotify's features has playlists of a tag's
kind (acoustic, punk, extreme metal, salsa, lo-fi hip-hop …), they follow those playlists' medians. Words that name an
axis ("danceable") stand at its end. Liveness and speechiness are told by few words, and no word is taken to tell that
a record was *not* made before an audience.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from taste.axes.judging import Judged

SOURCE, VERSION = "tags", "table-1"
SHORT = {
    "e": "energy",
    "v": "valence",
    "d": "danceability",
    "a": "acousticness",
    "i": "instrumentalness",
    "s": "speechiness",
    "l": "liveness",
}
# tag → axis (first letter) and value; the keys are `catalog.names.name_key` of the tag.
TABLE = """
acoustic            a.85 e.32
a cappella          a.60 i.02
adult contemporary  e.45 v.45 a.35
aggressive          e.90 v.30
alternative         e.70 a.10
alternative metal   e.90 a.02 v.35
alternative rock    e.75 a.05
ambient             e.15 a.70 i.85 d.25
americana           a.55 e.45
angry               e.85 v.25
art pop             e.50
atmospheric         e.30 i.60
audiobook           s.95 a.80 e.20 i.02
avant garde         d.35 i.60
ballad              e.30 a.60 d.40 v.30
baroque             a.95 i.85 e.15 d.30
beats               d.75
bedroom pop         e.40 a.45
big band            a.75 v.65
black metal         e.95 a.01 d.25 v.15
bluegrass           a.80 v.65
blues               a.50 e.45 v.50
blues rock          e.65 v.55 a.20
bossa nova          a.80 e.30 v.60 d.60
breakbeat           e.80 d.70 i.60
breakcore           e.95 i.70 a.02
britpop             e.75 v.55
calm                e.15 a.70
catchy              v.70 d.65
celtic              a.75 i.50
chamber music       a.95 i.90 e.12 d.25
chamber pop         a.50 e.40
chanson             a.70 i.05
chant               a.90 i.05 e.15
cheerful            v.90
chill               e.35 d.55
chillout            e.35 i.50 d.55
chillwave           e.50 i.40
choral              a.95 e.18 i.10
christmas           v.60 a.60
classic rock        e.70 v.60 a.15
classical           a.95 e.12 i.90 d.25
club                d.80 e.80
comedy              s.75 l.40
country             a.40 e.55 v.60 i.01
country rock        e.60 v.60
dance               d.80 e.80 v.60 a.05
dance pop           d.75 e.75 v.60 i.02
dance punk          e.85 d.70
danceable           d.90
dancehall           d.80 e.70 v.65
dark                v.20
dark ambient        e.15 i.90 v.08 d.20
dark wave           e.65 v.30 i.30
death metal         e.95 v.20 a.01 d.25
deep house          d.80 e.60 i.60 a.05
depressing          v.12 e.25
depressive          v.12
disco               d.80 v.80 e.75
doom metal          e.75 v.15 i.40 d.25
downtempo           e.40 i.60 d.60
dream pop           e.50 v.35 a.25 i.30
dreamy              e.35 a.45
drone               e.15 i.90 d.12 v.10
drum and bass       e.90 i.60 d.60 a.03
dub                 d.70 i.65 e.50
dubstep             e.85 d.60 i.45
easy listening      e.30 a.65 v.50
ebm                 e.80 d.70
edm                 e.85 d.65
electro             d.75 e.75 i.40
electro house       d.70 e.90 i.50
electronic          a.08 i.50 e.65 d.65
electronica         a.10 i.60 e.60 d.65
electropop          e.70 d.70
emo                 e.80 v.35
energetic           e.90
euphoric            v.75 e.75
experimental        d.40 i.60
fast                e.80
feel good           v.85
female vocalist     i.03
female vocalists    i.03
female vocals       i.03
field recording     i.80 e.15
film score          a.75 i.90 e.20 v.15
flamenco            a.80
folk                a.75 e.30 i.08 v.40
folk rock           a.45 e.50
freak folk          a.70
free jazz           a.65 i.85 d.35
funk                d.75 v.75 e.70
funky               d.80 v.75
fusion              i.75 e.60
gangsta rap         s.25 d.75 e.70 i.01
garage rock         e.85 a.05
glam rock           e.75 v.65
glitch              i.80 e.55
gospel              e.55 v.55 l.30
gothic metal        e.85 v.25
grindcore           e.97 v.20 a.01
groovy              d.80
grunge              e.80 v.40 a.03
guitar solo         i.60
happy               v.90
happy hardcore      e.95 v.60
hard rock           e.85 a.03
hardcore            e.93 a.02 d.40
hardcore punk       e.95 a.02 d.35
heavy               e.88
heavy metal         e.90 a.01 d.38
hip hop             s.22 d.75 e.65 i.01
hiphop              s.22 d.75 e.65 i.01
house               d.80 e.80 i.50 a.05
hypnotic            i.60 d.60
idm                 i.85 e.55 d.55
indie               e.60
indie folk          a.65 e.35 i.08
indie pop           e.60 v.55 d.58
indie rock          e.70 a.12
industrial          e.85 a.05 v.30
industrial metal    e.92 a.01
instrumental        i.95
instrumental hip hop i.80 d.70 e.50
instrumental rock   i.90 e.70
intense             e.85
italo disco         d.78 e.75 v.70
j pop               e.80 v.65 i.01
jangle pop          e.70 v.65
jazz                a.70 e.35 i.60 d.52
jazz fusion         i.75 e.60
joyful              v.90
k pop               e.80 d.70 v.65 i.01
krautrock           i.60 e.60
latin               d.72 v.70 e.68
live                l.85
live album          l.85
live recordings     l.85
lo fi               a.55 e.35
lounge              e.35 d.60 a.45
male vocalist       i.03
male vocalists      i.03
math rock           e.80 i.50
meditation          e.08 i.90 a.85 d.20
melancholic         v.15 e.30
melancholy          v.15 e.30
mellow              e.28 a.55
metal               e.92 a.02 d.38
metalcore           e.95 a.01 v.30
minimal             i.80 d.70
minimal techno      i.80 d.78 e.65
minimalism          i.85 e.25 a.70
modern classical    a.90 i.90 e.15 v.12
mpb                 a.60 v.60
musical             s.15
neo soul            d.65 e.45
neoclassical        a.90 i.90 e.15 v.12
new age             a.75 i.85 e.18 d.30
new wave            e.75 v.65 d.62
noise               e.85 i.75 d.20 v.10
noise rock          e.90 a.03
nu disco            d.78 e.72 v.65
nu metal            e.92 a.01
oldies              a.55 v.65
opera               a.95 e.22 i.10 d.25 v.18
orchestral          a.85 i.88 e.22 d.25
party               d.80 e.80 v.75
peaceful            e.12 a.75
piano               a.85 e.25 i.65
podcast             s.93
poetry              s.80 e.25
polka               v.85 d.70
pop                 v.58 e.65 d.65 i.01
pop punk            e.90 v.60 a.03
pop rock            e.72 v.55 i.01
post hardcore       e.92 a.02
post metal          e.75 i.60 v.15
post punk           e.75 d.58
post rock           i.80 e.55 v.20 d.32
power metal         e.92 v.40 a.01
power pop           e.80 v.70
progressive house   d.70 e.80 i.60
progressive metal   e.88 a.02
progressive rock    e.58 i.40
psychedelic         i.40 e.60
psychedelic rock    e.65 i.35
psytrance           e.92 i.80 d.65
punk                e.92 a.03 v.58
punk rock           e.92 a.03 v.58
quiet               e.12 a.75
r and b             d.68 e.52 i.01
ragtime             a.90 v.75 i.85
rap                 s.25 d.75 e.65 i.01
reggae              d.75 v.75 e.55
reggaeton           d.78 v.70 e.75
relaxed             e.20
relaxing            e.18 a.65
requiem             a.95 v.08 e.20
rnb                 d.68 e.52 i.01
rock                e.75 a.10 d.50
rock and roll       e.70 v.75 a.35
rockabilly          v.80 e.70 d.60
romantic            e.35 a.55
sad                 v.10 e.28
salsa               d.72 v.80 e.75
samba               d.68 v.75
score               i.88 a.70 e.22
screamo             e.95 v.25
shoegaze            e.75 v.30 i.40
singer songwriter   a.65 e.35 i.03
ska                 e.80 v.80 d.65
slow                e.22 d.38
slowcore            e.28 v.20
sludge metal        e.88 v.20 a.01
smooth              e.35
smooth jazz         e.40 i.75 a.40
soft                e.20 a.65
soft rock           e.48 a.35 v.50
solo piano          a.97 i.93 e.10
soothing            e.15 a.70
soul                v.60 d.60 a.40
soundscape          i.90 e.12
soundtrack          i.70 a.60 e.28
space rock          i.45 e.65
speed metal         e.95 a.01
spoken word         s.92 i.02 a.70 e.25
stand up comedy     s.93 l.75
stoner rock         e.82 a.02
string quartet      a.97 i.93 e.15
summer              v.75
surf rock           e.78 v.75 i.50
swing               a.70 v.75 d.60
symphony            a.95 i.92 e.18 d.22
synth pop           d.68 e.68 v.60 a.08
synthpop            d.68 e.68 v.60 a.08
synthwave           e.70 i.60 d.62 a.04
tango               a.80
tech house          d.82 e.78 i.65
techno              d.78 e.80 i.75 a.03
thrash metal        e.95 a.01 d.35
trance              e.85 d.62 i.70 a.03
trap                s.22 d.72 e.62
trip hop            e.45 d.62 v.30
tropical house      d.70 v.60 e.65
turntablism         s.25 i.50
uk garage           d.78 e.75
upbeat              v.80 e.78
uplifting           v.75
vaporwave           i.65 e.40
video game music    i.88
vocal jazz          a.75 i.03 e.28
waltz               a.80
world               a.55
worship             e.55 l.30
"""
LEVELS = {"track": 1.0, "album": 0.6, "artist": 0.45}  # how far a tag speaks of the track
MOST, HALF = 0.4, 1.0  # confidence never reaches MOST; HALF: summed weight at which half of it is reached
MOST_OF = {"valence": 0.3, "liveness": 0.35, "speechiness": 0.35}
SPREAD = 0.25  # standard deviation of what the tags say at which they disagree
N_NAMED = 3


@dataclass(frozen=True, slots=True)
class TagSaid:
    """key: `name_key` of the tag. weight: 0 to 1 as its source weighs it. level: track, album or artist."""

    key: str
    weight: float
    level: str


def _parsed(text: str) -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for line in text.strip().splitlines():
        words = line.split()
        values = [word for word in words if word[1:2] == "." and word[0] in SHORT]
        name = " ".join(words[: len(words) - len(values)])
        table[name] = {SHORT[word[0]]: float(word[1:]) for word in values}
    return table


AXES_OF = _parsed(TABLE)


def read(tags: Iterable[TagSaid]) -> dict[str, Judged]:
    """Axis → value: the mean of what its tags say, by weight and level; axes of which no tag speaks are absent.

    A tag that two sources or two levels give counts once, where it weighs most.
    """
    weights: dict[str, float] = {}
    for tag in tags:
        if tag.key in AXES_OF:
            weights[tag.key] = max(weights.get(tag.key, 0.0), tag.weight * LEVELS[tag.level])
    said: dict[str, list[tuple[float, float, str]]] = {}
    for key, weight in weights.items():
        for axis, value in AXES_OF[key].items() if weight > 0 else ():
            said.setdefault(axis, []).append((weight, value, key))
    return {axis: _mean(axis, rows) for axis, rows in said.items()}


def _mean(axis: str, rows: list[tuple[float, float, str]]) -> Judged:
    total = sum(weight for weight, _, _ in rows)
    mean = sum(weight * value for weight, value, _ in rows) / total
    spread = math.sqrt(sum(weight * (value - mean) ** 2 for weight, value, _ in rows) / total)
    confidence = MOST_OF.get(axis, MOST) * total / (total + HALF) * math.exp(-((spread / SPREAD) ** 2))
    named = [key for _, _, key in sorted(rows, key=lambda row: (-row[0], row[2]))[:N_NAMED]]
    more = f" and {len(rows) - N_NAMED} more" if len(rows) > N_NAMED else ""
    return Judged(min(1.0, max(0.0, mean)), confidence, f"tags: {', '.join(named)}{more}"[:120])
