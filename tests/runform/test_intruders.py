"""Rights that end while somebody still holds on to what they opened, and ways in past the front door."""

import io
import json
import re
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from runform.accounts.models import User
from runform.api.models import Token
from runform.api.scopes import Scope
from runform.api.tokens import token_create, token_find
from runform.clips.models import Clip, FormCheck
from runform.clubs.guardians import guardian_end
from runform.clubs.invitations import invitation_answer, invitation_send
from runform.clubs.models import Invitation, Membership, Purpose, Role
from runform.clubs.selectors import guardians_of, has_consent, invitations_for
from runform.clubs.services import ClubError, coach_assign, member_add, member_end
from runform.coaching.history import compare
from runform.coaching.models import Notification, RefilmRequest
from runform.coaching.services.notices import notification_mail
from runform.core.logs import masked
from runform.desk.models import SavedView
from runform.desk.rights.purge import person_purge
from runform.desk.rights.takeout import takeout
from runform.processing.moving import clip_move
from tests.runform.addresses import as_shown
from tests.runform.test_permissions import TABLE, client_of, minor
from tests.runform.world import PASSWORD, World, make_user

pytestmark = pytest.mark.django_db


# --- What ends, ends everywhere --------------------------------------------------------------------------------


def hand_over(world: World, clip: Clip) -> None:
    """The clip shows the other athlete."""
    coach_assign(club=world.club, coach=world.coach, athlete=world.other_athlete)
    clip_move(clip=clip, athlete=world.other_athlete, moved_by=world.coach)


def test_a_clip_that_was_handed_over_outlives_the_account_it_was_uploaded_to(world: World) -> None:
    hand_over(world, world.clip)
    name = str(Clip.objects.get(pk=world.clip.pk).file.name)
    stayed = str(world.idle_clip.file.name)
    assert str(world.athlete.code) in name
    person_purge(User.objects.get(pk=world.athlete.pk))
    assert default_storage.exists(name)
    assert not default_storage.exists(stayed)
    # And it goes with its own athlete, and takes along the folder that names the other one.
    person_purge(User.objects.get(pk=world.other_athlete.pk))
    assert not default_storage.exists(name)


def test_a_picture_of_a_clip_that_was_handed_over_is_no_longer_shown_to_who_had_it(world: World) -> None:
    asked = RefilmRequest.objects.filter(review=world.review, frame__isnull=False).select_related("frame__report__clip")
    found = asked.get()
    path, athlete = reverse("refilm_frame", args=[found.code]), client_of(world, "athlete")
    assert athlete.get(as_shown(athlete, path)).status_code == 200
    assert found.frame
    hand_over(world, found.frame.report.clip)
    assert athlete.get(as_shown(athlete, path)).status_code == 404


def test_a_yes_that_ended_with_its_guardian_does_not_come_back_on_a_birthday(world: World) -> None:
    grown_up = timezone.now() + timedelta(days=5 * 366)
    with time_machine.travel(grown_up):
        assert has_consent(world.ward, Purpose.ANALYSIS), "nobody took it back"
    guardian_end(link=world.guardianship, by=world.guardian)
    with time_machine.travel(grown_up):
        assert not has_consent(world.ward, Purpose.ANALYSIS)


def test_who_filmed_somebody_takes_along_no_health_of_theirs(world: World) -> None:
    coach = client_of(world, "coach")
    said = {"recorded_on": "2026-05-02", "surface": "treadmill", "note": "first words", "pain": "yes"}
    coach.post(reverse("check_new_for", args=[world.athlete.code]), said)
    made = FormCheck.objects.get(note="first words")
    # The athlete goes on writing, and the coach goes.
    FormCheck.objects.filter(pk=made.pk).update(note="only for my next coach", pain_areas=["knee"], shoes="old ones")
    member_end(membership=Membership.objects.get(user=world.coach))
    with zipfile.ZipFile(io.BytesIO(b"".join(takeout(world.coach)))) as archive:
        written = json.loads(archive.read("written/clips.formcheck.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json"))
    assert str(made.code) in {row["code"] for row in written}
    assert not {"note", "shoes", "pain", "pain_areas", "pain_level", "pain_signs"} & set(written[0])
    assert b"only for my next coach" not in everything


