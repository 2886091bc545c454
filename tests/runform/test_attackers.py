"""What somebody tries who wants in, or wants to know who is here."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import pytest
import redis
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse
from structlog.stdlib import ProcessorFormatter

from runform.accounts.models import User
from runform.clubs.invitations import invitation_send
from runform.clubs.models import Role
from runform.core.broker import socket_path
from runform.core.cache import SharedCache
from runform.core.logs import mask, masked
from tests.runform.addresses import as_shown
from tests.runform.test_permissions import ADMIN_PATHS, PEOPLE, TABLE, client_of
from tests.runform.world import PASSWORD, World, make_check, make_clip, make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


class Inline(HTMLParser):
    """Collects what a page would run by itself; what only holds data is none of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append(f"<script> {given}")
        for name, value in given.items():
            if name.startswith(("on", "hx-on")) or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{name}={value}")


def test_no_page_holds_a_script_of_its_own_and_each_forbids_them(world: World) -> None:
    User.objects.filter(pk=world.manager.pk).update(is_staff=True, is_superuser=True)
    clients = {person: client_of(world, person) for person in PEOPLE}
    pages = [("manager", path) for path in ADMIN_PATHS]
    for name, row in TABLE.items():
        # Each page once, by somebody who may see it; coaches see the fullest ones.
        if row.method == "get" and row.allowed:
            person = "coach" if "coach" in row.allowed else sorted(row.allowed)[0]
            pages.append((person, reverse(name, args=row.args(world))))
    seen = 0
    for person, path in pages:
        answer = clients[person].get(path)
        assert answer["X-Content-Type-Options"] == "nosniff", path
        if not answer["Content-Type"].startswith("text/html"):
            continue
        policy, page = answer["Content-Security-Policy"], Inline()
        script = re.search(r"(?:script|default)-src ([^;]*)", policy)
        assert script, path
        assert "unsafe" not in script[1], path
        page.feed(answer.content.decode())
        assert page.found == [], f"{person}: {path}"
        seen += answer.status_code == 200
    assert seen > 80


