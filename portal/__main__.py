import signal
import sys
from argparse import ArgumentParser
from importlib import import_module
from types import FrameType

from portal.cannot_start import CannotStart
from portal.settings import read_settings

# One module each in portal/operations/; only the one that was asked for is imported.
COMMANDS = {
    "demo": "start everything with its own database and the demo's practices",
    "serve": "serve the pages",
    "worker": "send what is due",
    "migrate": "bring the database's tables up to date",
    "seed": "load the demo's practices and people into an empty database",
    "practices": "list the practices, suspend one, let it go on, or delete it",
    "geoip": "fetch what tells the place of an address",
    "doctor": "check this installation and say what to do",
    "backup": "write the whole installation's data to a file",
    "restore": "read such a file into an empty database",
}


def main() -> int:
    parser = ArgumentParser(prog="portal", description="Carnet: one appointment book for a person.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about.capitalize() + ".")
        if name in {"backup", "restore"}:
            command.add_argument("file")
        if name == "geoip":
            command.add_argument("action", choices=["update"])
        if name == "practices":
            _add_decisions(command)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave_in_order)
    try:
        return int(import_module(f"portal.operations.{arguments.command}").run(read_settings(), arguments))
    except CannotStart as reason:
        print(reason, file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _add_decisions(command: ArgumentParser) -> None:
    decisions = command.add_subparsers(dest="decision", required=True, metavar="DECISION")
    listed = decisions.add_parser("list", help="every practice, and how large it is")
    listed.add_argument("--json", action="store_true", help="for programs")
    for name, about in (
        ("suspend", "nobody books there, and its desk is closed"),
        ("resume", "it goes on, and is not deleted"),
        ("delete", "suspended now, and gone in 30 days"),
    ):
        decision = decisions.add_parser(name, help=about)
        decision.add_argument("slug", metavar="SLUG")
        if name == "suspend":
            decision.add_argument("--reason", required=True, help="its members read it")
        if name == "delete":
            decision.add_argument("--sure", required=True, metavar="SLUG", help="the same once more")


def _leave_in_order(number: int, _: FrameType | None) -> None:
    """Ends by an exception, so that what was opened is closed."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