def test_a_new_password_ends_every_token(world: World) -> None:
    mine = [token_create(user=world.athlete, name=name, scopes=[Scope.READ_FORMCHECKS], days=9)[1] for name in "ab"]
    others = token_create(user=world.coach, name="c", scopes=[Scope.READ_FORMCHECKS], days=9)[1]
    client = Client()
    client.post("/accounts/login/", {"login": world.athlete.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "another long word", "password2": "another long word"}
    client.post("/accounts/password/change/", new)
    assert [token_find(secret) for secret in mine] == [None, None]
    assert token_find(others)
    # And the forgotten one, by the link of the e-mail.
    secret = token_create(user=world.athlete, name="d", scopes=[Scope.READ_FORMCHECKS], days=9)[1]
    Client().post("/accounts/password/reset/", {"email": world.athlete.email})
    link = re.findall(r"http://testserver(/\S+)", str(mail.outbox[-1].body))[0]
    visitor = Client()
    form = visitor.get(link, follow=True).request["PATH_INFO"]
    visitor.post(form, {"password1": "a third long word", "password2": "a third long word"})
    assert token_find(secret) is None
    assert Token.objects.filter(user=world.athlete, revoked_at=None).count() == 0


def test_who_no_longer_runs_the_club_has_no_way_back_through_an_invitation(world: World) -> None:
    member_add(club=world.club, user=world.coach, role=Role.MANAGER)
    invited = {role: make_user(f"new-{role}") for role in (Role.MANAGER, Role.COACH, Role.WELFARE, Role.ATHLETE)}
    for role, user in invited.items():
        invitation_send(club=world.club, email=user.email, role=role, invited_by=world.coach, site_url="http://x/")
    member_end(membership=Membership.objects.get(user=world.coach, role=Role.MANAGER), by=world.manager)
    left = {role for role, user in invited.items() if invitations_for(user).exists()}
    assert left == {Role.ATHLETE}


def test_nobody_talks_a_child_into_a_further_guardian(world: World) -> None:
    """Whoever is one sees every film, agrees to everything, and may write to the child alone."""
    child, stranger = world.ward, make_user("stranger")
    guardian_end(link=world.guardianship, by=world.guardian)
    client = Client()
    client.force_login(child)
    path = reverse("guardian_new", args=[child.code])
    for email in ("parent@example.org", stranger.email):
        client.post(path, {"email": email})
    parent = make_user("parent")
    first, second = (Invitation.objects.get(athlete=child, email=one.email) for one in (parent, stranger))
    assert invitation_answer(invitation=first, user=parent, accept=True)
    with pytest.raises(ClubError, match="guardian already"):
        invitation_answer(invitation=second, user=stranger, accept=True)
    client.post(path, {"email": "third@example.org"})
    assert not Invitation.objects.filter(email="third@example.org").exists()
    assert list(guardians_of(child)) == [parent]
    # The one there is may.
    client.force_login(parent)
    client.post(path, {"email": "fourth@example.org"})
    assert Invitation.objects.filter(email="fourth@example.org", invited_by=parent).exists()


# --- Ways past the door ----------------------------------------------------------------------------------------


def test_a_welfare_officer_reads_along_with_minors_and_with_nobody_else(world: World) -> None:
    path, officer = reverse("conversation", args=[world.check.code]), client_of(world, "welfare")
    assert officer.get(path).status_code == 404
    minor(world)
    assert officer.get(path).status_code == 200


def test_staff_take_over_no_other_staff_by_way_of_an_address(world: World) -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD, name="root")
    address = root.emailaddress_set.create(email=root.email, verified=True, primary=True)  # type: ignore[attr-defined]
    User.objects.filter(pk=world.manager.pk).update(is_staff=True)
    world.manager.user_permissions.add(*Permission.objects.filter(content_type__app_label__in=["accounts", "account"]))
    clerk = client_of(world, "manager")
    said = {"email": "mine@example.org", "name": "x", "is_active": "on", "profile-TOTAL_FORMS": 0}
    said |= {"profile-INITIAL_FORMS": 0, "user": root.pk, "primary": "on", "verified": "on"}
    for path in (f"accounts/user/{root.pk}", f"account/emailaddress/{address.pk}"):
        assert clerk.post(f"/admin/{path}/change/", said).status_code == 403, path
    assert clerk.post("/admin/account/emailaddress/add/", said).status_code == 403
    assert clerk.post(f"/admin/account/emailaddress/{address.pk}/delete/", {"post": "yes"}).status_code == 403
    assert clerk.post(f"/admin/accounts/user/{world.athlete.pk}/change/", said).status_code == 302
    root.refresh_from_db()
    assert (root.email, root.emailaddress_set.get().email) == ("root@example.org",) * 2  # type: ignore[attr-defined]


