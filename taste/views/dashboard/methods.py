"""`/dashboard/methods/`: how every number of the dashboard comes about, for whoever may see the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from taste.dashboard.levels import FASTEST, FEW_WEEKS, N_BASELINE, SLOWEST, WEAK
from taste.matching.curves import HALF_TRUST, WEIGHTS
from taste.matching.words import BANDS
from taste.views.dashboard.outliers import DAYS
from taste.weeks.moods import MOODS


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    context = {
        "moods": MOODS,
        "n_baseline": N_BASELINE,
        "few_weeks": FEW_WEEKS,
        "slowest": round(SLOWEST),
        "fastest": round(FASTEST),
        "weak": f"{WEAK:.0%}",
        "days": DAYS,
        "weights": {name: round(weight * 100) for name, weight in WEIGHTS.items()},
        "half_trust": HALF_TRUST,
        "bands": list(zip(BANDS, [100, *(least - 1 for least, _word in BANDS)], strict=False)),
    }
    return render(request, "taste/methods.html", context)
