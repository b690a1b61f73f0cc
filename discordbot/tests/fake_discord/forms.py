"""A form (modal) as a person sees it, filled in and sent like Discord's own client does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
TEXT_INPUT, STRING_SELECT, RADIO, CHECKBOXES, CHECKBOX = 4, 3, 21, 22, 23
LABEL, ROW, TEXT_DISPLAY = 18, 1, 10


class CannotDo(AssertionError):
    """What Discord's client does not let a person do: press what is not there, send a form half filled in."""


@dataclass
class Field:
    """One question of the form."""

    label: str
    description: str
    part: Json

    @property
    def custom_id(self) -> str:
        return str(self.part["custom_id"])

    @property
    def options(self) -> list[Json]:
        return self.part.get("options") or []

    @property
    def is_required(self) -> bool:
        return self.part.get("required") is not False

    @property
    def prefilled(self) -> Any:
        """What stands in it when it opens: a text, the chosen value, or the list of chosen values."""
        match self.part["type"]:
            case 4:
                return self.part.get("value") or ""
            case 21:
                return next((option["value"] for option in self.options if option.get("default")), None)
            case 23:
                return bool(self.part.get("default"))
            case _:
                return [option["value"] for option in self.options if option.get("default")]

    def value_of(self, wanted: str) -> str:
        """The option's value, named by its value or its label."""
        for option in self.options:
            if str(wanted) in {option["value"], option["label"]}:
                return str(option["value"])
        offered = ", ".join(option["label"] for option in self.options)
        raise CannotDo(f"“{self.label}” does not offer {wanted!r}; it offers: {offered}")

    def answer(self, wanted: Any) -> Json:
        """The part of the submitted form, after the checks that the client makes."""
        kind = self.part["type"]
        answer: Json = {"type": kind, "id": self.part.get("id", 0), "custom_id": self.custom_id}
        if kind == TEXT_INPUT:
            return answer | {"value": self.text(str(wanted or ""))}
        if kind == RADIO:
            if wanted in (None, "") and self.is_required:
                raise CannotDo(f"“{self.label}” must be answered.")
            return answer | {"value": None if wanted in (None, "") else self.value_of(wanted)}
        if kind == CHECKBOX:
            return answer | {"value": bool(wanted)}
        return answer | {"values": self.values(wanted)}

    def text(self, wanted: str) -> str:
        least, most = self.part.get("min_length") or 0, self.part.get("max_length") or 4000
        if not wanted and self.is_required:
            raise CannotDo(f"“{self.label}” must be filled in.")
        if wanted and not least <= len(wanted) <= most:
            raise CannotDo(f"“{self.label}” takes {least} to {most} characters, not {len(wanted)}.")
        return wanted

    def values(self, wanted: Any) -> list[str]:
        chosen = [wanted] if isinstance(wanted, str) else list(wanted or [])
        values = [self.value_of(row) for row in chosen] if self.options else [str(row) for row in chosen]
        is_group = self.part["type"] == CHECKBOXES
        least = self.part.get("min_values")
        least = (1 if self.is_required else 0) if least is None else least
        most = self.part.get("max_values") or (len(self.options) if is_group else 1)
        if not self.is_required and not values:
            return []
        if not least <= len(values) <= most:
            raise CannotDo(f"“{self.label}” takes {least} to {most} choices, not {len(values)}.")
        return values


@dataclass
class Form:
    """title, custom_id, texts (displayed without being asked), fields in order."""

    data: Json

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def custom_id(self) -> str:
        return str(self.data["custom_id"])

    @property
    def texts(self) -> list[str]:
        return [part["content"] for part in self.data["components"] if part["type"] == TEXT_DISPLAY]

    @property
    def fields(self) -> list[Field]:
        found = []
        for part in self.data["components"]:
            if part["type"] == LABEL:
                found.append(Field(part["label"], part.get("description") or "", part["component"]))
            elif part["type"] == ROW:
                found += [Field(inner.get("label") or "", "", inner) for inner in part["components"]]
        return found

    def field(self, name: str) -> Field:
        """By custom_id, by label, or by the start of the label in any case."""
        for field in self.fields:
            if name in {field.custom_id, field.label}:
                return field
        for field in self.fields:
            if field.label.lower().startswith(name.lower()):
                return field
        raise CannotDo(f"The form “{self.title}” does not ask for {name!r}; it asks for: {self.labels}")

    @property
    def labels(self) -> str:
        return ", ".join(f"{field.label} ({field.custom_id})" for field in self.fields)

    def filled(self, answers: Mapping[str, Any]) -> Json:
        """The `data` of the submitted interaction; what is not answered keeps what it was prefilled with."""
        given = {self.field(name).custom_id: wanted for name, wanted in answers.items()}
        parts = []
        for number, part in enumerate(self.data["components"], 1):
            base = {"type": part["type"], "id": part.get("id", number * 10)}
            if part["type"] == TEXT_DISPLAY:
                parts.append(base)
            elif part["type"] == LABEL:
                field = Field(
                    part["label"], "", part["component"] | {"id": part["component"].get("id", number * 10 + 1)}
                )
                parts.append(base | {"component": field.answer(given.get(field.custom_id, field.prefilled))})
            else:
                inner = [Field(row.get("label") or "", "", row) for row in part["components"]]
                parts.append(
                    base | {"components": [row.answer(given.get(row.custom_id, row.prefilled)) for row in inner]}
                )
        return {"custom_id": self.custom_id, "components": parts}
