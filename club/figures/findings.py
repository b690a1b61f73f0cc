"""What a chart shows, as the sentence above it. Pure: figures in, words out."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from club.drawing.svg import STARS
from club.figures.statistics import GroupFigures, RatingFigures

LATELY = 8  # weeks
NOTABLE = 0.1  # a tenth more or fewer than before is worth saying
MOST_NAMES = 2  # a tie of more is no finding


def of_ratings(figures: RatingFigures) -> str:
    """`Most often 4 stars`; of equal bins the ones that are, unless they are many."""
    most = max(figures.histogram)
    top = [stars for stars, count in zip(STARS, figures.histogram, strict=True) if count == most]
    if not most or len(top) > MOST_NAMES:
        return _("No rating stands out")
    return _("Most often %(stars)s stars") % {"stars": get_text_list(top, _("and"))}


def of_attendance(members: Sequence[int]) -> str:
    """members: how many took part, week by week, oldest first; not empty. The last eight weeks beside those before."""
    usual = members[:-LATELY]
    if len(usual) < LATELY:
        mean = fmean(members)
        return ngettext("%(n)s member a week", "%(n)s members a week", round(mean)) % {"n": f"{mean:.1f}"}
    now, before = fmean(members[-LATELY:]), fmean(usual)
    numbers = {"now": f"{now:.1f}", "before": f"{before:.1f}"}
    if now > before * (1 + NOTABLE):
        return _("More of us lately: %(now)s a week, %(before)s before") % numbers
    if now < before * (1 - NOTABLE):
        return _("Fewer of us lately: %(now)s a week, %(before)s before") % numbers
    return _("About as many lately: %(now)s a week, %(before)s before") % numbers


def of_groups(rows: Sequence[GroupFigures]) -> str:
    """`jazz most often`: what is nominated most; empty where nothing leads."""
    most = max((row.nominations for row in rows), default=0)
    top = [row.name for row in rows if row.nominations == most]
    if not top or len(top) > MOST_NAMES:
        return ""
    return _("%(names)s most often") % {"names": get_text_list(top, _("and"))}


def of_raters(kindest: float | None, hardest: float | None) -> str:
    """kindest, hardest: stars above and below the others, None where nobody is."""
    if kindest is not None and hardest is not None:
        return _("%(apart)s stars between the kindest and the hardest") % {"apart": f"{kindest - hardest:.2f}"}
    if kindest is not None:
        return _("%(by)s stars above the others at most") % {"by": f"{kindest:.2f}"}
    return _("%(by)s stars below the others at most") % {"by": f"{-(hardest or 0.0):.2f}"}


def of_streaks(holders: Sequence[str], longest: int) -> str:
    """holders: who holds the longest streak; longest: its weeks."""
    weeks = ngettext("%(n)d week in a row", "%(n)d weeks in a row", longest) % {"n": longest}
    if len(holders) > MOST_NAMES:
        return _("%(weeks)s, by %(n)d members") % {"weeks": weeks, "n": len(holders)}
    return _("%(weeks)s, by %(names)s") % {"weeks": weeks, "names": get_text_list(list(holders), _("and"))}
