"""Each reason that a rule or the worker can give has words; the names are read off their code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.languages.words import offered_languages
from portal.reasons import _sentences, reason_words
from tenants.foreseen import MISSED
from tenants.notifications.owe import LEFT_UNSAID
from tenants.retention.erase import RECORD_ERASED

ROOT = Path(__file__).parent.parent
RULES = ("tenants/reminders/reminder.py", "tenants/writing/reach.py")
NO_REASONS = {"", "email", "sms", "client", "always", "unconfirmed", "no_email", "unconfirmed_or_no_email"}


def texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def given_by_rules() -> set[str]:
    """Every name in the pure modules that is no channel and no condition."""
    names: set[str] = set()
    for path in RULES:
        names |= {text for text in texts(ast.parse((ROOT / path).read_text())) if re.fullmatch(r"[a-z_]+", text)}
    return names - NO_REASONS


def given_by_worker() -> set[str]:
    """What stands in `NotOwed(…)`, or comes out of a function that it is given."""
    names: set[str] = set()
    for path in (ROOT / "portal/messages").rglob("*.py"):
        if path.stem == "account_messages":
            continue  # codes and letters of the portal itself, which no practice sees
        tree = ast.parse(path.read_text())
        functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "NotOwed":
                names |= {text for text in texts(node) if not isinstance(node.args[0], ast.Subscript)}
                for call in (each for each in ast.walk(node.args[0]) if isinstance(each, ast.Call)):
                    results = [
                        each for each in ast.walk(functions[ast.unparse(call.func)]) if isinstance(each, ast.Return)
                    ]
                    names |= {text for each in results if each.value for text in texts(each.value)}
        names |= set(re.findall(r'reason = "(\w+)" if', path.read_text()))
    return names - {"sequence"}


def every_reason() -> set[str]:
    return given_by_rules() | given_by_worker() | {MISSED, LEFT_UNSAID, RECORD_ERASED}


@pytest.mark.parametrize("language", offered_languages())
def test_every_reason_has_one_whole_sentence(language: str) -> None:
    said = {name: reason_words(name, language) for name in every_reason()}

    assert {name: words for name, words in said.items() if not re.fullmatch(r"[A-ZÀ-Ý][^.]*\.", words)} == {}


def test_row_of_an_older_version_is_still_told() -> None:
    assert reason_words("moon_was_full", "en") == "It was not sent (moon_was_full)."


def test_no_words_are_kept_for_reasons_that_are_gone() -> None:
    assert set(_sentences("en")) == every_reason()
