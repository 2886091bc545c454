"""A second step at login: an app's code, a recovery code, a passkey; and who must have one."""

import base64
import hmac
import re
import struct
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from runform.accounts.models import User
from runform.clubs.models import Role
from runform.clubs.services import club_create, member_add, member_end
from tests.runform.addresses import as_shown
from tests.runform.test_accessibility import log_in
from tests.runform.world import PASSWORD, World, make_user

pytestmark = pytest.mark.django_db
LOGIN = {"login": "rosa@example.org", "password": PASSWORD}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def with_an_app(user: User) -> list[str]:
    """The person has an app and recovery codes; the codes."""
    TOTP.activate(user, SECRET)
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def rosa() -> User:
    return make_user("rosa")


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_and_asked_for_at_the_next_login(client: Client, rosa: User) -> None:
    elsewhere = Client()
    for one in (client, elsewhere):
        one.post("/accounts/login/", LOGIN)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'qr-key">([A-Z2-7]+)<', page)
    assert found
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert b"Incorrect code" in wrong.content
    answer = client.post(reverse("mfa_activate_totp"), {"code": app_code(found[1])}, follow=True)
    codes = re.findall(r"<li>(\d{8})</li>", answer.content.decode())
    assert len(codes) == 10
    assert "Authenticator App Activated" in mail.outbox[-1].subject
    assert client.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302, "who got in with the password alone is out"

    other = Client()
    assert other.post("/accounts/login/", LOGIN)["Location"] == reverse("mfa_authenticate")
    assert not logged_in(other)
    assert other.get("/profile/").status_code == 302
    for code, opens in ((codes[0], True), (codes[0], False), (codes[1], True)):
        other = Client()
        other.post("/accounts/login/", LOGIN)
        other.post(reverse("mfa_authenticate"), {"code": code})
        assert logged_in(other) is opens, "a recovery code works once"


def test_neither_a_new_password_nor_a_checked_address_goes_round_the_second_step(client: Client, rosa: User) -> None:
    with_an_app(rosa)
    client.post("/accounts/password/reset/", {"email": rosa.email})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another long word", "password2": "another long word"})
    assert not logged_in(client)
    again = client.post("/accounts/login/", LOGIN | {"password": "another long word"})
    assert again["Location"] == reverse("mfa_authenticate")


def test_codes_cannot_be_tried_one_after_the_other(client: Client, rosa: User) -> None:
    with_an_app(rosa)
    client.post("/accounts/login/", LOGIN)
    answers = [client.post(reverse("mfa_authenticate"), {"code": f"{n:06d}"}).content for n in range(7)]
    assert b"Incorrect code" in answers[0]
    assert b"Too many" in answers[-1]
    client.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})
    assert not logged_in(client), "not even with the right one, for a while"


def test_what_changes_the_login_asks_once_more_who_it_is(client: Client, rosa: User) -> None:
    """A page that somebody left open is not enough."""
    client.force_login(rosa)
    names = ("mfa_activate_totp", "mfa_add_webauthn", "account_email")
    for name in names:
        answer = client.post(reverse(name), {"action_add": "", "email": "thief@example.org"})
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_reauthenticate")), name


def roles(world: World) -> dict[str, bool]:
    return {"athlete": False, "guardian": False, "ex_member": False, "coach": True, "manager": True, "welfare": True}


def test_who_sees_others_must_add_a_second_step_first(world: World, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    for name, must in roles(world).items():
        client = Client()
        client.force_login(getattr(world, name))
        answer = client.get("/profile/")
        assert (answer.status_code == 302 and answer["Location"] == reverse("mfa_index")) is must, name
        # The way there, and the way out, stay open.
        page = client.get(reverse("mfa_index"))
        assert (page.status_code, b"needs a second step" in page.content) == (200, must)
        assert client.get("/accounts/logout/").status_code in {200, 302}
    coach = Client()
    coach.force_login(world.coach)
    media = reverse("clip_file", args=[world.clip.code])
    assert coach.get(as_shown(coach, media)).status_code == 302
    assert coach.get("/coach/", headers={"HX-Request": "true"})["HX-Redirect"] == reverse("mfa_index")
    with_an_app(world.coach)
    assert coach.get(as_shown(coach, media)).status_code == 200


def test_recovery_codes_alone_are_no_second_step(world: World, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    RecoveryCodes.activate(world.coach)
    client = Client()
    client.force_login(world.coach)
    assert client.get("/coach/")["Location"] == reverse("mfa_index")


def test_who_becomes_a_coach_must_from_then_on(client: Client, rosa: User, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    client.force_login(rosa)
    assert client.get("/profile/").status_code == 200
    club = club_create(name="Riverside", manager=make_user("max"))
    membership = member_add(club=club, user=rosa, role=Role.COACH)
    assert client.get("/profile/").status_code == 302
    member_end(membership=membership)
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("required", [True, False])
def test_the_admin_opens_to_staff_with_a_second_step(admin_user: User, settings: Any, required: bool) -> None:
    settings.SECOND_STEP_REQUIRED = required
    client = Client()
    client.force_login(admin_user)
    assert client.get("/admin/").status_code == (302 if required else 200)
    with_an_app(admin_user)
    assert client.get("/admin/").status_code == 200
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


def test_staff_can_take_a_lost_second_step_away_and_see_no_secret(admin_user: User, rosa: User) -> None:
    with_an_app(rosa)
    client = Client()
    client.force_login(admin_user)
    entry = Authenticator.objects.get(user=rosa, type="totp")
    page = f"/admin/mfa/authenticator/{entry.pk}/"
    answer = client.get(f"{page}change/")
    assert answer.status_code == 200
    assert SECRET.encode() not in answer.content
    client.post(f"{page}delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(pk=entry.pk).exists()


def virtual_key(page: Page) -> None:
    """An authenticator in the browser that holds passkeys and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    verified = {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | verified})


def test_a_passkey_is_added_and_logs_in_without_the_password(
    browser: Browser, live_server: LiveServer, rosa: User
) -> None:
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    virtual_key(page)
    page.goto("/accounts/login/?next=/accounts/2fa/")
    page.get_by_label("Email").fill(rosa.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Rosa's phone")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Rosa's phone").first).to_be_visible()

    # With the password it is the second step; without one it is enough.
    for way in ("password", "passkey"):
        context.clear_cookies()
        page.goto("/accounts/login/?next=/profile/")
        if way == "password":
            page.get_by_label("Email").fill(rosa.email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in", exact=True).click()
            expect(page.get_by_role("heading", name="The second step")).to_be_visible()
            page.get_by_role("button", name="Use a passkey").click()
        else:
            page.get_by_role("button", name="Log in with a passkey").click()
        expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless
    context.close()
    assert troubles == []


def test_who_waves_the_passkey_away_is_told_so(browser: Browser, live_server: LiveServer, rosa: User) -> None:
    context = browser.new_context(base_url=live_server.url)
    log_in(context, live_server.url, rosa)
    page = context.new_page()
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'))")
    context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="was not used")).to_be_visible()
    # At a bare number no browser knows passkeys: the button does not pretend.
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/accounts/login/")
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_disabled()
    context.close()
