"""Address books: versions 3.0 and 4.0, many in one file, and broken ones among them."""

from datetime import date

import pytest

from tenants.refusals import FileEmpty
from tenants.transfer.cards import COLUMNS, is_cards, read_cards, split_cards, write_card
from tenants.transfer.reading import Layout, Reading, read_row

THREE = """BEGIN:VCARD
VERSION:3.0
N:Silva;Ana;;;
FN:Ana Silva
TEL;TYPE=HOME,VOICE:416 555 0102
TEL;TYPE=CELL:416 555 0101
TEL;TYPE=FAX:416 555 0109
EMAIL;TYPE=INTERNET:second@example.org
EMAIL;TYPE=INTERNET,pref:ana@example.org
BDAY:1980-02-29
CATEGORIES:knee,back
NOTE:folded
  over two lines
END:VCARD
"""
FOUR = """BEGIN:VCARD\r
VERSION:4.0\r
UID:urn:uuid:17\r
FN:Client Seventeen\r
TEL;VALUE=uri;TYPE="voice,home":tel:+1-416-555-0117\r
EMAIL;PREF=2:second@example.org\r
EMAIL;PREF=1:client-17@example.org\r
BDAY:--0229\r
LANG:fr\r
END:VCARD\r
"""
BROKEN = "BEGIN:VCARD\nVERSION:3.0\nthis is no line of a card\nEND:VCARD\n"


def readings(text: str) -> list[Reading]:
    layout = Layout(COLUMNS, True, date(2026, 11, 23), str, len(COLUMNS))
    return [read_row(row.number, row.cells, layout) for row in read_cards(split_cards(text)).rows]


def test_cards_of_both_versions_are_read_and_a_broken_one_between_them_is_refused() -> None:
    three, broken, four = readings(THREE + BROKEN + FOUR)

    assert three.values == {
        "first_name": "Ana",
        "last_name": "Silva",
        "email": "ana@example.org",
        "phone": "416 555 0101",
        "home_phone": "416 555 0102",
        "birthday": date(1980, 2, 29),
        "tags": ["knee", "back"],
        "note": "folded over two lines",
    }
    assert broken.faults == {"row": "unreadable"}
    assert four.values == {
        "first_name": "Client",
        "last_name": "Seventeen",
        "email": "client-17@example.org",
        "phone": "+1-416-555-0117",
        "language": "fr",
        "number": "17",
    }


def test_file_without_a_whole_card_is_empty() -> None:
    assert (is_cards("\nbegin:vcard\nVERSION:3.0\n"), is_cards("Begin,Vcard\n")) == (True, False)
    with pytest.raises(FileEmpty):
        split_cards("BEGIN:VCARD\nVERSION:3.0\n")


def test_record_comes_back_from_its_card() -> None:
    record = {
        "ref": "abc",
        "first_name": "Zoé; x",
        "last_name": "de la Tour",
        "email": "zoe@example.org",
        "phone": "+14165550101",
        "home_phone": "+14165550102",
        "birthday": date(1980, 2, 29),
        "language": "fr",
        "tags": ["knee", "back"],
    }

    card = write_card(record)

    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n")
    assert readings(card)[0].values == {"number": record.pop("ref"), **record}
