"""What moderators do with a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.timezone import now as clock

from club.deadlines import change_deadlines, extend_phase, reopen_phase
from club.lifecycle import MAX_THEME, close_phase_now, skip_week
from club.models import Nomination, Phase, Week
from club.moderating import override_winner, undo
from club.phases import BEFORE_LISTENING, TABLE
from club.polls import POLL_IS_OVER, poll_result
from club.rhythm import DEADLINES
from club.theming import change_theme
from club.undoing import undoable
from sidetrack.admin_acts import Act, Change, OptionalReasonForm, ReasonForm
from social.models import ModerationAction

CALLED = {
    "opens_at": "Opens",
    "nominations_close_at": "Nominations close",
    "poll_close_at": "Poll closes",
    "discussion_at": "Discussion begins",
    "ratings_close_at": "Ratings close",
}


def shown(moment: datetime | None) -> str:
    return date_format(localtime(moment), "D j M Y, H:i") if moment else "–"


def end_of_phase(week: Week) -> datetime | None:
    """When what runs now ends by itself."""
    end = TABLE.get(Phase(week.phase))
    return cast("datetime | None", getattr(week, end.deadline)) if end else None


class NominationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Nominees with their points, as a list that shows all at once."""

    widget = forms.RadioSelect
    is_choice_list = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Nomination.objects.none(), empty_label=None, **kwargs)
        self.points: dict[int, int] = {}

    def label_from_instance(self, obj: Nomination) -> str:
        points = self.points.get(obj.pk, 0)
        return f"{obj.album}, nominated by {obj.user} ({points} {'point' if points == 1 else 'points'})"


class WinnerForm(ReasonForm):
    nomination = NominationChoice(label="New winner")
    field_order = ["nomination", "reason"]


class WeekAct(Act):
    phases: tuple[Phase, ...] = ()

    def is_offered(self) -> bool:
        return self.obj.phase in self.phases

    def facts(self) -> list[tuple[str, Any]]:
        end = end_of_phase(self.obj)
        return [("Now in", self.obj.get_phase_display())] + ([("Ends by itself", shown(end))] if end else [])


class OverrideWinner(WeekAct):
    name, label, form_class, is_severe = "override-winner", "Override the winner", WinnerForm, True
    phases = tuple(Phase(phase) for phase in POLL_IS_OVER)
    has_preview = True
    explanation = (
        "Choose another nominee; nothing changes before you have seen before and after. Ratings given for the old "
        "winner stay with their members, outside the week; undoing brings them back."
    )

    def is_offered(self) -> bool:
        return super().is_offered() and self.obj.winner_id is not None

    def facts(self) -> list[tuple[str, Any]]:
        winner = self.obj.winner
        return [("Winner now", str(winner.album) if winner else "–"), ("Ratings so far", self.obj.rating_count)]

    def form(self, data: Any = None) -> forms.Form:
        form = super().form(data)
        field = cast(NominationChoice, form.fields["nomination"])
        field.points = {entry.nomination_id: entry.points for entry in poll_result(self.obj).entries}
        rest = Nomination.objects.standing().filter(week=self.obj).exclude(pk=self.obj.winner_id)
        field.queryset = rest.select_related("album__artist", "user")
        return form

    def preview(self, cleaned: dict[str, Any]) -> list[Change]:
        entries = {entry.nomination_id: entry for entry in poll_result(self.obj).entries}
        old, new = self.obj.winner, cleaned["nomination"]
        lines = [
            Change("Winner", str(old.album), str(new.album)),
            Change("Nominated by", str(old.user), str(new.user)),
        ]
        if {old.pk, new.pk} <= set(entries):
            before, after = entries[old.pk], entries[new.pk]
            lines.append(Change("Points", before.points, after.points))
            lines.append(Change("First choices", before.firsts, after.firsts))
            lines.append(Change("Place in the poll", before.place, after.place))
        n_ratings = self.obj.rating_count
        lines.append(
            Change("Ratings in the week", n_ratings, f"0 ({n_ratings} kept outside the week)" if n_ratings else 0)
        )
        return lines

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        override_winner(
            week=self.obj, nomination=cleaned["nomination"], by=self.moderator, reason=cleaned["reason"], now=now
        )
        return f"{cleaned['nomination'].album} is the winner of {self.obj}."


class ClosePhase(WeekAct):
    name, label, form_class = "close-phase", "Close this phase now", OptionalReasonForm
    phases = (Phase.SCHEDULED, Phase.NOMINATIONS, Phase.POLL, Phase.LISTENING, Phase.DISCUSSION)
    explanation = "The week goes on to its next phase at once. Closing the poll decides the winner."

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        week = close_phase_now(week=self.obj, by=self.moderator, now=now, reason=cleaned["reason"])
        return f"{week} is in “{week.get_phase_display()}” now."


