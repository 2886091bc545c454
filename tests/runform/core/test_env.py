import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from runform.core import env
from tests.conftest import ROOT


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("hush\n")
    monkeypatch.setenv("RUNFORM_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.secret_key(tmp_path, compulsory=True) == "hush"


def test_a_private_machine_makes_a_key_once_and_keeps_it_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RUNFORM_SECRET_KEY", raising=False)
    key = env.secret_key(tmp_path, compulsory=False)
    assert len(key) > 50
    assert env.secret_key(tmp_path, compulsory=False) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_what_people_leave_with_us_is_open_to_nobody_else_on_the_machine(tmp_path: Path) -> None:
    var_dir = tmp_path / "var"
    started = {**os.environ, "RUNFORM_VAR_DIR": str(var_dir), "DJANGO_SETTINGS_MODULE": "runform.settings"}
    subprocess.run([sys.executable, "-c", "import runform.settings"], cwd=ROOT, env=started, check=True)
    assert var_dir.stat().st_mode & 0o077 == 0


def test_a_public_machine_without_a_key_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNFORM_SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="RUNFORM_SECRET_KEY"):
        env.secret_key(tmp_path, compulsory=True)


@pytest.mark.parametrize(
    ("name", "value"), [("DEBUG", "perhaps"), ("DATABASE_URL", "mysql://x"), ("EMAIL_URL", "fax:")]
)
def test_a_wrong_value_fails_at_start(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"RUNFORM_{name}", value)
    readers = {
        "DEBUG": lambda: env.flag("DEBUG", False),
        "DATABASE_URL": lambda: env.database("DATABASE_URL", "sqlite:///x"),
        "EMAIL_URL": lambda: env.email("EMAIL_URL"),
    }
    with pytest.raises(ImproperlyConfigured, match=f"RUNFORM_{name}"):
        readers[name]()


def test_database_addresses_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFORM_DATABASE_URL", "postgres://me:p%40ss@db.example:6543/run?sslmode=require")
    remote = env.database("DATABASE_URL", "")
    assert (remote["NAME"], remote["USER"], remote["PASSWORD"]) == ("run", "me", "p@ss")
    assert (remote["HOST"], remote["PORT"], remote["OPTIONS"]["sslmode"]) == ("db.example", "6543", "require")
    monkeypatch.setenv("RUNFORM_DATABASE_URL", "postgresql:///run?host=/tmp/sockets")
    assert env.database("DATABASE_URL", "")["HOST"] == "/tmp/sockets"


def test_mail_addresses_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFORM_EMAIL_URL", "smtps://me:pw@mail.example")
    found = env.email("EMAIL_URL")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"]) == ("mail.example", 465, True)
