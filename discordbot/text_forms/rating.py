"""The rating form: stars, favourite track, final thoughts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from discordbot.safe_text import escaped
from discordbot.text_forms.lines import Misread, label_pattern, split_parts
from discordbot.texts import say, typed

LABELS = {
    "rating": label_pattern(r"(?:final |overall )?(?:ratings?|score|stars|verdict)"),
    "track": label_pattern(
        r"(?:fav(?:ou?rite)?|fave?|best|top)\.?(?: (?:track|song|tune|cut)s?)?|(?:track|song) of the (?:album|week)"
    ),
    "review": label_pattern(r"(?:final |other |closing )?thoughts?|review|comments?|notes"),
}
_BARE_RATING = re.compile(r"^(?:my )?(?:rating|score)\s+(?=[\d★⭐🌟✭✮]|:star)(?P<rest>.+)$", re.IGNORECASE)
_STAR_SIGNS = re.compile(r":(?:star2?|glowing_star):|[★⭐🌟✭✮]\ufe0f?")
_HALF = r"(?:[½]|\s*1/2|\s*(?:and|&|\+)\s*(?:a\s+)?half|\s*half)"
_NUMBER = re.compile(
    rf"^(?P<whole>\d{{1,3}})(?:[.,](?P<part>\d{{1,2}}))?(?P<half>{_HALF})?\s*"
    r"(?:/\s*(?P<of>\d{1,3}(?:[.,]0)?)|out of (?P<out>\d{1,3}))?\s*(?:stars?|\*+|★|⭐\ufe0f?|:star:)?[.!]*$",
    re.IGNORECASE,
)
WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


@dataclass(frozen=True)
class RatingText:
    """`half_stars` is 2 to 10: 1.0 to 5.0."""

    half_stars: int
    favorite_track: str = ""
    review: str = ""


def read_rating(text: str) -> RatingText | Misread | None:
    """The rating in `text`; what is wrong with it; or None where the message is no rating at all.

    It is one when it has the rating's label, or two of the form's labels, or begins with stars or `4/5`.
    """
    parts = split_parts(text, LABELS)
    given = parts.get("rating").split("\n")[0].strip()
    head = parts.head[0] if parts.head else ""
    if "rating" not in parts.by_label:
        if match := _BARE_RATING.match(head):
            given = match["rest"]
        elif _STAR_SIGNS.match(head) or (re.match(r"\d[\d.,½ ]*/\s*(5|10)\b", head)) or (head and parts.by_label):
            given = head
        elif len(parts.by_label) < 2:
            return None
        if isinstance(read_stars(given), Misread) and not parts.by_label and not match:
            return None
    stars = read_stars(given)
    if isinstance(stars, Misread):
        return stars
    favorite = parts.get("track").split("\n")[0]
    review = "\n".join(filter(None, [*parts.head[1:], parts.get("review")]))
    behind = "\n".join(parts.get("rating").split("\n")[1:]).strip()
    return RatingText(stars, _nothing(favorite), _nothing("\n".join(filter(None, [behind, review])).strip()))


def read_stars(text: str) -> int | Misread:
    """Half-stars, 2 to 10, from 4, 4.5, 4,5, 4½, 4 1/2, ★★★½, 9/10, four and a half; or what is wrong."""
    text = text.strip().strip("()[]").strip()
    if not text:
        return Misread((say(typed.EMPTY),))
    stars = _count_signs(text)
    if stars is None:
        for word, digit in WORDS.items():
            text = re.sub(rf"^{word}\b", digit, text, flags=re.IGNORECASE)
        match = _NUMBER.match(text)
        if match is None:
            return Misread((say(typed.UNREADABLE, typed=escaped(text, 40, one_line=True)),))
        stars = Fraction(f"{match['whole']}.{match['part'] or 0}") + (Fraction(1, 2) if match["half"] else 0)
        scale = int(re.split("[.,]", match["of"] or match["out"] or "5")[0])
        if scale == 10:
            stars /= 2
        elif scale != 5:
            return Misread((say(typed.OTHER_SCALE, scale=scale),))
    half_stars = stars * 2
    if not 2 <= half_stars <= 10:
        return Misread((say(typed.OUTSIDE, stars=f"{float(stars):g}"),))
    if half_stars.denominator != 1:
        low = int(half_stars) / 2
        return Misread((say(typed.NO_HALF, stars=f"{float(stars):g}", low=low, high=low + 0.5),))
    return int(half_stars)


def _count_signs(text: str) -> Fraction | None:
    """★★★½ as 3½; ☆ fills up and counts nothing. None where there is anything but signs."""
    n_stars = len(_STAR_SIGNS.findall(text))
    rest = _STAR_SIGNS.sub("", text).replace("☆", "").replace("\ufe0f", "").strip().lower()
    if not n_stars or rest not in {"", "½", "1/2", "half", "+½", "and a half", "and a half stars"}:
        return None
    return Fraction(n_stars) + (Fraction(1, 2) if rest else 0)


def _nothing(text: str) -> str:
    """Empty for the words with which people say that they leave it out."""
    return "" if text.strip().lower().strip(".") in {"", "-", "—", "–", "n/a", "none", "na", "...", "…", "?"} else text
