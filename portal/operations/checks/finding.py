from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    OK = "OK"
    WARNING = "warning"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Finding:
    """`words` say what was found and, unless it is well, what to do."""

    grade: Grade
    subject: str
    words: str


def fine(subject: str, words: str) -> Finding:
    return Finding(Grade.OK, subject, words)


def warning(subject: str, words: str) -> Finding:
    return Finding(Grade.WARNING, subject, words)


def trouble(subject: str, words: str) -> Finding:
    return Finding(Grade.TROUBLE, subject, words)
