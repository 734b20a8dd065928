import stat
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

import pytest

from portal.cannot_start import CannotStart
from portal.languages.words import offered_languages
from portal.settings import Settings

SECRET = "a secret of more than thirty-two characters"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"PORTAL_DATA_DIR": str(tmp_path / "var")}


def refusal(environ: dict[str, str], dotenv: Path | None = None) -> str:
    with pytest.raises(CannotStart) as refused:
        Settings.from_environment(environ, dotenv)
    return str(refused.value)


def example_lines(root: Path) -> dict[str, str]:
    lines = (root / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = (line.removeprefix("# ").partition("=") for line in lines if line.startswith("# PORTAL_"))
    return {name: value for name, _, value in shown}


def test_the_example_explains_every_setting(project_root: Path) -> None:
    names = [f"PORTAL_{each.name.upper()}" for each in fields(Settings)]

    assert sorted(example_lines(project_root)) == sorted(names)


def test_the_example_shows_the_defaults(project_root: Path, environ: dict[str, str]) -> None:
    as_shown = example_lines(project_root) | environ

    assert Settings.from_environment(as_shown) == Settings.from_environment(environ)
    assert example_lines(project_root)["PORTAL_DATA_DIR"] == str(Settings.data_dir)


def test_an_unknown_name_is_refused_with_the_nearest_one(environ: dict[str, str]) -> None:
    said = refusal(environ | {"PORTAL_SMTP_PASWORD": SECRET})

    assert said == "PORTAL_SMTP_PASWORD is not a setting of Carnet; the nearest one is PORTAL_SMTP_PASSWORD."


def test_names_of_other_programs_are_left_alone(environ: dict[str, str]) -> None:
    assert Settings.from_environment(environ | {"PATH": "/bin", "PORT": "x"}).port == 8000


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "80a", "must be a whole number from 1 to 65535"),
        ("PORT", "0", "must be a whole number from 1 to 65535"),
        ("PORT", "99999999999999999999", "must be a whole number from 1 to 65535"),
        ("PORT", "\uff18\uff10", "must be a whole number from 1 to 65535"),
        ("DEMO", "maybe", "must be yes or no"),
        ("SMTP_TLS", "ssl", "must be one of starttls, tls, none"),
        ("PUBLIC_URL", "example.org", "must look like https://book.example.org"),
        ("PUBLIC_URL", "https://example.org/carnet", "must look like https://book.example.org"),
        ("PUBLIC_URL", "https://example.org:port", "is not a well-formed address"),
        ("TRUSTED_PROXIES", "10.0.0.0/40", "must be networks separated by commas, like 10.0.0.0/8, ::1/128"),
        ("MAIL_FROM", "Carnet", "must look like Carnet <carnet@example.org>"),
        ("OPERATORS", "ops@example.org, night", "must be e-mail addresses separated by commas"),
        ("GEOIP_PATH", "/nowhere.mmdb", "names a file that is not there"),
        ("SECRET_KEY", "short", "must have 32 random characters or more"),
        ("DATABASE_URL", "mysql://h/d", "must look like postgresql://user:password@host:5432/database"),
    ],
)
def test_a_wrong_value_names_itself(environ: dict[str, str], name: str, value: str, said: str) -> None:
    assert refusal(environ | {f"PORTAL_{name}": value}) == f"PORTAL_{name} {said}."


def test_every_offered_language_can_be_the_default(environ: dict[str, str]) -> None:
    given = [environ | {"PORTAL_DEFAULT_LANGUAGE": language} for language in offered_languages()]

    assert tuple(Settings.from_environment(each).default_language for each in given) == offered_languages()


def test_values_are_understood(environ: dict[str, str]) -> None:
    given = {"PORTAL_PORT": "9000", "PORTAL_DEMO": "yes", "PORTAL_TRUSTED_PROXIES": "10.0.0.0/8, ::1"}
    settings = Settings.from_environment(environ | given)

    assert (settings.port, settings.demo) == (9000, True)
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert settings.public_url == "http://localhost:9000"


def test_operators_are_kept_in_the_one_form_of_addresses(environ: dict[str, str]) -> None:
    settings = Settings.from_environment(environ | {"PORTAL_OPERATORS": "Ops@Example.org, night@example.org"})

    assert settings.operators == ("ops@example.org", "night@example.org")


