"""Names as keys: what two spellings of one artist or title have in common. Pure: no Django, no clients.

A key is for finding, never for showing. Two names with one key are treated as one name while neither has an id.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from unidecode import unidecode_expect_ascii

MAX_ARTIST_KEY, MAX_TITLE_KEY = 300, 500

_FEATURING = r"(?:feat|ft|featuring)\b\.?"
_FEATURING_TAIL = re.compile(rf"\s*(?:[(\[{{]\s*{_FEATURING}[^)\]}}]*[)\]}}]|\s{_FEATURING}\s.*$)", re.IGNORECASE)
_EDITION_WORD = (
    r"(?:remaster(?:ed|ing)?|re-?master(?:ed)?|deluxe|expanded|edition|bonus tracks?|re-?issue|explicit|clean|mono|"
    r"stereo|\d+(?:st|nd|rd|th) anniversary)"
)
_EDITION = rf"(?:[^()\[\]]*\b)?{_EDITION_WORD}\b[^()\[\]]*"
_EDITION_TAIL = re.compile(
    rf"\s*(?:\({_EDITION}\)|\[{_EDITION}\]|\s[-–—]\s+(?:\d{{4}}\s+)?(?:digital(?:ly)?\s+)?{_EDITION_WORD}\b[^()\[\]]*)\s*$",
    re.IGNORECASE,
)
_LIVE_TAIL = re.compile(
    r"\s*(?:\(live\b[^()]*\)|\[live\b[^\[\]]*\]|\s[-–—]\s+live(?:\s+(?:at|in|from|on|version)\b.*)?)\s*$",
    re.IGNORECASE,
)
_MAY_END_IN_A_TAIL = re.compile(r"[(\[{]|\s(?:[-–—]\s|f)", re.IGNORECASE)  # what any of the endings has in it
_AMPERSAND = re.compile(r"(?<=\s)[&+](?=\s)|(?<=\w)&(?=\w)")
_DOLLAR_S = re.compile(r"(?<=[a-z])\$|\$(?=[a-z])")  # A$AP, Ke$ha, Ty Dolla $ign
_SILENT = re.compile(r"['’‘`´.]")
_BETWEEN = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")


def tidy(name: str) -> str:
    """A name fit for showing: composed Unicode, single spaces, no control characters; its spelling is kept."""
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    visible = "".join(" " if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} else each for each in name)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def _is_ideograph(character: str) -> bool:
    """Chinese characters: their reading is not one-to-one (李健 and 李建 read alike), so a key keeps them."""
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def _plain(text: str) -> str:
    """Accents and other alphabets in Latin letters; what has no Latin reading stays as it is."""
    if text.isascii():
        return text
    plain = []
    for character in text:
        if character.isascii() or _is_ideograph(character):
            plain.append(character)
        else:
            latin = unidecode_expect_ascii(character)
            plain.append(latin if latin.strip() or not character.isalnum() else character)
    return "".join(plain)


@lru_cache(maxsize=50_000)
def words_key(text: str) -> str:
    """Lower-case words without accents, punctuation or “&”; for a name made of signs alone, the signs."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return " ".join(text.lower().split())
    composed = unicodedata.normalize("NFKC", text)
    if not any(character.isalnum() for character in composed):  # "!!!", "( )", "÷": the signs are the name
        return _SPACES.sub("", composed.casefold())
    plain = _DOLLAR_S.sub("s", _AMPERSAND.sub(" and ", _plain(composed).casefold()))
    key = _BETWEEN.sub(" ", _SILENT.sub("", plain)).strip()
    return key or _SPACES.sub("", composed.casefold())


def _without_tail(text: str, *tails: re.Pattern[str]) -> str:
    """`text` without the endings, taken off again and again, unless nothing would be left."""
    if not _MAY_END_IN_A_TAIL.search(text):
        return text
    while True:
        shorter = text
        for tail in tails:
            cut = tail.sub("", shorter).strip()
            if cut and any(character.isalnum() for character in cut):
                shorter = cut
        if shorter == text:
            return text
        text = shorter


def plain_title(title: str) -> str:
    """“Blue (2011 Remaster) [feat. Nobody]” → “Blue”: the title without editions and guests, its spelling kept."""
    return _without_tail(tidy(title), _FEATURING_TAIL, _EDITION_TAIL)


def plain_name(name: str) -> str:
    """“Beyoncé feat. JAY-Z” → “Beyoncé”: the artist without guests, the spelling kept; joint names stay whole."""
    return _without_tail(tidy(name), _FEATURING_TAIL)


def name_key(name: str) -> str:
    """The key of an artist's name; "" only for a blank name.

    >>> name_key("Beyoncé feat. JAY-Z"), name_key("Simon & Garfunkel"), name_key("!!!")
    ('beyonce', 'simon and garfunkel', '!!!')
    """
    return words_key(plain_name(name))[:MAX_ARTIST_KEY].strip()


def title_key(title: str) -> str:
    """The key of an album's or track's title: editions and guests gone. A live one stays apart: it is another music.

    >>> title_key("OK Computer (Deluxe Edition)"), title_key("Alive 2007 (Live)")
    ('ok computer', 'alive 2007 live')
    """
    return words_key(plain_title(title))[:MAX_TITLE_KEY].strip()


def loose_title_key(title: str) -> str:
    """`title_key` without “(Live)” and “- Live at …” too: for comparing a title with candidates, never for identity."""
    return words_key(_without_tail(plain_title(title), _LIVE_TAIL, _EDITION_TAIL))[:MAX_TITLE_KEY].strip()


def decade_of(year: int | None) -> str:
    """1997 → “1990s”, as it is shown and filtered by; "" without a year."""
    return f"{year // 10 * 10}s" if year else ""
