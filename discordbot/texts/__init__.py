"""Every sentence that the bot says, for translation: one module for each place where it speaks.

`posts`: what stands in threads. Texts are lazy; `say(text, n=3)` fills their places and gives a plain string.
"""

from __future__ import annotations

from typing import Any, cast

from django.utils.functional import Promise

Words = str | Promise


def say(text: Words, **places: Any) -> str:
    """The text in the reader's language, with its `%(name)s` places filled."""
    return str(cast(Any, text) % places) if places else str(text)
