"""A small club, made by the real services."""

import io
import json
import shutil
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile, File
from django.utils import timezone
from PIL import Image

from analysis.serialize import write_series
from analysis.types import Landmarks
from runform.accounts.models import AthleteProfile, User
from runform.api.models import Token, Webhook
from runform.api.scopes import Scope
from runform.api.tokens import token_create
from runform.api.webhooks.services import webhook_create
from runform.clips.models import Clip, FormCheck, Upload
from runform.clips.services import clip_store, form_check_create
from runform.clips.tus.services import upload_append, upload_begin
from runform.clubs.consents import consent_give
from runform.clubs.enrolments import enrolment_ask, enrolment_open
from runform.clubs.guardians import guardian_link
from runform.clubs.invitations import invitation_send
from runform.clubs.models import (
    Club,
    CoachAssignment,
    Enrolment,
    Guardianship,
    Invitation,
    Membership,
    Purpose,
    Role,
    Squad,
)
from runform.clubs.services import club_create, coach_assign, member_add, member_end, squad_save
from runform.coaching.models import Review
from runform.core.events import Event
from runform.core.storage import store
from runform.desk.models import Receipt, SavedView
from runform.processing.corrections import corrections_add
from runform.processing.models import Correction, Job
from runform.processing.services import Claim, job_claim, job_complete, job_submit
from runform.reports.models import Plan, Rendering, RenderKind, Report, ShareLink
from runform.reports.plans.items import Item
from runform.reports.plans.services import plan_start
from runform.reports.renderings import rendering_claim, rendering_complete, rendering_order
from runform.reports.services import COPY_NAME, output_store
from runform.reports.sharing.links import link_create
from tests.runform.coaching.reviews import make_review

PASSWORD = "a long enough word"
DATA = Path(__file__).resolve().parents[1] / "data"
SIDE, REFUSED = DATA / "report_side.json", DATA / "report_refused.json"


def make_user(name: str, *, agrees: bool = True) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if agrees:
        consent_give(athlete=user, by=user, purposes=[Purpose.ANALYSIS, Purpose.COACH])
    return user


def make_check(athlete: User, **fields: Any) -> FormCheck:
    return form_check_create(athlete=athlete, created_by=athlete, recorded_on=date(2026, 5, 1), **fields)


def make_clip(check: FormCheck, content: bytes = b"not really a video", name: str = "clip.mp4") -> Clip:
    upload = File(io.BytesIO(content), name=name)
    upload.size = len(content)
    return clip_store(form_check=check, upload=upload, upload_token=uuid.uuid4()).clip


def make_upload(check: FormCheck, content: bytes = b"whole, and not yet a clip") -> Upload:
    """A clip whose last byte has come."""
    upload = upload_begin(form_check=check, name="new.mp4", size_bytes=len(content), upload_token=uuid.uuid4())
    return upload_append(upload=upload, body=ContentFile(content), offset_bytes=0, checksum=None)


@cache
def make_film(frames: int = 12) -> bytes:
    """A clip of a third of a second, as the worker copies them."""
    content = io.BytesIO()
    with av.open(content, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=30, options={"bf": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number in range(frames):
            grey = np.full((36, 64, 3), 20 * number, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(grey)))
        film.mux(stream.encode(None))
    return content.getvalue()


@cache
def make_picture(comment: bytes = b"") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (36, 64), "grey").save(content, "JPEG", comment=comment)
    return content.getvalue()


def make_landmarks(frames: int = 12) -> Landmarks:
    """A runner who stands in the middle of that clip."""
    xy_px = np.tile(np.linspace([28.0, 32.0], [36.0, 4.0], 33), (frames, 1, 1))
    seen, t_s = np.ones((frames, 33)), np.arange(frames) / 30
    return Landmarks(xy_px, np.zeros((frames, 33, 3)), seen, t_s, 64, 36)


def make_output(folder: Path, template: Path = SIDE) -> Path:
    """What the analyser leaves behind, with small grey pictures."""
    (folder / "frames").mkdir(parents=True, exist_ok=True)
    shutil.copy(template, folder / "report.json")
    content = json.loads(template.read_text())
    for frame in content["frames"]:
        (folder / "frames" / frame["file"]).write_bytes(make_picture())
    if content["series"]:
        write_series(folder / content["series"], make_landmarks(), {}, np.arange(0.0))
    (folder / COPY_NAME).write_bytes(make_film())
    return folder


def claim_of(job: Job) -> Claim:
    claim = job_claim(code=job.code)
    assert claim is not None
    return claim


def make_report(clip: Clip, folder: Path, template: Path = SIDE) -> Report:
    claim = claim_of(job_submit(clip=clip, requested_by=clip.athlete))
    output = output_store(out_dir=make_output(folder, template), prefix=f"reports/{clip.code}/{claim.lease}")
    report = job_complete(claim=claim, output=output, seconds={})
    assert report is not None
    return report


