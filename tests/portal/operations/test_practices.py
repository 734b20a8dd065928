"""What is decided of practices without a browser."""

import json

import pytest

from portal.operations.embedded import embedded_database
from tests.portal.operations.installation import Installation
from tests.portal.operations.test_commands import as_owner, refusal


async def test_practices_are_listed_suspended_resumed_and_deleted(demo: Installation) -> None:
    lines = demo.run("practices", "list").stdout.splitlines()
    listed = json.loads(demo.run("practices", "list", "--json").stdout)
    said = [
        demo.run("practices", *decision).stdout
        for decision in (
            ("suspend", "harbour", "--reason", "Unpaid"),
            ("resume", "harbour"),
            ("delete", "harbour", "--sure", "harbour"),
        )
    ]
    states = demo.run("practices", "list").stdout

    assert lines[0].split() == ["SLUG", "STATE", "MEMBERS", "CLIENTS", "BOOKED", "FOUNDED", "NAME"]
    assert sorted(line.split()[:2] for line in lines[1:]) == [["harbour", "open"], ["meadow", "open"]]
    assert sorted((row["slug"], row["clients"]) for row in listed) == [("harbour", 2), ("meadow", 1)]
    assert said[:2] == ["harbour is suspended.\n", "harbour goes on.\n"]
    assert said[2].startswith("harbour is suspended, and is deleted on 20")
    assert "deleted on 20" in states
    with embedded_database(demo.data_dir):
        async with as_owner(demo) as owner:
            told = await owner.fetch("SELECT DISTINCT by_email, what, did FROM audit_entry")
    assert [tuple(row) for row in told] == [("python -m portal practices", "practice", "changed")]


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (("suspend", "nowhere", "--reason", "x"), "There is no practice nowhere."),
        (("suspend", "harbour", "--reason", " "), "The reason must have 1 to 500 characters."),
        (("delete", "harbour", "--sure", "meadow"), "Nothing was changed: --sure must name harbour once more."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(demo: Installation, decision: tuple[str, ...], said: str) -> None:
    assert refusal(demo.run("practices", *decision)) == said


@pytest.mark.parametrize("decision", [(), ("delete", "harbour"), ("suspend", "harbour")])
def test_what_is_missing_is_asked_for(installation: Installation, decision: tuple[str, ...]) -> None:
    assert installation.run("practices", *decision).returncode == 2