def in_production(*command: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    env = {key: value for key, value in os.environ.items() if not key.startswith("RUNFORM_")} | {
        "RUNFORM_ALLOWED_HOSTS": "run.example.org",
        "RUNFORM_SECRET_KEY_FILE": str(secret),
        "RUNFORM_BEHIND_PROXY": "1",
        "RUNFORM_VAR_DIR": str(tmp_path / "var"),
    }
    return subprocess.run([sys.executable, "manage.py", *command], env=env, cwd=ROOT, capture_output=True, text=True)


def test_under_production_settings_nothing_is_left_to_warn_of(tmp_path: Path) -> None:
    asked = in_production("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path)
    assert (asked.returncode, asked.stderr) == (0, ""), asked.stderr
    program = (
        "from django.conf import settings as s; from django.test import Client\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SESSION_COOKIE_HTTPONLY\n"
        "assert s.SESSION_COOKIE_SAMESITE == s.CSRF_COOKIE_SAMESITE == 'Lax' and s.SECOND_STEP_REQUIRED\n"
        "assert (s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME) == ('__Host-sessionid', '__Host-csrftoken')\n"
        "assert (s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN)"
        " == ('/', '/', None, None)\n"
        "plain = Client(SERVER_NAME='run.example.org').get('/film/')\n"
        "assert (plain.status_code, plain['Location']) == (301, 'https://run.example.org/film/')\n"
        "secure = Client(SERVER_NAME='run.example.org', headers={'X-Forwarded-Proto': 'https'}).get('/film/')\n"
        "assert secure['Strict-Transport-Security'] == 'max-age=31536000; includeSubDomains; preload'\n"
        "assert Client(SERVER_NAME='evil.example').get('/film/').status_code == 400\n"
    )
    asked = in_production("shell", "--no-imports", "-c", program, tmp_path=tmp_path)
    assert asked.returncode == 0, asked.stderr


class CountingHasher(MD5PasswordHasher):
    hashed: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed.append(password)
        return super().encode(password, salt)


def test_answer_and_work_are_the_same_whether_or_not_an_address_is_known(client: Client, settings: Any) -> None:
    """Login, sign-up and forgotten password tell nobody who has an account, neither by words nor by time."""
    make_user("rosa")
    settings.PASSWORD_HASHERS = ["tests.runform.test_attackers.CountingHasher"]
    rosa = User.objects.get()
    rosa.set_password(PASSWORD)
    rosa.save(update_fields=["password"])
    forms: dict[str, Callable[[str], dict[str, str]]] = {
        "/accounts/login/": lambda email: {"login": email, "password": "not the password"},
        "/accounts/password/reset/": lambda email: {"email": email},
        "/accounts/signup/": lambda email: {
            "name": "R", "email": email, "password1": "a long enough word", "password2": "a long enough word"
        },
    }  # fmt: skip
    for path, form in forms.items():
        answers = []
        for email in ("rosa@example.org", "nobody@example.org"):
            CountingHasher.hashed.clear()
            mail.outbox.clear()
            answer = Client().post(path, form(email))
            text = re.sub(r'value="[^"]*"|x-csrftoken": "\w+', "", answer.content.decode().replace(email, ""))
            # A password is checked or kept once; there is mail for everybody.
            answers.append(
                (answer.status_code, answer.get("Location"), text, len(CountingHasher.hashed), len(mail.outbox))
            )
        assert answers[0] == answers[1], path


def test_passwords_are_not_tried_one_after_the_other(client: Client) -> None:
    make_user("rosa")
    tries = [client.post("/accounts/login/", {"login": "rosa@example.org", "password": f"wrong {n}"}) for n in range(7)]
    assert b"Too many failed login attempts" in tries[-1].content
    # Also not with the right one, nor from elsewhere.
    other = Client(REMOTE_ADDR="203.0.113.7")
    other.post("/accounts/login/", {"login": "rosa@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in other.session


def test_limits_count_the_visitor_and_not_the_proxy(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def login(visitor: str, number: int) -> int:
        form = {"login": f"{number}@example.org", "password": "wrong"}
        return (
            Client()
            .post("/accounts/login/", form, headers={"X-Forwarded-For": f"10.9.8.{number}, {visitor}"})
            .status_code
        )

    assert [login("203.0.113.5", number) for number in range(35)][-1] == 429
    assert login("203.0.113.6", 1) == 200


def test_processes_count_together_and_each_alone_while_redis_is_away(valkey: str) -> None:
    place = f"unix://{socket_path(settings.VAR_DIR)}"
    one, other = SharedCache(place, {}), SharedCache(place, {})
    one.set("tries", 1)
    assert (other.incr("tries"), one.get("tries")) == (2, 2)
    assert not other.add("tries", 9)
    one.clear()
    away = SharedCache("unix:///nowhere/valkey.sock", {})
    assert (away.get("tries", 0), away.add("tries", 1), away.incr("tries"), away.incr("new")) == (0, True, 2, 1)
    away.delete("tries")
    assert away.get("tries") is None
    with pytest.raises(redis.RedisError):
        redis.Redis(unix_socket_path="/nowhere/valkey.sock").ping()


def test_a_new_password_ends_all_other_sessions(client: Client) -> None:
    rosa = make_user("rosa")
    other = Client()
    for one in (client, other):
        one.post("/accounts/login/", {"login": rosa.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "another long word", "password2": "another long word"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    assert "Password Changed" in mail.outbox[-1].subject


@pytest.mark.parametrize(
    "name", ["evil.html", "evil.svg", "evil.mp4.js", "../../etc/passwd", 'a".html\r\nX-Evil: 1', "clip"]
)
def test_what_is_uploaded_is_never_run_whatever_it_calls_itself(client: Client, name: str) -> None:
    clip = make_clip(make_check(make_user("rosa")), b"<script>alert(1)</script>", name)
    client.force_login(clip.athlete)
    answer = client.get(as_shown(client, reverse("clip_file", args=[clip.code])))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "X-Evil" not in answer.headers
    assert not re.search(r"[\r\n]|\.\.|etc", answer["Content-Disposition"])
    stored = Path(clip.file.path).resolve()
    assert stored.is_relative_to(Path(settings.MEDIA_ROOT).resolve())


SECRET_PARTS = ("NQ-1abc", "MzQ5:1abc:xyz", "3v3ry0ne", "rosa@example.org", "sIgNaTuRe")


@pytest.mark.parametrize(
    "text",
    [
        "GET /accounts/password/reset/key/NQ-1abc/",
        "POST /accounts/confirm-email/MzQ5:1abc:xyz/",
        "Not Found: /s/3v3ry0ne/",
        "GET /accounts/login/?next=%2Fs%2F3v3ry0ne%2F",
        "GET /reports/x/copy.mp4?until=17&key=sIgNaTuRe",
        "Traceback\n smtplib.SMTPRecipientsRefused: {'rosa@example.org': (550, b'no')}",
    ],
)
def test_no_line_of_the_log_holds_what_opens_something_or_whom(text: str) -> None:
    line = mask(None, "info", {"event": text, "exception": text, "code": 3})
    assert line["code"] == 3
    for part in SECRET_PARTS:
        assert part not in str(line)
    assert masked("GET /sessions/x/ and /clips/1/s") == "GET /sessions/x/ and /clips/1/s"


@pytest.fixture
def lines() -> Any:
    """What the log writes, as it writes it."""
    written: list[str] = []
    formatter = next(
        one.formatter for one in logging.getLogger().handlers if isinstance(one.formatter, ProcessorFormatter)
    )

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(formatter.format(record))

    keep = Keep()
    logging.getLogger().addHandler(keep)
    yield written
    logging.getLogger().removeHandler(keep)


def test_a_journey_leaves_no_person_and_no_key_in_the_log(world: World, lines: list[str]) -> None:
    client = Client()
    sign_up = {"name": "Rosalind", "email": "rosalind@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", sign_up)
    links = re.findall(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    for link in links:
        client.get(link)
        client.post(link)
    Client().post("/accounts/login/", {"login": "rosalind@example.org", "password": "wrong and secret"})
    client.post("/accounts/password/reset/", {"email": "rosalind@example.org"})
    reset = re.findall(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    Client().get(reset[0], follow=True)
    for path in (f"/s/{world.share_secret}/", "/s/a-guessed-one/", f"/accounts/login/?next=/s/{world.share_secret}/"):
        Client().get(path)
    make_clip(make_check(world.athlete), b"one more", "Rosalind in the park.mp4")
    invitation_send(
        club=world.club, email="invited@example.org", role=Role.COACH, invited_by=world.manager, site_url="http://x/"
    )
    Client().get("/nowhere/")
    text = "\n".join(lines)
    assert "request_finished" in text
    assert "Not Found" in text
    keys = [part for link in (*links, *reset) for part in link.strip("/").split("/")[-1:]]
    for secret in (*keys, world.share_secret, "a-guessed-one", PASSWORD, "wrong and secret", "osalind", "invited@"):
        assert secret not in text, secret
