import re
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal.frontend_build import fingerprint
from portal.web import assets

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "portal" / "templates"


def test_built_file_is_kept_for_a_year() -> None:
    app = Litestar([assets.static_files()], openapi_config=None, logging_config=None)

    with TestClient(app) as client:
        answer = client.get(assets.asset_url("css/main.css"))

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "max-age=31536000, public, immutable"


@pytest.mark.parametrize("path", ["manifest.json", "../manifest.json", "..%2f.stamp", "package.json"])
def test_nothing_but_built_files_is_served(path: str) -> None:
    app = Litestar([assets.static_files()], openapi_config=None, logging_config=None)

    with TestClient(app) as client:
        answer = client.get(f"/static/assets/{path}")

    assert answer.status_code == 404


def test_every_icon_that_a_template_names_is_built() -> None:
    pages = [file.read_text() for file in TEMPLATES.rglob("*.html")]
    named = {name for page in pages for name in re.findall(r"\bicon\(\s*[\"']([^\"']+)", page)}

    drawn = {name for name in named if re.search("<(path|circle|rect|line)", assets.icon(name))}

    assert named
    assert drawn == named


def test_icon_is_silent_for_screen_readers() -> None:
    assert 'aria-hidden="true"' in assets.icon("calendar-days")


def test_unknown_icon_says_what_to_do() -> None:
    with pytest.raises(assets.FrontEndNotBuilt, match="build the front end again"):
        assets.icon("no-such-icon")


def test_templates_carry_no_inline_script_style_or_handler() -> None:
    forbidden = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)

    found = {
        str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html") if forbidden.search(file.read_text())
    }

    # Mails are the exception: their readers drop everything but inline styles.
    assert {name for name in found if not name.startswith("mail/")} == set()


def test_style_sheet_keeps_quiet_about_other_hosts() -> None:
    built = (assets.DIST / "assets").glob("*.css")

    assert [file.name for file in built if re.search(r"url\([\"']?(?:https?:)?//", file.read_text())] == []


def test_lock_names_no_host() -> None:
    lock = (assets.STATIC / "package-lock.json").read_text()

    assert "resolved" not in lock
    assert "http" not in lock


def test_fingerprint_follows_the_sources(tmp_path: Path) -> None:
    style = tmp_path / "portal" / "static" / "css" / "main.css"
    style.parent.mkdir(parents=True)
    style.write_text("a {}")
    before = fingerprint(tmp_path)

    style.write_text("b {}")

    assert fingerprint(tmp_path) != before


def test_accent_stylesheet_sets_one_property() -> None:
    assert assets.accent_stylesheet("harbour", "#0f5c6e") == ".practice-harbour { --accent: #0f5c6e }\n"
