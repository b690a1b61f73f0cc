"""The two forms that members may also type as a plain message in a thread, read as people really type them.

    album_name — artist_name (year)            Rating (1.0–5.0): 4.5
    Why?: ...                                  Favorite track (opt): ...
    Pitch track (choose one): ...              final thoughts (opt): ...
    Tags (Genre / Decade / Country): ...

Pure: text in; a form, what is missing, or None (a message that is no form at all) out. Read first:
`read_nomination` and `read_rating`; `lines` finds the labelled parts that both are made of.
"""

from discordbot.text_forms.lines import Misread
from discordbot.text_forms.nomination import NominationText, read_nomination
from discordbot.text_forms.rating import RatingText, read_rating, read_stars

__all__ = ["Misread", "NominationText", "RatingText", "read_nomination", "read_rating", "read_stars"]