def test_no_cache_keeps_a_page_and_the_browser_forgets_at_the_logout(world: World) -> None:
    coach = client_of(world, "coach")
    for name, row in TABLE.items():
        if row.method == "get" and "coach" in row.allowed:
            answer = coach.get(as_shown(coach, reverse(name, args=row.args(world))))
            assert re.search("no-store|no-cache", answer["Cache-Control"]), name
            assert "public" not in answer["Cache-Control"], name
    assert "Clear-Site-Data" not in answer
    assert coach.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    assert coach.get("/nowhere/")["Cache-Control"] == "private, no-cache"


def test_one_mailbox_is_not_flooded_by_invitations(world: World, django_capture_on_commit_callbacks: Any) -> None:
    managers = [client_of(world, "manager"), client_of(world, "foreign_coach")]
    clubs = [world.club, Membership.objects.get(user=world.foreign_coach, role=Role.MANAGER).club]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(4):
            for manager, club in zip(managers, clubs, strict=True):
                form = {"pasted": "victim@example.org", "role": "coach"}
                manager.post(reverse("invitation_new", args=[club.code]), form)
                Invitation.objects.filter(email="victim@example.org").update(answered_at=timezone.now())
    assert len(mail.outbox) == 5


def test_a_conversation_is_no_flood_of_mail(world: World) -> None:
    FormCheck.objects.filter(pk=world.check.pk).update(published_at=timezone.now())
    Notification.objects.all().delete()
    athlete, path = client_of(world, "athlete"), reverse("comment_new", args=[world.check.code])

    def say(n: int) -> int:
        mail.outbox.clear()
        for number in range(n):
            assert athlete.post(path, {"text": f"and {number}"}).status_code == 302
        for code in Notification.objects.filter(mailed_at=None).values_list("code", flat=True):
            notification_mail(code=str(code))
        return sum(one.to == [world.coach.email] for one in mail.outbox)

    assert say(6) == 1
    assert not Notification.objects.filter(mailed_at=None).exists(), "no sweep sends them later"
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert say(3) == 1
    Notification.objects.update(read_at=timezone.now())
    assert say(1) == 1, "who has read the last one hears of the next"


def test_a_name_never_breaks_the_head_of_a_mail(world: World, django_capture_on_commit_callbacks: Any) -> None:
    guardian = client_of(world, "guardian")
    User.objects.filter(pk=world.ward.pk).update(name="Eve\nBcc: all@example.org")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        guardian.post(reverse("guardian_new", args=[world.ward.code]), {"email": "other@example.org"})
    assert [one.subject for one in mail.outbox] == ["Eve Bcc: all@example.org asks for your consent on RunForm"]
    guardian.post("/profile/", {"name": "Ada\r\nEve ", "speed_unit": "kmh", "time_zone": "UTC"})
    assert User.objects.get(pk=world.guardian.pk).name == "Ada Eve"


# --- What only a program sends ---------------------------------------------------------------------------------

