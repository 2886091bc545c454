"""How the secrets of second steps lie in the database, and what a change of the secret key does to them."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from runform.accounts.models import User
from runform.accounts.second_step import Sealed, secrets_seal
from runform.accounts.tasks import seal
from tests.runform.accounts.test_second_step import LOGIN, SECRET, app_code, logged_in, with_an_app
from tests.runform.world import make_user

pytestmark = pytest.mark.django_db
NEW = "another secret key, of the same site"


@pytest.fixture
def rosa() -> User:
    return make_user("rosa")


def kept() -> str:
    """Everything that the database knows of second steps."""
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def log_in(code: str) -> tuple[Client, str]:
    client = Client()
    client.post("/accounts/login/", LOGIN)
    return client, client.post(reverse("mfa_authenticate"), {"code": code}).content.decode()


def test_neither_secret_nor_codes_lie_open_in_the_database(rosa: User) -> None:
    codes = with_an_app(rosa)
    assert SECRET not in kept()
    assert kept().count("sealed:") == 2
    assert not [code for code in codes if code in kept()]
    assert logged_in(log_in(app_code(SECRET))[0])
    assert logged_in(log_in(codes[0])[0])


def test_what_lay_open_before_works_and_is_sealed(rosa: User) -> None:
    Authenticator.objects.create(user=rosa, type=Authenticator.Type.TOTP, data={"secret": SECRET})
    moved = {"migrated_codes": ["12345678", "23456789"], "used_mask": 0}
    Authenticator.objects.create(user=rosa, type=Authenticator.Type.RECOVERY_CODES, data=moved)
    assert logged_in(log_in("12345678")[0])
    seal()
    assert SECRET not in kept()
    assert "23456789" not in kept()
    assert secrets_seal() == Sealed()
    assert not logged_in(log_in("12345678")[0]), "it was used up"
    assert logged_in(log_in("23456789")[0])
    assert logged_in(log_in(app_code(SECRET))[0])


def test_the_secret_key_is_changed_and_the_old_one_goes(rosa: User, settings: Any) -> None:
    codes, old = with_an_app(rosa), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [old]
    assert logged_in(log_in(codes[0])[0])
    out = StringIO()
    call_command("seal", stdout=out)
    assert out.getvalue() == "2 sealed under the newest key\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert not logged_in(log_in(codes[0])[0]), "it was used up"
    assert logged_in(log_in(codes[1])[0])
    assert logged_in(log_in(app_code(SECRET))[0])


def test_a_secret_of_an_unknown_key_opens_nothing_and_the_page_says_why(rosa: User, settings: Any) -> None:
    codes, old = with_an_app(rosa), settings.SECRET_KEY
    settings.SECRET_KEY = NEW
    for code in (codes[0], app_code(SECRET), "00000000"):
        client, page = log_in(code)
        assert not logged_in(client)
        assert "The key of this site was changed" in page
    client.force_login(rosa)
    answer = client.get(reverse("mfa_index"))
    assert (answer.status_code, "The key of this site was changed" in answer.content.decode()) == (503, True)
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("seal", stdout=StringIO(), stderr=err)
    assert "2 are of a secret key that is not known here" in err.getvalue()
    settings.SECRET_KEY_FALLBACKS = [old]
    assert logged_in(log_in(codes[0])[0]), "nothing is lost by it"


@pytest.mark.django_db(transaction=True)
def test_a_backup_goes_back_under_another_key_with_a_word(rosa: User, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, tmp_path = tmp_path / "media", tmp_path / "backups"
    codes, old = with_an_app(rosa), settings.SECRET_KEY
    call_command("backup", tmp_path, stdout=StringIO())
    (rows,) = tmp_path.glob("*/database.jsonl.gz")
    assert SECRET not in gzip.decompress(rows.read_bytes()).decode()
    settings.SECRET_KEY, err = NEW, StringIO()
    call_command("restore", tmp_path, over=True, stdout=StringIO(), stderr=err)
    assert "2 second steps (apps and recovery codes) are of another secret key" in err.getvalue()
    settings.SECRET_KEY_FALLBACKS, err = [old], StringIO()
    call_command("restore", tmp_path, over=True, stdout=StringIO(), stderr=err)
    assert err.getvalue() == ""
    settings.SECRET_KEY_FALLBACKS = []
    assert logged_in(log_in(codes[0])[0])
