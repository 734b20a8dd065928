"""What a file is, by its first bytes and never by its name. Pure: bytes in, a kind out.

What somebody sends is hostile: nothing is parsed but the list of parts at the end of a zip file, and of those parts
one small one is read, up to a bound.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile


@dataclass(frozen=True, slots=True)
class Kind:
    """`endings` are those that its file names may have; the first is added to a name that has none of them."""

    name: str
    media_type: str
    endings: tuple[str, ...]


_OOXML, _ODF = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", (".pdf",)),
        Kind("png", "image/png", (".png",)),
        Kind("jpeg", "image/jpeg", (".jpg", ".jpeg")),
        Kind("webp", "image/webp", (".webp",)),
        Kind("heic", "image/heic", (".heic", ".heif")),
        Kind("text", "text/plain", (".txt", ".csv", ".md")),
        Kind("docx", _OOXML + "wordprocessingml.document", (".docx",)),
        Kind("odt", _ODF + "text", (".odt",)),
        Kind("xlsx", _OOXML + "spreadsheetml.sheet", (".xlsx",)),
        Kind("ods", _ODF + "spreadsheet", (".ods",)),
    )
}

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_IMAGE_BRANDS = {b"mif1", b"msf1", b"heif"}  # said by others too, such as AVIF: then the next brands tell
_LONGEST_BRANDS = 256

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# Texts that some program would rather run or draw than show.
_MORE_THAN_TEXT = ("<", "{\\rtf", "#!", "%!PS", "%PDF")

_END_OF_ZIP, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
_LONGEST_END = 22 + 65_535  # with the longest comment (APPNOTE 4.3.16)
_LONGEST_LIST = 512 * 1024  # of parts: some thousands, where a letter has a dozen
_LARGEST_UNPACKED = 300 * 1024 * 1024
_LARGEST_TYPES = 256 * 1024
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}


def kind_of(content: bytes) -> Kind | None:
    """None for what is none of KINDS, or cannot be told."""
    name = _name_of(content)
    return KINDS[name] if name else None


def _name_of(content: bytes) -> str | None:
    for begins, name in ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg")):
        if content.startswith(begins):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return "heic" if _is_heic(content) else None
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    return "text" if _is_text(content) else None


def _is_heic(content: bytes) -> bool:
    """ISO/IEC 14496-12, 4.3: the box's length, its name, the major brand, a version, and whatever else it keeps to."""
    length = min(int.from_bytes(content[:4], "big"), _LONGEST_BRANDS)
    major, others = content[8:12], {content[at : at + 4] for at in range(16, length, 4)}
    return major in _HEIC_BRANDS or (major in _IMAGE_BRANDS and bool(others & _HEIC_BRANDS))


def _is_text(content: bytes) -> bool:
    """In UTF-8, in UTF-16 that says so, or as Windows wrote it before."""
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(text.strip()) and not _UNSEEN.search(text) and not text.lstrip().startswith(_MORE_THAN_TEXT)
    return False


def _packed(content: bytes) -> str | None:
    if not _has_short_list(content):
        return None
    try:
        with ZipFile(BytesIO(content)) as file:
            parts = file.infolist()
            names = {part.filename for part in parts}
            if sum(part.file_size for part in parts) > _LARGEST_UNPACKED or _has_programs(names):
                return None
            if "mimetype" in names:
                said = _start_of(file, "mimetype", 100).strip()
                return {KINDS[name].media_type.encode(): name for name in ("odt", "ods")}.get(said)
            if "[Content_Types].xml" not in names:
                return None
            types = _start_of(file, "[Content_Types].xml", _LARGEST_TYPES)
    except Exception:  # noqa: BLE001 - what is given nonsense raises almost anything, and it is the file's fault
        return None
    found = {name for main, name in _MAIN_PARTS.items() if main in types}
    return found.pop() if len(found) == 1 and b"macroEnabled" not in types else None


def _has_short_list(content: bytes) -> bool:
    """Before anybody makes an object of each part that a list names: ten megabytes would hold 200,000."""
    end = content.rfind(_END_OF_ZIP, max(0, len(content) - _LONGEST_END))
    if end < 0 or content[max(0, end - 20) : end].startswith(_ZIP64):
        return False
    return int.from_bytes(content[end + 12 : end + 16], "little") <= _LONGEST_LIST


def _has_programs(names: set[str]) -> bool:
    return any(name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names)


def _start_of(file: ZipFile, name: str, most: int) -> bytes:
    """However much it would unpack to, no more than that is. Raises BadZipFile for more."""
    with file.open(name) as part:
        start = part.read(most + 1)
    if len(start) > most:
        raise BadZipFile
    return start