DEEP, ENDLESS = "[" * 90_000, "1" + "0" * 400
LINE = '{"line": "waist", "t_s": %s, "side": "left", "ends": [[%s, 2], [3, 2]]}'
MARKS = [DEEP, LINE % (ENDLESS, 1), LINE % (1, ENDLESS)]
CORRECTIONS = [
    DEEP,
    f'{{"kind": "stretch", "start_s": {ENDLESS}}}',
    '{"kind": "landmark", "point": 1e999, "t_s": 1, "to": [1, 2]}',
    '{"kind": "view", "view": "side", "more": "\\u0000"}',
    '{"kind": "view", "view": "side", "more": "%s"}' % ("z" * 1000),
]
DRAWING = '{"drawing": {"version": 1, "size": [9, 9], "shapes": []}, "frame": 1, "t_s": 1, "version": Infinity}'


def test_json_that_no_page_sends_is_refused_and_breaks_nothing(world: World) -> None:
    coach = client_of(world, "coach")
    for item in MARKS:
        assert coach.post(reverse("mark_put", args=[world.clip.code]), {"item": item}).status_code == 400, item[:80]
    as_json, path = {"Accept": "application/json"}, reverse("correction_add", args=[world.clip.code])
    for item in CORRECTIONS:
        assert coach.post(path, {"item": item}, headers=as_json).status_code == 422, item[:80]
    for note in (DRAWING, DEEP):
        drawing = reverse("drawing_save", args=[world.report.code, uuid.uuid4()])
        assert coach.post(drawing, {"note": note}).status_code == 400, note[:80]


def test_a_nul_is_refused_before_a_database_meets_it(world: World) -> None:
    coach = client_of(world, "coach")
    texts = [
        (reverse("review_draft", args=[world.review.code]), {"version": world.review.draft_version, "message": "a\0b"}),
        (reverse("club_view_save", args=[world.club.code]), {"name": "a\0b", "query": "state=overdue"}),
        (reverse("voice_change", args=[world.review.voicenotes.get(published_at=None).code]), {"text": "a\0b"}),
    ]
    for path, said in texts:
        assert coach.post(path, said).status_code == 400, path
    for path in (reverse("coach"), reverse("club", args=[world.club.code])):
        assert coach.get(path, {"athlete": "\0", "q": "\0"}).status_code == 400, path
    long = coach.post(
        reverse("club_view_save", args=[world.club.code]), {"name": "x", "query": f"name={'%F0%9F%8F%83' * 40}"}
    )
    assert long.status_code == 302
    assert all(len(view.query) <= 500 for view in SavedView.objects.all())


def test_what_a_stranger_makes_long_costs_no_more_than_its_length(world: World) -> None:
    """Each of these took minutes once, while nobody else was answered."""
    assert masked("GET /" + "a" * 500_000).endswith("aaa")
    assert masked("for rosa.b+c@mail.example.org.") == "for ...@...."
    manager, letters = client_of(world, "manager"), "a" * 49_000
    answer = manager.post(
        reverse("invitation_new", args=[world.club.code]), {"pasted": f"{letters}\n<x@y.org>,", "role": "coach"}
    )
    assert answer.status_code == 302
    assert Invitation.objects.filter(email="x@y.org").exists()
    pieces = list(compare("a " * 20_000, "b " + "a " * 20_000))
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == "b " + "a " * 20_000


def test_numbers_without_end_and_days_of_another_age_break_no_page(world: World) -> None:
    nines, coach, manager = "9" * 5000, client_of(world, "coach"), client_of(world, "manager")
    people, season = (reverse(name, args=[world.club.code]) for name in ("club_people", "club_season"))
    assert coach.get(people, {"weeks": nines, "page": nines}).status_code == 200
    assert coach.post(reverse("review_beat", args=[world.review.code]), {"seconds": nines}).status_code in {204, 409}
    assert coach.get(reverse("plan", args=[world.plan.code]), {"week": "0001-01-01"}).status_code == 200
    for start, end in (("0001-01-01", "0001-01-05"), ("9999-01-01", "9999-12-31")):
        assert manager.get(season, {"start": start, "end": end}).status_code == 200
    athlete = client_of(world, "athlete")
    form = {"recorded_on": "0001-01-01", "surface": "treadmill"}
    assert athlete.post(reverse("check_edit", args=[world.check.code]), form).status_code == 200, "the form once more"
    assert athlete.get(reverse("clip_file", args=[world.clip.code]), {"until": nines, "key": "x"}).status_code == 404