def test_an_empty_value_is_not_set(environ: dict[str, str]) -> None:
    assert Settings.from_environment(environ | {"PORTAL_PORT": "", "PORTAL_SMTP_HOST": ""}).port == 8000


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DATABASE_URL": "postgresql://a@b/c"}, "PORTAL_SECRET_KEY is needed when PORTAL_DATABASE_URL is set."),
        ({"SMTP_HOST": "mail"}, "PORTAL_MAIL_FROM is needed when PORTAL_SMTP_HOST is set."),
        (
            {"MAXMIND_ACCOUNT_ID": "1"},
            "PORTAL_MAXMIND_ACCOUNT_ID and PORTAL_MAXMIND_LICENSE_KEY are needed together.",
        ),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "PORTAL_TWILIO_AUTH_TOKEN is needed when another Twilio setting is set."),
        ({"TWILIO_AUTH_TOKEN": "x"}, "PORTAL_TWILIO_ACCOUNT_SID is needed when another Twilio setting is set."),
        (
            {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_API_KEY_SID": "SK1", "TWILIO_API_KEY_SECRET": "x"},
            "PORTAL_TWILIO_SENDER is needed when another Twilio setting is set.",
        ),
        (
            {"TWILIO_API_KEY_SID": "SK1"},
            "PORTAL_TWILIO_API_KEY_SID and PORTAL_TWILIO_API_KEY_SECRET are needed together.",
        ),
    ],
)
def test_what_belongs_together_is_asked_for(environ: dict[str, str], given: dict[str, str], said: str) -> None:
    assert refusal(environ | {f"PORTAL_{name}": value for name, value in given.items()}) == said


def test_api_key_takes_the_place_of_the_token_but_signs_nothing(environ: dict[str, str]) -> None:
    key = {"ACCOUNT_SID": "AC1", "API_KEY_SID": "SK1", "API_KEY_SECRET": "x", "SENDER": "+15005550006"}
    given = environ | {f"PORTAL_TWILIO_{name}": value for name, value in key.items()}

    told = [Settings.from_environment(each).hears_twilio for each in (given, given | {"PORTAL_TWILIO_AUTH_TOKEN": "y"})]

    assert told == [False, True]


def test_the_environment_wins_over_the_dotenv_file(environ: dict[str, str], tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("# ports\nPORTAL_PORT=9001\n\nPORTAL_HOST = '0.0.0.0'\nOTHER=1\n", encoding="utf-8")
    settings = Settings.from_environment(environ | {"PORTAL_PORT": "9002"}, dotenv)

    assert (settings.port, settings.host) == (9002, "0.0.0.0")


def test_a_dotenv_line_without_a_value_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PORTAL_PORT=9001\nPORTAL_HOST\n", encoding="utf-8")

    assert refusal(environ, dotenv) == f"{dotenv} line 2 is not of the form NAME=value."


def test_a_secret_may_stand_in_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{SECRET}\n", encoding="utf-8")

    assert Settings.from_environment(environ | {"PORTAL_SECRET_KEY_FILE": str(file)}).secret_key == SECRET


def test_a_secret_is_given_once(environ: dict[str, str], tmp_path: Path) -> None:
    given = environ | {"PORTAL_SECRET_KEY": SECRET, "PORTAL_SECRET_KEY_FILE": str(tmp_path / "key")}

    assert refusal(given) == "PORTAL_SECRET_KEY and PORTAL_SECRET_KEY_FILE are both set; keep one of them."


def test_a_secret_file_that_cannot_be_read_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    said = refusal(environ | {"PORTAL_SMTP_PASSWORD_FILE": str(tmp_path / "gone")})

    assert said == "PORTAL_SMTP_PASSWORD_FILE names a file that cannot be read."


def test_only_secrets_stand_in_files(environ: dict[str, str]) -> None:
    assert refusal(environ | {"PORTAL_PORT_FILE": "/x"}).startswith("PORTAL_PORT_FILE is not a setting of Carnet")


def test_an_embedded_installation_makes_its_key_once(environ: dict[str, str], tmp_path: Path) -> None:
    first, second = Settings.from_environment(environ), Settings.from_environment(environ)

    assert len(first.secret_key) >= 64
    assert second.secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == ["secret_key"]


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refusal({"PORTAL_DATA_DIR": str(tmp_path / "file" / "var")})

    assert said == f"The data folder {tmp_path}/file/var cannot be used: Not a directory."


def test_secrets_are_not_shown(environ: dict[str, str]) -> None:
    given = environ | {
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_DATABASE_URL": f"postgresql://carnet:{SECRET}@db/carnet",
        "PORTAL_SMTP_PASSWORD": SECRET,
    }

    assert SECRET not in repr(Settings.from_environment(given))
