"""What a file is told to be, and what is turned away, whatever it is called."""

import struct
from collections.abc import Callable
from zipfile import ZIP_DEFLATED

import pytest
from PIL import Image

from tenants.documents.kinds import kind_of
from tests.documents_made import PDF, SAMPLES, office, open_document, packed
from tests.photos import encoded

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.mark.parametrize("name", SAMPLES)
def test_kind_is_told_by_the_content(name: str) -> None:
    kind = kind_of(SAMPLES[name])

    assert kind is not None
    assert kind.name == name


@pytest.mark.parametrize(
    "content",
    [
        "Élan".encode("cp1252"),
        "Élan".encode("utf-8-sig"),
        "Élan".encode("utf-16"),
        b"day;time\r\n1;9\r\n",
        "עברית\n日本\n".encode(),
    ],
)
def test_plain_text_may_be_of_any_writing(content: bytes) -> None:
    kind = kind_of(content)

    assert kind is not None
    assert kind.name == "text"


def long_list() -> bytes:
    """Ten thousand parts of nothing."""
    return packed({f"{number:080d}": b"" for number in range(10_000)})


def grown(content: bytes) -> bytes:
    """Its list says that the main part unpacks to a gigabyte."""
    at = content.find(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", 1 << 30) + content[at + 28 :]


def with_types(size: int) -> bytes:
    return packed({"[Content_Types].xml": WORD.encode() + b" " * size, "word/document.xml": b""}, method=ZIP_DEFLATED)


REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "blank": lambda: b" \n\t\n",
    "page": lambda: b"<!doctype html><script>alert(1)</script>",
    "page after blanks": lambda: b"\xef\xbb\xbf \n<html>",
    "drawing": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "rich text": lambda: b"{\\rtf1 hello}",
    "script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "PDF behind a page": lambda: b"<html>" + PDF,
    "text with a NUL": lambda: b"hello\0world",
    "text with an escape": lambda: b"hello\x1b[31m",
    "program": lambda: b"MZ\x90\x00\x03\x00\x00\x00",
    "moving picture": lambda: encoded(Image.new("RGB", (4, 4)), "GIF"),
    "film": lambda: b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 40,
    "AVIF": lambda: b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avif" + b"\x00" * 40,
    "half a HEIC": lambda: b"\x00\x00\x00\x18ftyp",
    "plain zip": lambda: packed({"notes.txt": b"hello"}),
    "zip that ends early": lambda: SAMPLES["docx"][:-30],
    "zip of nonsense": lambda: b"PK\x03\x04" + b"\xff" * 100,
    "zip with a list of nonsense": lambda: SAMPLES["docx"].replace(b"PK\x01\x02", b"PK\xff\xff"),
    "long list": long_list,
    "gigabyte inside": lambda: grown(SAMPLES["docx"]),
    "megabytes of types": lambda: with_types(50_000_000),
    "macros by their type": lambda: office(MACROS),
    "macros by their part": lambda: office(WORD, **{"word/vbaProject.bin": b"\0"}),
    "macros of OpenOffice": lambda: open_document("text", **{"Basic/Standard/Module1.xml": b"<x/>"}),
    "slides": lambda: open_document("presentation"),
    "Java": lambda: packed({"META-INF/MANIFEST.MF": b"Main-Class: X"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_none(name: str) -> None:
    assert kind_of(REFUSED[name]()) is None
