"""From a file's bytes to its text, whatever program has written it."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from tenants.refusals import EncodingUnreadable, FileEmpty, NotATable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OF_ONE_BYTE = ["cp1252", "iso8859_15", "latin_1"]
_OTHER_FILES = (
    b"PK\x03\x04",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"GIF8",
    b"7z\xbc",
)
_LOOKED_AT = 1 << 20  # bytes that tell an encoding
_UNWRITTEN = re.compile(r"[\x80-\x9f]")  # letters of Windows-1252, control signs in ISO 8859


@dataclass(frozen=True, slots=True)
class FileText:
    text: str
    encoding: str


def read_text(data: bytes) -> FileText:
    """Raises FileEmpty, NotATable for what is no text, EncodingUnreadable with the line of the first broken sign."""
    if data.startswith(_OTHER_FILES):
        raise NotATable
    if not data.strip():
        raise FileEmpty
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return FileText(_decoded(data[len(mark) :], encoding), encoding)
    if wide := _wide(data):
        return FileText(_decoded(data, wide), wide)
    try:
        return FileText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _is_broken_utf8(data):
            raise EncodingUnreadable(_line(data, error)) from None
    return _of_one_byte(data)


def begin_text(data: bytes, encoding: str) -> str:
    """The first piece of a file that `read_text` has read; a sign that is cut at its end is left out."""
    for mark, _ in _MARKS:
        if data.startswith(mark):
            data = data[len(mark) :]
            break
    return codecs.getincrementaldecoder(encoding)("strict").decode(data, final=False)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingUnreadable(_line(data, error, encoding)) from None
    if not text.strip():
        raise FileEmpty
    return text


def _line(data: bytes, error: UnicodeDecodeError, encoding: str = "utf-8") -> int:
    return data[: error.start].decode(encoding, "replace").count("\n") + 1


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain letters is NUL."""
    head = data[:4096]
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.4 and head[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if half and head[0::2].count(0) > half * 0.4 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _is_broken_utf8(data: bytes) -> bool:
    """More signs of more than one byte that are right than wrong."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for sign in text if sign > "\x7f") - wrong
    return right > wrong


def _of_one_byte(data: bytes) -> FileText:
    found = from_bytes(data[:_LOOKED_AT], cp_isolation=_OF_ONE_BYTE, threshold=0.6).best()
    for encoding in ([found.encoding] if found else []) + _OF_ONE_BYTE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _UNWRITTEN.search(text) and text.count("\0") == 0:
            return FileText(text, encoding)
    try:
        data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise EncodingUnreadable(_line(data, error, "latin_1")) from None
    raise NotATable