def make_rendering(report: Report, kind: RenderKind) -> Rendering:
    """A film of the report, and for a hidden face its pictures, as the worker leaves them."""
    claim = rendering_claim(code=rendering_order(report=report, kind=kind).code)
    assert claim is not None
    orders = report.frames.values_list("order", flat=True) if kind == RenderKind.HIDDEN else []
    folder = f"renderings/{claim.lease}"
    pictures = {str(n): store(f"{folder}/{n}.jpg", ContentFile(make_picture(b"hidden"))) for n in orders}
    film = store(f"{folder}/film.mp4", ContentFile(make_film(6)))
    assert rendering_complete(claim=claim, film=film, pictures=pictures)
    return Rendering.objects.get(pk=claim.rendering.pk)


@dataclass
class World:
    """An athlete with an analysed clip, and people who may and may not see it."""

    athlete: User
    other_athlete: User
    coach: User
    other_coach: User
    foreign_coach: User
    manager: User
    ex_member: User
    guardian: User
    welfare: User
    # The guardian's: a minor in no club.
    ward: User
    guardianship: Guardianship
    club: Club
    membership: Membership
    assignment: CoachAssignment
    spare_assignment: CoachAssignment
    invitation: Invitation
    squad: Squad
    receipt: Receipt
    enrolment: Enrolment
    check: FormCheck
    clip: Clip
    idle_clip: Clip
    report: Report
    live_job: Job
    plan: Plan
    correction: Correction
    upload: Upload
    review: Review
    share_link: ShareLink
    share_secret: str
    saved_view: SavedView
    token: Token
    webhook: Webhook
    # Of another FormCheck of the athlete; nobody has asked for its film.
    second_report: Report


NAMES = (
    "athlete",
    "other_athlete",
    "coach",
    "other_coach",
    "foreign_coach",
    "manager",
    "ex_member",
    "guardian",
    "welfare",
)


def make_ward(guardian: User) -> tuple[User, Guardianship]:
    ward = make_user("ward", agrees=False)
    AthleteProfile.objects.create(user=ward, birth_date=timezone.localdate() - timedelta(days=14 * 365))
    link = guardian_link(athlete=ward, guardian=guardian)
    consent_give(athlete=ward, by=guardian, purposes=[Purpose.ANALYSIS])
    return ward, link


def make_world(folder: Path) -> World:
    people = {name: make_user(name) for name in NAMES}
    club = club_create(name="Here", manager=people["manager"])
    elsewhere = club_create(name="Elsewhere", manager=people["foreign_coach"])
    # Athletes see their results at once; what a club that wants a look first shows is in coaching/test_release.py.
    Club.objects.update(automatic_reports=True)
    for name in ("coach", "other_coach", "ex_member"):
        member_add(club=club, user=people[name], role=Role.COACH)
    for name in ("athlete", "other_athlete"):
        member_add(club=club, user=people[name], role=Role.ATHLETE)
    member_add(club=club, user=people["welfare"], role=Role.WELFARE)
    member_add(club=elsewhere, user=people["foreign_coach"], role=Role.COACH)
    assignment = coach_assign(club=club, coach=people["coach"], athlete=people["athlete"])
    coach_assign(club=club, coach=people["ex_member"], athlete=people["athlete"])
    member_end(membership=Membership.objects.get(user=people["ex_member"]))
    spare = coach_assign(club=club, coach=people["other_coach"], athlete=people["other_athlete"])
    invitation = invitation_send(
        club=club, email="athlete@example.org", role=Role.COACH, invited_by=people["manager"], site_url="http://here/"
    )
    enrolment_open(club=club, is_open=True, by=people["manager"])
    enrolment_ask(club=club, user=people["foreign_coach"])
    check = make_check(people["athlete"])
    clip = make_clip(check)
    report = make_report(clip, folder)
    live_job = job_submit(clip=clip, requested_by=people["athlete"])
    corrections_add(clip=clip, items=[{"kind": "view", "view": "side"}], made_by=people["athlete"])
    correction = Correction.objects.get(clip=clip)
    membership = Membership.objects.get(user=people["athlete"])
    link, secret = link_create(form_check=check, by=people["athlete"], days=7, hides_face=False)
    make_rendering(report, RenderKind.OVERLAY)
    second_report = make_report(make_clip(make_check(people["athlete"]), b"of another day"), folder / "second")
    ward, guardianship = make_ward(people["guardian"])
    return World(
        **people,
        ward=ward,
        guardianship=guardianship,
        receipt=Receipt.objects.create(what="person", asked_at=timezone.now(), n_files=1, n_bytes=1),
        share_link=link,
        share_secret=secret,
        saved_view=SavedView.objects.create(user=people["coach"], club=club, name="Late", query="state=overdue"),
        token=token_create(user=people["athlete"], name="Watch", scopes=[Scope.READ_FORMCHECKS], days=30)[0],
        webhook=webhook_create(user=people["athlete"], url="https://example.org/hook", events=[Event.REPORT_READY]),
        second_report=second_report,
        club=club,
        membership=membership,
        assignment=assignment,
        spare_assignment=spare,
        invitation=invitation,
        squad=squad_save(club=club, squad=None, name="Juniors", athletes=[], by=people["manager"]),
        enrolment=club.enrolments.get(),
        check=check,
        clip=clip,
        idle_clip=make_clip(check, b"never analysed"),
        report=report,
        live_job=live_job,
        plan=plan_start(check=check, items=[Item("Chin tuck", "10 x 10 s, daily", 7)]),
        correction=correction,
        upload=make_upload(check),
        review=make_review(check, people["coach"]),
    )
