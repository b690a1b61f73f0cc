"""What a person is shown after doing something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .forms import Form
from .things import Interaction, Message

Json = dict[str, Any]


@dataclass
class Answer:
    """What Discord showed to the person who acted.

    kind: "message" (a new one), "updated" (the message whose button was pressed changed), "form", "choices",
    "acknowledged" (nothing to see), "failed" ("This interaction failed": no answer within 3 s), "stuck" (it went on
    "thinking"). seconds: to the first answer.
    """

    kind: str
    interaction: Interaction
    message: Message | None = None
    form: Form | None = None
    choices: list[Json] = field(default_factory=list)

    @property
    def seconds(self) -> float | None:
        return self.interaction.answered_after

    @property
    def failed(self) -> bool:
        return self.kind in {"failed", "stuck"}

    @property
    def text(self) -> str:
        """Every word shown: the message with its embeds, later messages, or the form's title and questions."""
        messages = [self.message, *self.followups]
        words = [message.text for message in messages if message]
        if self.form:
            words += [self.form.title, *self.form.texts, *(row.label for row in self.form.fields)]
        words += [str(choice["name"]) for choice in self.choices]
        return "\n".join(word for word in words if word)

    @property
    def followups(self) -> list[Message]:
        return [row for row in self.interaction.followups if row is not self.message]

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.message and self.message.is_ephemeral)

    def __str__(self) -> str:
        return f"{self.kind} to {self.interaction.name}: {self.text[:300]}"
