"""Who may open what: every URL name against every kind of person.  A name missing here fails the test."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from runform.accounts.models import AthleteProfile, User
from runform.api.models import Token
from runform.api.scopes import Scope
from runform.api.tokens import token_create
from runform.clips.models import Upload
from runform.clubs.consents import consent_give, consent_withdraw
from runform.clubs.guardians import guardian_link
from runform.clubs.models import AuditEntry, Purpose
from runform.clubs.services import member_end
from runform.coaching.models import Drill, TipTemplate
from runform.desk.rights.bin import check_bin, person_bin
from runform.processing.renewal.services import renewal_start
from runform.processing.services import clip_remove
from runform.reports.models import Report
from runform.reports.sharing.links import link_create
from tests.runform.addresses import as_shown
from tests.runform.coaching.notes import A_DRAWING
from tests.runform.coaching.reviews import DRILL
from tests.runform.coaching.sounds import make_sound
from tests.runform.world import NAMES as NAMES_OF_PEOPLE
from tests.runform.world import World, make_upload, make_world

PEOPLE = ("anonymous", *NAMES_OF_PEOPLE)
EVERYBODY = set(PEOPLE)
MEMBERS = EVERYBODY - {"anonymous"}
SEES = {"athlete", "coach"}
COACHES = {"coach", "other_coach", "foreign_coach"}
RUN_IT = {"coach", "other_coach", "manager"}
CLUB = {"athlete", "other_athlete", "coach", "other_coach", "manager", "welfare"}
# Statements that change no row of ours: sessions and the log of who looked are not looked at.
NO_WRITES = re.compile(
    r'SELECT|SAVEPOINT|RELEASE|ROLLBACK|(INSERT INTO|UPDATE|DELETE FROM) "(django_session|clubs_auditentry)"'
)
TOKEN = "5f0a7a3e-9f1e-4a0e-8f5b-0a1b2c3d4e5f"
A_NOTE = json.dumps({"drawing": A_DRAWING, "frame": 3, "t_s": 0.1, "version": 0})
A_LINE = '{"line": "waist", "t_s": 1, "side": "left", "ends": [[1, 2], [3, 2]]}'
TUS = {"Tus-Resumable": "1.0.0"}
METADATA = f"upload_token {b64encode(TOKEN.encode()).decode()},shows {b64encode(b'self').decode()}"
TUS_NEW = {**TUS, "Upload-Length": "9", "Upload-Metadata": METADATA}


@dataclass(frozen=True)
class Row:
    allowed: set[str]
    method: str = "get"
    args: Callable[[World], list[Any]] = lambda world: []
    data: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    headers: dict[str, str] = field(default_factory=dict)
    # There may be nothing to change for somebody who is let in.
    quiet: bool = False
    # How the world has to be for the request to mean something.
    before: Callable[[World], None] = lambda world: None


def a_new_upload(world: World) -> None:
    """Its bytes lie in the storage, which takes nothing back."""
    Upload.objects.filter(pk=world.upload.pk).delete()
    world.upload = make_upload(world.check)


def a_clip(world: World) -> dict[str, Any]:
    return {"upload_token": TOKEN, "shows": "self", "file": ContentFile(b"new", name="new.mp4")}


def a_tick(world: World) -> dict[str, Any]:
    return {"item": world.plan.items.get().code, "day": world.plan.started_on.isoformat(), "done": "1"}


def a_recording(world: World) -> dict[str, Any]:
    return {"sound": ContentFile(make_sound(), name="voice"), "seconds": "0.5", "text": "Hips level."}


def unheard(world: World) -> str:
    """A voice note that waits for the next publication."""
    return str(world.review.voicenotes.get(published_at=None).code)


def a_pair(world: World) -> dict[str, Any]:
    return {"coach": world.coach.code, "athlete": world.other_athlete.code}


def a_draft(world: World) -> dict[str, Any]:
    return {"version": world.review.draft_version, "message": "Well run.", "tip": ["a"], "cue-a": "Run tall."}


def a_template(world: World) -> dict[str, Any]:
    return {"title": "Chin", "cue": "Chin back by {value}.", "key": "head_pitch_mean"}


def a_squad(world: World) -> dict[str, Any]:
    return {"name": "Sprinters", "athletes": [world.athlete.code]}


def in_the_bin(world: World) -> None:
    clip_remove(clip=world.idle_clip)
    person_bin(person=world.athlete, by=world.athlete)


def check_in_the_bin(world: World) -> None:
    check_bin(check=world.check, by=world.athlete)


def twice_analysed(world: World) -> None:
    """A clip with two reports, both of earlier versions."""
    Report.objects.update(analysis_version="0.0.1")
    again = Report.objects.get(clip=world.clip)
    again.pk, again.code, again.job_code, again.analysis_version = None, uuid4(), TOKEN, "0.0.2"
    again.save()


def a_renewal(world: World) -> None:
    twice_analysed(world)
    renewal_start(club=world.club, by=None)


def accept(world: World) -> dict[str, Any]:
    return {"answer": "accept"}


def a_check(world: World) -> dict[str, Any]:
    return {"athlete": str(world.athlete.code), "recorded_on": "2026-05-01"}


def an_upload(world: World) -> dict[str, Any]:
    return {"filename": "new.mp4", "size_bytes": 9, "shows": "self"}


TABLE: dict[str, Row] = {
    # desk
    "home": Row(EVERYBODY),
    "health": Row(EVERYBODY),
    "metrics": Row(set()),  # opens to a token of its own
    "club_status": Row({"manager"}, args=lambda w: [w.club.code]),
    "person_data": Row({"athlete"}, args=lambda w: [w.athlete.code]),
    "person_export": Row({"athlete"}, args=lambda w: [w.athlete.code]),
    "person_bin": Row({"athlete"}, "post", lambda w: [w.athlete.code], lambda w: {"email": w.athlete.email}),
    "person_restore": Row({"athlete"}, "post", lambda w: [w.athlete.code], before=in_the_bin),
    "clip_restore": Row({"athlete"}, "post", lambda w: [w.idle_clip.code], before=in_the_bin),
    "check_delete": Row({"athlete"}, "post", args=lambda w: [w.check.code]),
    "check_restore": Row({"athlete"}, "post", args=lambda w: [w.check.code], before=check_in_the_bin),
    "receipt": Row(EVERYBODY, args=lambda w: [w.receipt.code]),
    "notifications": Row(MEMBERS),
    "notifications_read": Row(MEMBERS, "post", quiet=True),
    "notification_delivery": Row(MEMBERS, "post", data=lambda w: {"delivery": "daily"}),
    # accounts
    "profile": Row(MEMBERS),
    # clubs
    "club_new": Row(MEMBERS, "post", data=lambda w: {"name": "Mine"}),
    "club": Row(CLUB, args=lambda w: [w.club.code]),
    "invitation_new": Row(
        {"manager"}, "post", lambda w: [w.club.code], lambda w: {"pasted": "new@example.org", "role": "coach"}
    ),
    "invitation_withdraw": Row({"manager"}, "post", lambda w: [w.club.code, w.invitation.code]),
    "invitation_answer": Row({"athlete"}, "post", lambda w: [w.invitation.code], lambda w: {"answer": "accept"}),
    "assignment_new": Row({"manager"}, "post", lambda w: [w.club.code], a_pair),
    "assignment_end": Row({"manager"}, "post", lambda w: [w.club.code, w.assignment.code]),
    "member_end": Row({"athlete", "manager"}, "post", lambda w: [w.club.code, w.membership.code]),
    "club_settings": Row({"manager"}, "post", lambda w: [w.club.code], lambda w: {"name": "New", "review_due_days": 3}),
    "club_conversations": Row({"welfare"}, args=lambda w: [w.club.code]),
    "club_season": Row({"manager"}, args=lambda w: [w.club.code]),
    "club_people": Row(RUN_IT, args=lambda w: [w.club.code]),
    "club_people_csv": Row(RUN_IT, args=lambda w: [w.club.code]),
    "club_squad": Row(RUN_IT, args=lambda w: [w.club.code]),
    "club_view_save": Row(RUN_IT, "post", lambda w: [w.club.code], lambda w: {"name": "New", "query": "state=overdue"}),
    "club_view_remove": Row({"coach"}, "post", lambda w: [w.club.code, w.saved_view.code]),
    "club_log": Row({"manager", "welfare"}, args=lambda w: [w.club.code]),
    "squad_new": Row({"manager"}, "post", lambda w: [w.club.code], a_squad),
    "squad_change": Row({"manager"}, "post", lambda w: [w.club.code, w.squad.code], a_squad),
    "squad_delete": Row({"manager"}, "post", lambda w: [w.club.code, w.squad.code]),
    "enrolment": Row({"manager"}, "post", lambda w: [w.club.code], lambda w: {"open": "1"}),
    "enrolment_answer": Row({"manager"}, "post", lambda w: [w.club.code, w.enrolment.code], accept),
    "enrol": Row(MEMBERS, args=lambda w: [w.club.enrolment_code]),
    "invitation": Row({"athlete"}, args=lambda w: [w.invitation.code]),
    # clubs: what a person agrees to
    "consent_start": Row(MEMBERS),
    "consent": Row({"athlete"}, args=lambda w: [w.athlete.code]),
    "consent_give": Row({"athlete"}, "post", lambda w: [w.athlete.code], lambda w: {"purpose": "research"}),
    "consent_withdraw": Row({"athlete"}, "post", lambda w: [w.athlete.code], lambda w: {"purpose": "coach"}),
    "guardian_new": Row({"guardian"}, "post", lambda w: [w.ward.code], lambda w: {"email": "parent@example.org"}),
    "guardian_end": Row({"guardian"}, "post", lambda w: [w.ward.code, w.guardianship.code]),
    "person_log": Row({"athlete"}, args=lambda w: [w.athlete.code]),
    # clips
    "check_new": Row(MEMBERS, "post", data=lambda w: {"recorded_on": "2026-05-01", "surface": "treadmill"}),
    "check_new_for": Row(
        {"coach"}, "post", lambda w: [w.athlete.code], lambda w: {"recorded_on": "2026-05-01", "surface": "treadmill"}
    ),
    "check_edit": Row(
        {"athlete"}, "post", lambda w: [w.check.code], lambda w: {"recorded_on": "2026-05-02", "surface": "ground"}
    ),
    "upload_new": Row({"athlete"}, "post", lambda w: [w.check.code], headers=TUS_NEW),
    "upload": Row({"athlete"}, "delete", lambda w: [w.upload.code], headers=TUS),
    "clip_file": Row(SEES, args=lambda w: [w.clip.code]),
    # reports
    "results": Row(SEES, args=lambda w: [w.check.code]),
    "report_charts": Row(SEES, args=lambda w: [w.report.code]),
    "report_time": Row(SEES, args=lambda w: [w.report.code]),
    "metric_strides": Row(SEES, args=lambda w: [w.report.code, "cadence"]),
    "report_landmarks": Row(SEES, args=lambda w: [w.report.code]),
    "report_copy": Row(SEES, args=lambda w: [w.report.code]),
    "report_frame": Row(SEES, args=lambda w: [w.report.code, 1]),
    "report_download": Row(SEES, args=lambda w: [w.report.code, "metrics"]),
    "report_frame_png": Row(SEES, args=lambda w: [w.report.code, 1]),
    "check_compare": Row(SEES, args=lambda w: [w.check.code]),
    "check_pdf": Row(SEES, args=lambda w: [w.check.code]),
    "check_share": Row(SEES, "post", lambda w: [w.check.code], lambda w: {"days": "7"}),
    "share_revoke": Row({"athlete"}, "post", lambda w: [w.check.code, w.share_link.code]),
    # Whoever holds the address, and nobody without it: tests/runform/reports/sharing.
    "shared": Row(EVERYBODY, args=lambda w: [w.share_secret]),
    "shared_seen": Row(EVERYBODY, "post", lambda w: [w.share_secret]),
    "shared_film": Row(EVERYBODY, args=lambda w: [w.share_secret, w.report.code]),
    "shared_frame": Row(EVERYBODY, args=lambda w: [w.share_secret, w.report.code, 1]),
    "check_take": Row(SEES, args=lambda w: [w.check.code]),
    "report_film": Row(SEES, "post", lambda w: [w.second_report.code]),
    "report_overlay": Row(SEES, args=lambda w: [w.report.code]),
    "progress": Row(MEMBERS),
    "progress_of": Row(SEES, args=lambda w: [w.athlete.code]),
    "progress_charts": Row(SEES, args=lambda w: [w.athlete.code]),
    "check_zip": Row(SEES, args=lambda w: [w.check.code]),
    "level_set": Row(MEMBERS, "post", data=lambda w: {"level": "coach", "next": "/"}),
    "plan_mine": Row(MEMBERS),
    "plan_new": Row({"athlete"}, "post", lambda w: [w.check.code]),
    "plan": Row(SEES, args=lambda w: [w.plan.code]),
    "plan_tick": Row({"athlete"}, "post", lambda w: [w.plan.code], a_tick),
    "plan_stop": Row({"athlete"}, "post", lambda w: [w.plan.code]),
    "metric_list": Row(EVERYBODY),
    "metric": Row(EVERYBODY, args=lambda w: ["cadence"]),
    "film": Row(EVERYBODY),
    # processing
    "check": Row(SEES, args=lambda w: [w.check.code]),
    "clip_upload": Row({"athlete"}, "post", lambda w: [w.check.code], a_clip),
    "upload_finish": Row({"athlete"}, "post", lambda w: [w.upload.code], before=a_new_upload),
    "clip_card": Row(SEES, args=lambda w: [w.clip.code]),
    "clip_again": Row({"athlete"}, "post", lambda w: [w.idle_clip.code]),
    "clip_delete": Row({"athlete"}, "post", lambda w: [w.clip.code]),
    "clip_versions": Row(SEES, args=lambda w: [w.clip.code]),
    "report_version": Row(SEES, args=lambda w: [w.report.code]),
    "clip_correct": Row(SEES, args=lambda w: [w.clip.code]),
    "correction_add": Row(SEES, "post", lambda w: [w.clip.code], lambda w: {"kind": "view", "view": "rear"}),
    "correction_withdraw": Row(SEES, "post", lambda w: [w.correction.code]),
    "clip_recompute": Row(SEES, "post", lambda w: [w.clip.code]),
    "clip_mark": Row(SEES, args=lambda w: [w.clip.code]),
    "mark_put": Row(SEES, "post", lambda w: [w.clip.code], lambda w: {"item": A_LINE}),
    "job_status": Row(SEES, args=lambda w: [w.live_job.code]),
    "report_difference": Row(SEES, args=lambda w: [w.clip.reports.latest("pk").code], before=twice_analysed),
    "club_renewal": Row({"manager"}, args=lambda w: [w.club.code]),
    "club_renewal_start": Row({"manager"}, "post", lambda w: [w.club.code], before=twice_analysed),
    "renewal_change": Row(
        {"manager"}, "post", lambda w: [w.club.renewals.get().code], lambda w: {"wish": "pause"}, before=a_renewal
    ),
    "job_cancel": Row({"athlete"}, "post", lambda w: [w.live_job.code]),
    # coaching
    "coach": Row(COACHES),
    "review_claim": Row({"coach"}, "post", lambda w: [w.check.code]),
    "review": Row({"coach"}, args=lambda w: [w.check.code]),
    "review_release": Row({"coach"}, "post", lambda w: [w.review.code]),
    "review_beat": Row({"coach"}, "post", lambda w: [w.review.code], lambda w: {"seconds": "5"}),
    "review_due": Row({"coach"}, "post", lambda w: [w.review.code], lambda w: {"due_on": str(timezone.localdate())}),
    "review_draft": Row({"coach"}, "post", lambda w: [w.review.code], a_draft),
    "review_draft_text": Row({"coach"}, args=lambda w: [w.review.code]),
    "review_tip": Row({"coach"}, args=lambda w: [w.review.code]),
    "review_close": Row({"coach"}, "post", lambda w: [w.review.code]),
    "review_history": Row({"coach"}, args=lambda w: [w.review.code]),
    "verdict": Row({"coach"}, "post", lambda w: [w.review.code], lambda w: {"answer": "missed", "why": "The arms."}),
    "verdict_withdraw": Row({"coach"}, "post", lambda w: [w.review.verdicts.get(metric=None).code]),
    "second_reading": Row({"coach"}, "post", lambda w: [w.review.code], quiet=True),
    "refilm_new": Row({"coach"}, "post", lambda w: [w.review.code], lambda w: {"view": "rear"}),
    "refilm_withdraw": Row({"coach"}, "post", lambda w: [w.review.refilm_requests.get().code]),
    "clip_hand_over": Row({"coach"}, args=lambda w: [w.clip.code]),
    "refilm_frame": Row(SEES, args=lambda w: [w.review.refilm_requests.get().code]),
    "library": Row(COACHES),
    "template_new": Row(COACHES, "post", data=lambda w: {"title": "Tall", "cue": "Run tall."}),
    "template_edit": Row({"coach"}, "post", lambda w: [TipTemplate.objects.get().code], a_template),
    "template_delete": Row({"coach"}, "post", lambda w: [TipTemplate.objects.get().code]),
    "drill_new": Row(COACHES, "post", data=lambda w: {"name": "Wall lean"}),
    "drill_delete": Row({"coach"}, "post", lambda w: [Drill.objects.get().code]),
    "report_notes": Row(SEES, args=lambda w: [w.report.code]),
    "report_notes_edit": Row({"coach"}, args=lambda w: [w.report.code]),
    "drawing_save": Row({"coach"}, "post", lambda w: [w.report.code, TOKEN], lambda w: {"note": A_NOTE}),
    "voice_new": Row({"coach"}, "post", lambda w: [w.report.code], a_recording),
    "voice_file": Row(SEES, args=lambda w: [w.review.voicenotes.exclude(published_at=None).get().code]),
    "voice_change": Row({"coach"}, "post", lambda w: [unheard(w)], lambda w: {"text": "Hips level, please."}),
    "voice_delete": Row({"coach"}, "post", lambda w: [unheard(w)]),
    # coaching: both sides
    "conversation": Row(SEES, args=lambda w: [w.check.code]),
    "comment_new": Row(SEES, "post", lambda w: [w.check.code], lambda w: {"text": "Thank you."}),
    "comment_remove": Row({"athlete"}, "post", lambda w: [w.review.comments.get(author=w.athlete).code]),
    "review_standing": Row(SEES, args=lambda w: [w.check.code]),
    "review_read": Row({"athlete"}, "post", lambda w: [w.review.publications.get().code]),
    "review_drill": Row({"athlete"}, "post", lambda w: [w.review.code], lambda w: {"drill": DRILL, "done": "1"}),
    "metric_agreement": Row(EVERYBODY, args=lambda w: ["cadence"]),
    # api: pages
    "api_docs": Row(EVERYBODY),
    "tokens": Row(MEMBERS),
    "token_revoke": Row({"athlete"}, "post", lambda w: [w.token.code]),
    "webhooks": Row(MEMBERS),
    "webhook": Row({"athlete"}, args=lambda w: [w.webhook.code]),
    "webhook_ping": Row({"athlete"}, "post", lambda w: [w.webhook.code]),
    "webhook_enable": Row({"athlete"}, "post", lambda w: [w.webhook.code]),
    "webhook_remove": Row({"athlete"}, "post", lambda w: [w.webhook.code]),
    # api: for programs, each with a token of its own that may do everything
    "api:openapi-json": Row(EVERYBODY),
    "api:api-root": Row(set()),
    "api_upload": Row({"athlete"}, "delete", lambda w: [w.upload.code], headers=TUS),
    "api:me": Row(MEMBERS),
    "api:athletes": Row(MEMBERS),
    "api:athlete": Row(SEES, args=lambda w: [w.athlete.code]),
    "api:formchecks": Row(MEMBERS),
    "api:formcheck": Row(SEES, args=lambda w: [w.check.code]),
    "api:formcheck_new": Row({"athlete", "coach"}, "post", data=a_check),
    "api:formcheck_results": Row(SEES, args=lambda w: [w.check.code]),
    "api:formcheck_review": Row(SEES, args=lambda w: [w.check.code]),
    "api:clip": Row(SEES, args=lambda w: [w.clip.code]),
    "api:clip_remove": Row({"athlete"}, "delete", lambda w: [w.clip.code]),
    "api:upload_new": Row({"athlete"}, "post", lambda w: [w.check.code], an_upload),
    "api:upload_finish": Row({"athlete"}, "post", lambda w: [w.upload.code], before=a_new_upload),
    "api:report": Row(SEES, args=lambda w: [w.report.code]),
    "api:report_metrics": Row(SEES, args=lambda w: [w.report.code]),
    "api:report_file": Row(SEES, args=lambda w: [w.report.code, "json"]),
    "api:metrics": Row(MEMBERS),
    "api:reviews": Row(MEMBERS),
    "api:clubs": Row(MEMBERS),
    "api:club": Row(CLUB, args=lambda w: [w.club.code]),
    "api:club_members": Row(CLUB, args=lambda w: [w.club.code]),
    "api:club_squads": Row(RUN_IT, args=lambda w: [w.club.code]),
    "api:webhooks": Row(MEMBERS),
    "api:webhook_new": Row(MEMBERS, "post", data=lambda w: {"url": "https://example.org/", "events": ["report.ready"]}),
    "api:webhook": Row({"athlete"}, args=lambda w: [w.webhook.code]),
    "api:webhook_remove": Row({"athlete"}, "delete", lambda w: [w.webhook.code]),
    "api:webhook_enable": Row({"athlete"}, "post", lambda w: [w.webhook.code]),
    "api:webhook_ping": Row({"athlete"}, "post", lambda w: [w.webhook.code]),
    "api:webhook_deliveries": Row({"athlete"}, args=lambda w: [w.webhook.code]),
    # allauth: about nobody but the person who asks
    "account_login": Row(EVERYBODY),
    "account_signup": Row(EVERYBODY),
    "account_logout": Row(EVERYBODY),
    "account_reset_password": Row(EVERYBODY),
    "account_reset_password_done": Row(EVERYBODY),
    "account_reset_password_from_key": Row(EVERYBODY, args=lambda w: ["1", "no-key"]),
    "account_reset_password_from_key_done": Row(EVERYBODY),
    "account_confirm_email": Row(EVERYBODY, args=lambda w: ["no-key"]),
    "account_email_verification_sent": Row(EVERYBODY),
    "account_inactive": Row(EVERYBODY),
    "account_email": Row(MEMBERS),
    "account_change_password": Row(MEMBERS),
    "account_set_password": Row(MEMBERS),
    "account_reauthenticate": Row(MEMBERS),
    "account_confirm_login_code": Row(EVERYBODY),
    "mfa_index": Row(MEMBERS),
    "mfa_authenticate": Row(EVERYBODY),
    "mfa_login_webauthn": Row(EVERYBODY),
    "mfa_reauthenticate": Row(MEMBERS),
    "mfa_reauthenticate_webauthn": Row(MEMBERS),
    "mfa_activate_totp": Row(MEMBERS),
    "mfa_add_webauthn": Row(MEMBERS),
    "mfa_list_webauthn": Row(MEMBERS),
    "mfa_generate_recovery_codes": Row(MEMBERS),
    # Whose app, key and codes it is not finds none: opened by their owner alone in accounts/test_second_step.py.
    "mfa_deactivate_totp": Row(set()),
    "mfa_view_recovery_codes": Row(set()),
    "mfa_download_recovery_codes": Row(set()),
    "mfa_edit_webauthn": Row(MEMBERS, args=lambda w: [1]),
    "mfa_remove_webauthn": Row(MEMBERS, args=lambda w: [1]),
}


def url_names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from url_names(pattern.url_patterns, namespace or pattern.namespace or "")
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name)


NAMES = sorted(set(url_names(get_resolver().url_patterns)))
# Their addresses are signed for who is shown them.
MEDIA = [
    "clip_file",
    "report_copy",
    "report_frame",
    "report_overlay",
    "refilm_frame",
    "voice_file",
    "shared_film",
    "shared_frame",
]
ADMIN_PATHS = ["/admin/"] + [
    f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry
]


def test_every_url_name_stands_in_the_table() -> None:
    assert [name for name in NAMES if not name.startswith("admin:") and name not in TABLE] == []
    assert [name for name in TABLE if name not in NAMES] == []


def everything() -> dict[str, list[Any]]:
    """All rows of all our tables but the log of who looked."""
    labels = ("accounts", "clubs", "clips", "reports", "processing", "coaching", "desk", "api")
    models = [model for label in labels for model in apps.get_app_config(label).get_models() if model is not AuditEntry]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in models}


def client_of(world: World, person: str) -> Client:
    client = Client()
    if person != "anonymous":
        user: User = getattr(world, person)
        token, secret = token_create(user=user, name="test", scopes=list(Scope), days=1)
        Token.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any) -> Iterator[World]:
    """One world for all tests here: what each of them writes is rolled back."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), quick, undone():
        yield make_world(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(built: World, db: None) -> World:
    return deepcopy(built)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def writing() -> Iterator[list[str]]:
    """What is written to our tables meanwhile."""
    written: list[str] = []

    def note(execute: Any, sql: str, *how: Any) -> Any:
        if not NO_WRITES.match(sql):
            written.append(sql)
        return execute(sql, *how)

    with connection.execute_wrapper(note):
        yield written


def ask(world: World, row: Row, name: str, person: str, *, watched: bool) -> tuple[Any, bool]:
    """The answer, and whether anything was changed; unless ``watched``, whether anything was written."""
    with undone():
        row.before(world)
        client, before = client_of(world, person), everything() if watched else {}
        path, data = reverse(name, args=row.args(world)), row.data(world)
        path = as_shown(client, path) if name in MEDIA else path
        of_api = name.startswith(("api:", "api_upload", "metrics"))
        kind = {"content_type": "application/json"} if of_api and row.method == "post" else {}
        with writing() as written:
            answer = getattr(client, row.method)(path, data, headers=row.headers, **kind)
        return answer, everything() != before if watched else bool(written)


def trouble(world: World, row: Row, name: str, person: str) -> str | None:
    """What went otherwise than the row says, if anything."""
    answer, changed = ask(world, row, name, person, watched=False)
    if changed:
        # To compare all rows takes long, so it is done only where something was written.
        answer, changed = ask(world, row, name, person, watched=True)
    to_login = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?")
    status, of_api = answer.status_code, name.startswith(("api:", "api_upload", "metrics"))
    if person not in row.allowed:
        strange = status in {401, 404} if of_api else to_login
        denied = strange if person == "anonymous" else status == 404
        return None if denied and not changed else f"{person} was let in: {status}, {changed=}"
    # 409: an allauth page out of its turn.  A house that is not in order says so to everybody.
    if status not in {200, 201, 202, 204, 302, 409} and name != "health":
        return f"{person} was not let in: {status}"
    if to_login or (changed is not (row.method in {"post", "delete"}) and not row.quiet):
        return f"{person}: {to_login=}, {changed=}"
    return None


def askers(row: Row) -> Iterable[str]:
    """Everybody; on another database, those whose pages ask it most, one who is let in, and one who mostly is not.

    The rules are the same Python on both: what is to be seen there is that each query is understood and answered alike.
    """
    if connection.vendor == "sqlite":
        return PEOPLE
    some = {"athlete", "coach", "manager"}
    return (some if some & row.allowed else some | row.allowed) | {"other_coach"}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_url_opens_to_those_in_its_row_and_to_nobody_else(world: World, name: str) -> None:
    troubles = [trouble(world, TABLE[name], name, person) for person in askers(TABLE[name])]
    assert [found for found in troubles if found] == []


def withdrawn(world: World) -> None:
    consent_withdraw(athlete=world.athlete, by=world.athlete, purpose=Purpose.ANALYSIS)


def no_coaches(world: World) -> None:
    consent_withdraw(athlete=world.athlete, by=world.athlete, purpose=Purpose.COACH)


def left(world: World) -> None:
    member_end(membership=world.membership)


def coach_left(world: World) -> None:
    member_end(membership=world.club.memberships.get(user=world.coach, role="coach"))


def binned(world: World) -> None:
    person_bin(person=world.athlete, by=world.athlete)


def unguarded(world: World) -> None:
    """A minor for whom nobody has agreed yet: what was said as an adult counts no more."""
    AthleteProfile.objects.update_or_create(user=world.athlete, defaults={"birth_date": world.ward.profile.birth_date})


def minor(world: World) -> None:
    unguarded(world)
    guardian_link(athlete=world.athlete, guardian=world.guardian)
    consent_give(athlete=world.athlete, by=world.guardian, purposes=[Purpose.ANALYSIS, Purpose.COACH])


# A guardian decides what the minor would, and writes along.
GUARDIANS_TOO = (
    "consent",
    "consent_give",
    "consent_withdraw",
    "guardian_new",
    "person_log",
    "person_data",
    "person_export",
    "person_bin",
    "person_restore",
    "clip_restore",
    "check_delete",
    "check_restore",
    "check_new_for",
    "check_edit",
    "clip_upload",
    "clip_delete",
    "clip_again",
    "job_cancel",
)
COACHS_OWN = {"template_edit", "template_delete", "drill_delete", "club_view_remove"}
# What is open because the athlete agreed and is coached: no other coach may open it.
BY_CONSENT = sorted(name for name, row in TABLE.items() if "coach" in row.allowed and "other_coach" not in row.allowed)


@pytest.mark.parametrize("state", [withdrawn, no_coaches, left, coach_left, binned, unguarded])
def test_what_consent_opened_is_closed_when_it_ends(world: World, state: Callable[[World], None]) -> None:
    """The same table once more, with the coach's column as it is then."""
    troubles = []
    for name in BY_CONSENT:
        row = TABLE[name]
        if name in COACHS_OWN:
            continue
        with undone():
            args, data = row.args(world), row.data(world)
            state(world)
            closed = replace(row, allowed=row.allowed - {"coach"}, args=lambda _, args=args: args)
            troubles.append(trouble(world, replace(closed, data=lambda _, data=data: data), name, "coach"))
    assert [found for found in troubles if found] == []
    assert len(BY_CONSENT) > 20


def test_a_minors_pages_open_to_guardian_and_coach_and_only_the_guardian_decides(world: World) -> None:
    minor(world)
    troubles = []
    for name in [*BY_CONSENT, *GUARDIANS_TOO]:
        row = TABLE[name]
        reads = row.method == "get" and row.allowed >= SEES
        if name in GUARDIANS_TOO or reads:
            row = replace(row, allowed=row.allowed | {"guardian"})
        if name == "consent_give":
            row = replace(row, quiet=True)  # the minor is told to ask the guardian
        if name == "conversation":
            row = replace(row, allowed=row.allowed | {"welfare"})
        # What athlete and coach both may do to a clip is its own policy's to say; see processing and reports.
        shared = row.method != "get" and row.allowed >= SEES
        for person in ("manager", "welfare") if shared else ("guardian", "manager", "welfare"):
            found = trouble(world, row, name, person)
            troubles.append(found and f"{name}: {found}")
    assert [found for found in troubles if found] == []


@pytest.mark.parametrize("name", MEDIA)
def test_a_copied_address_of_media_dies_with_its_hours_and_opens_for_nobody_else(world: World, name: str) -> None:
    """Not even for those who may see the same picture at an address of their own."""
    path = reverse(name, args=TABLE[name].args(world))
    athlete, coach = client_of(world, "athlete"), client_of(world, "coach")
    other = link_create(form_check=world.check, by=world.coach, days=7, hides_face=False)[1]
    own, others = as_shown(athlete, path), as_shown(coach, path.replace(world.share_secret, other))
    assert athlete.get(own).status_code == 200
    altered = [
        path,
        f"{path}?{others.partition('?')[2]}",
        own.replace("key=", "key=a"),
        own.replace("until=", "until=9"),
    ]
    assert {athlete.get(address).status_code for address in altered} == {404}
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        assert athlete.get(own).status_code == 404
        # A page that was left open asks for its pictures by itself, and the browser says so.
        renewed = athlete.get(own, headers={"Sec-Fetch-Site": "same-origin"})
        assert athlete.get(renewed["Location"]).status_code == 200
        if not name.startswith("shared"):
            assert coach.get(own, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 404


def test_nothing_is_ever_changed_by_get(world: World) -> None:
    """What the table gets was seen to change nothing; this is what it posts."""
    a_renewal(world)
    for person in PEOPLE:
        client, before = client_of(world, person), everything()
        for name, row in TABLE.items():
            if row.method != "get" or row.data(world):
                client.get(reverse(name, args=row.args(world)))
        assert everything() == before, person


def test_who_may_not_open_a_page_cannot_send_its_form_either(world: World) -> None:
    """A page of the table that is only looked at there, and that takes a form as well."""
    troubles = []
    for person in PEOPLE:
        client, before = client_of(world, person), everything()
        for name, row in TABLE.items():
            if row.method != "get" or person in row.allowed:
                continue
            answer = client.post(reverse(name, args=row.args(world)), row.data(world))
            # A page without a form says so; one with a form asks for the login or is not there.
            anonymous = person == "anonymous" and answer.status_code in {302, 401}
            if answer.status_code not in {404, 405} and not anonymous:
                troubles.append(f"{person}: {name}: {answer.status_code}")
        if everything() != before:
            troubles.append(f"{person} changed something")
    assert troubles == []


def test_what_can_be_got_can_be_asked_for_its_head(world: World) -> None:
    for person in ("anonymous", "coach"):
        client = client_of(world, person)
        for name, row in TABLE.items():
            if row.method == "get":
                path = as_shown(client, reverse(name, args=row.args(world)))
                got, head = client.get(path), client.head(path)
                assert (name, head.status_code) == (name, got.status_code)
                assert not head.streaming
                assert head.content == b"", name


def test_the_admin_is_closed_to_all_who_are_not_staff(world: World) -> None:
    for person in PEOPLE:
        client = client_of(world, person)
        for path in ADMIN_PATHS:
            answer = client.get(path)
            assert answer.status_code in {302, 403}, f"{person}: {path}"


@pytest.mark.parametrize(
    "name",
    [
        "clip_file",
        "report_frame",
        "report_copy",
        "report_landmarks",
        "report_charts",
        "report_notes",
        "voice_file",
        "clip_card",
        "job_status",
        "check",
    ],
)
def test_what_is_removed_or_whose_owner_is_gone_opens_to_nobody(world: World, name: str) -> None:
    if name == "check":
        User.objects.filter(pk=world.athlete.pk).update(is_active=False)
    else:
        clip_remove(clip=world.clip)
    for person in ("athlete", "coach"):
        client = client_of(world, person)
        answer = client.get(as_shown(client, reverse(name, args=TABLE[name].args(world))))
        assert answer.status_code in {302, 404}


def test_the_coachs_list_holds_assigned_athletes_only(world: World) -> None:
    shown = {
        person: bytes(str(world.check.code), "ascii") in client_of(world, person).get("/coach/").content
        for person in ("coach", "other_coach", "foreign_coach")
    }
    assert shown == {"coach": True, "other_coach": False, "foreign_coach": False}


def test_staff_may_look_at_everything_in_the_admin(world: World) -> None:
    User.objects.filter(pk=world.manager.pk).update(is_staff=True, is_superuser=True)
    client = client_of(world, "manager")
    for path in ADMIN_PATHS:
        assert client.get(path).status_code == 200, path
    for thing in (world.club, world.check, world.clip, world.report, world.live_job, world.athlete):
        meta = thing._meta
        assert client.get(f"/admin/{meta.app_label}/{meta.model_name}/{thing.pk}/change/").status_code == 200, meta
