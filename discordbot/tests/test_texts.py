"""Everything that the bot says stands in `discordbot.texts`, and can be filled."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discordbot import texts

ROOT = Path(texts.__file__).parent.parent
SPOKEN = {"Misconfigured", "Refused", "Broken", "Unreachable", "Gone", "NoPermission", "Busy", "Archived", "NotActing",
          "ThreadExists", "ClubRuleBroken", "CommandError", "ServerTrouble", "Finding"}  # fmt: skip
PLACE = re.compile(r"%\((\w+)\)\d*([sd])")
MODULES = [
    path
    for path in ROOT.rglob("*.py")
    if not {"tests", "texts", "migrations"} & set(path.relative_to(ROOT).parts)
    and path.name != "own_data.py"  # words of the file that a member takes along: the bot says none of them
]


def test_only_the_texts_are_translated() -> None:
    found = [path.name for path in MODULES if "django.utils.translation import" in path.read_text()]
    assert found == []


def test_what_people_read_of_a_trouble_is_one_of_the_texts() -> None:
    """No sentence is written where the trouble arises."""
    found = []
    for path in MODULES:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in SPOKEN:
                found += [f"{path.name}:{each.lineno}" for each in call.args if is_sentence(each)]
    assert found == []


def is_sentence(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return any(is_sentence(part) for part in argument.values)
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str) and " " in argument.value.strip()


def test_every_text_can_be_filled() -> None:
    """A place without its type, or a bare per cent sign, would break only when somebody is told."""
    broken = []
    for name, text in all_texts():
        plural = getattr(text, "_kw", {}).get("plural", "")  # a plural proxy has no words before it has its number
        places = {name: 7 if kind == "d" else "x" for name, kind in PLACE.findall(f"{text}{plural}")}
        try:
            said = texts.say(text, **places)
        except (KeyError, TypeError, ValueError) as error:
            said = f"%({error!r}"
        if not said or "%(" in said:
            broken.append((name, said))
    assert broken == []


def all_texts() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules(texts.__path__):
        for name, value in vars(importlib.import_module(f"discordbot.texts.{module.name}")).items():
            if name.isupper():
                yield from ((f"{module.name}.{name}", each) for each in flat(value))


def flat(value: Any) -> list[Any]:
    if isinstance(value, dict | tuple):
        return [each for inner in (value.values() if isinstance(value, dict) else value) for each in flat(inner)]
    return [value]