class ExtensionForm(OptionalReasonForm):
    days = forms.IntegerField(min_value=0, max_value=60, initial=1, required=False)
    hours = forms.IntegerField(min_value=0, max_value=23, initial=0, required=False)
    field_order = ["days", "hours", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["delta"] = timedelta(days=cleaned.get("days") or 0, hours=cleaned.get("hours") or 0)
        return cleaned


class ExtendPhase(WeekAct):
    name, label, form_class = "extend-phase", "Extend this phase", ExtensionForm
    phases = ClosePhase.phases
    explanation = "The end of this phase, and every later deadline, move by as much. Whole days keep the hour."

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        week = extend_phase(
            week=self.obj, delta=cleaned["delta"], by=self.moderator, now=now, reason=cleaned["reason"]
        )  # fmt: skip
        return f"{week} stays in “{week.get_phase_display()}” until {shown(end_of_phase(week))}."


class ReopenForm(OptionalReasonForm):
    until = forms.SplitDateTimeField(
        required=False, widget=AdminSplitDateTime, help_text="Empty: as it was planned, or a day from now."
    )
    field_order = ["until", "reason"]


class ReopenPhase(WeekAct):
    name, label, form_class = "reopen-phase", "Go back one phase", ReopenForm
    phases = (Phase.POLL, Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED, Phase.CANCELLED)
    explanation = "Nominations and ballots are kept; a winner is decided anew. A week with ratings keeps its winner."

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        week = reopen_phase(
            week=self.obj, by=self.moderator, now=now, until=cleaned["until"], reason=cleaned["reason"]
        )  # fmt: skip
        return f"{week} is back in “{week.get_phase_display()}” until {shown(end_of_phase(week))}."


class DeadlinesForm(OptionalReasonForm):
    opens_at, nominations_close_at, poll_close_at, discussion_at, ratings_close_at = (
        forms.SplitDateTimeField(label=CALLED[name], widget=AdminSplitDateTime(), required=False) for name in DEADLINES
    )
    field_order = [*DEADLINES, "reason"]


class ChangeDeadlines(WeekAct):
    name, label, form_class, has_preview = "change-deadlines", "Change deadlines", DeadlinesForm, True
    phases = ClosePhase.phases
    explanation = "Deadlines that lie ahead, in your own time zone. Each must come after the one before it."

    def form(self, data: Any = None) -> forms.Form:
        """Only the deadlines that lie ahead can be moved."""
        form = super().form(data)
        for name in DEADLINES[: DEADLINES.index(TABLE[Phase(self.obj.phase)].deadline)]:
            del form.fields[name]
        return form

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.obj, name) for name in DEADLINES}

    def preview(self, cleaned: dict[str, Any]) -> list[Change]:
        return [
            Change(CALLED[name], shown(getattr(self.obj, name)), shown(moment))
            for name, moment in self.wanted(cleaned).items()
            if moment != getattr(self.obj, name)
        ]

    def wanted(self, cleaned: dict[str, Any]) -> dict[str, datetime]:
        """The form shows whole minutes or seconds: what was not touched keeps its exact moment."""
        wanted = {name: cleaned[name] for name in DEADLINES if cleaned.get(name)}
        return {
            name: moment
            for name, moment in wanted.items()
            if moment.replace(microsecond=0) != getattr(self.obj, name).replace(microsecond=0)
        }

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        change_deadlines(
            week=self.obj, by=self.moderator, now=now, reason=cleaned["reason"], **self.wanted(cleaned)
        )  # fmt: skip
        return f"The deadlines of {self.obj} are set."


class ThemeForm(OptionalReasonForm):
    theme = forms.CharField(max_length=MAX_THEME, required=False)
    field_order = ["theme", "reason"]


class ChangeTheme(Act):
    name, label, form_class = "change-theme", "Change the theme", ThemeForm

    def initial(self) -> dict[str, Any]:
        return {"theme": self.obj.theme}

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        change_theme(
            week=self.obj, theme=cleaned["theme"], by=self.moderator, now=now, reason=cleaned["reason"]
        )  # fmt: skip
        return f"The theme of {self.obj} is “{cleaned['theme']}”." if cleaned["theme"] else f"{self.obj} has no theme."


class SkipWeek(WeekAct):
    name, label, is_severe = "skip-week", "Skip this week", True
    phases = tuple(Phase(phase) for phase in BEFORE_LISTENING)
    explanation = "The week is cancelled: no winner, no ratings. Nominations stay on its page. It can be reopened."

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        skip_week(week=self.obj, by=self.moderator, now=now, reason=cleaned["reason"])
        return f"{self.obj} is skipped."


def last_act() -> ModerationAction | None:
    """What `undo` would take back."""
    return undoable().first()


class UndoForm(forms.Form):
    """Nothing to fill in; the act that is undone is named, so that two moderators do not undo two."""

    act = forms.IntegerField(widget=forms.HiddenInput)


class UndoLast(Act):
    name, label, form_class = "undo", "Undo the last act", UndoForm
    explanation = "The last thing that any moderator did in the club is taken back, where the club has not moved on."

    @property
    def title(self) -> str:
        return "Undo the last act"

    def is_offered(self) -> bool:
        act = last_act()
        return act is not None and act.kind == "club.week" and act.object_id == self.obj.pk

    def initial(self) -> dict[str, Any]:
        act = last_act()
        return {"act": act.pk if act else 0}

    def facts(self) -> list[tuple[str, Any]]:
        if (act := last_act()) is None:
            return [("To undo", "Nothing.")]
        return [
            ("What", f"{act.verb.replace('_', ' ')}: {act.label}"),
            ("Who and when", f"{act.moderator or 'the club'}, {shown(act.created_at)}"),
            ("Why", act.reason or "–"),
        ]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        from club.errors import ClubRuleBroken

        act = last_act()
        if act is None or act.pk != cleaned["act"]:
            raise ClubRuleBroken("Something else was done meanwhile: look at it first.", code="moved_on")
        undone = undo(by=self.moderator, now=clock())
        return f"Taken back: {undone.undoes}."


WEEK_ACTS: tuple[type[Act], ...] = (
    OverrideWinner, ClosePhase, ExtendPhase, ChangeDeadlines, ReopenPhase, ChangeTheme, SkipWeek, UndoLast,
)  # fmt: skip
