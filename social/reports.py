"""Reports: a member says that something should not stand, a moderator settles it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from sidetrack import slots
from social.errors import Refused
from social.models import Report, User
from social.moderation import kind_of, log_action, require_moderator, require_reason, warn
from social.notifying import notify
from social.standing import require_active
from social.text import plain_text

SETTLED = "report_settled"
MAX_OPEN = 20  # of one reporter: beyond it nobody reads them any faster
MAX_AN_HOUR = 10  # of one reporter, settled ones too: a report takes a moderator minutes
HOUR = timedelta(hours=1)
VERBS = {
    Report.Outcome.HIDDEN: "report_hide",
    Report.Outcome.WARNED: "report_warn",
    Report.Outcome.DISMISSED: "report_dismiss",
}


def report(
    *, reporter: User, obj: Model, address: str, quote: str, subject: User | None, reason: str, now: datetime
) -> tuple[Report, bool]:
    """Put `obj` before the moderators, with its text as it is now; the second answer is whether it is new.

    address: the path where it stands. subject: whose words they are. A second report of the same thing by the same
    member, while the first is open, is the first.
    """
    require_active(reporter, now)
    reason = require_reason(reason)
    if subject == reporter:
        raise Refused("These are your own words: you can change them yourself.", code="oneself")
    if not address.startswith("/") or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        raise Refused("A report names a page of this site.", code="bad_address")
    key: dict[str, Any] = {"reporter": reporter, "kind": kind_of(obj), "object_id": obj.pk, "resolved_at": None}
    if known := Report.objects.filter(**key).first():
        return known, False
    if Report.objects.open().filter(reporter=reporter).count() >= MAX_OPEN:
        raise Refused("Many of your reports are still open. Wait until a moderator has read them.", code="too_many")
    if Report.objects.filter(reporter=reporter, created_at__gt=now - HOUR).count() >= MAX_AN_HOUR:
        raise Refused("You have reported much within an hour. Go on a little later.", code="too_often")
    try:
        with transaction.atomic():
            made = Report.objects.create(
                **key, subject=subject, address=address[:300], quote=quote, reason=reason, created_at=now
            )
    except IntegrityError:  # the same button, pressed twice at once
        return Report.objects.get(**key), False
    return made, True


@transaction.atomic
def resolve_report(*, report: Report, moderator: User, outcome: str, reason: str, now: datetime) -> list[Report]:
    """Hide what was reported, warn its author, or dismiss the report; answers every report that this settled.

    One decision settles all open reports of the same thing.
    """
    require_moderator(moderator)
    reason = require_reason(reason)
    if report.subject_id == moderator.pk and not moderator.is_superuser:
        raise Refused("This is about yourself: leave it to another moderator.", code="oneself")
    if outcome not in VERBS:
        raise Refused("A report ends as hidden, warned or dismissed.", code="unknown_outcome")
    ids = list(Report.objects.open().filter(kind=report.kind, object_id=report.object_id).values_list("pk", flat=True))
    change = {"resolved_at": now, "resolved_by": moderator, "outcome": outcome, "outcome_reason": reason}
    if not Report.objects.open().filter(pk=report.pk).update(**change):
        raise Refused("Another moderator has settled this report already.", code="resolved")
    Report.objects.open().filter(pk__in=ids).update(**change)
    report.refresh_from_db()
    if outcome == Report.Outcome.HIDDEN and not any(slots.call("report:hide", report, moderator, reason, now)):
        raise Refused("This cannot be hidden. Warn its author, or dismiss the report.", code="cannot_hide")
    if outcome == Report.Outcome.WARNED:
        if report.subject is None:
            raise Refused("There is nobody to warn: the author is gone.", code="nobody")
        warn(member=report.subject, moderator=moderator, reason=reason, now=now, quote=report.quote)
    log_action(
        moderator=moderator, verb=VERBS[Report.Outcome(outcome)], obj=report, reason=reason,
        before={"open_reports": ids}, after={"outcome": outcome}, now=now,
    )  # fmt: skip
    settled = list(Report.objects.filter(pk__in=ids).select_related("reporter"))
    for each in settled:
        tell_reporter(each, now=now)
    return settled


def tell_reporter(report: Report, *, now: datetime) -> None:
    """What became of it, without who decided; a moderator who settles their own report knows."""
    if report.reporter is None or report.reporter_id == report.resolved_by_id:
        return
    words = {
        Report.Outcome.HIDDEN: _("What you reported is hidden now: “%(quote)s”"),
        Report.Outcome.WARNED: _("The author of what you reported was warned: “%(quote)s”"),
        Report.Outcome.DISMISSED: _("A moderator looked at what you reported and let it stand: “%(quote)s”"),
    }[Report.Outcome(report.outcome)]
    notify(
        user=report.reporter,
        kind=SETTLED,
        subject=f"report {report.pk}",
        text=words % {"quote": plain_text(report.quote, limit=80)},
        address=reverse("social:settings_reports"),
        now=now,
    )


@transaction.atomic
def reopen_report(*, report: Report, moderator: User, reason: str, now: datetime) -> Report:
    """Put a settled report before the moderators again; what was done about it stays done."""
    require_moderator(moderator)
    reason = require_reason(reason)
    before = {"outcome": report.outcome, "outcome_reason": report.outcome_reason}
    again = Report.objects.filter(
        reporter=report.reporter_id, kind=report.kind, object_id=report.object_id, resolved_at=None
    )
    if report.resolved_at is None or (report.reporter_id and again.exists()):
        raise Refused("This is open already.", code="open")
    report.resolved_at, report.resolved_by, report.outcome, report.outcome_reason = None, None, "", ""
    report.save(update_fields=["resolved_at", "resolved_by", "outcome", "outcome_reason"])
    log_action(moderator=moderator, verb="report_reopen", obj=report, reason=reason, before=before, now=now)
    return report
