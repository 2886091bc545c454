"""What goes in and out.  Codes are those in the pages' addresses; left and right are the runner's own; times: UTC."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator

from runform.clips.models import Kind, Shows, Surface, View
from runform.clubs.models import Role
from runform.core.events import Event


def _without_nul(text: str) -> str:
    # PostgreSQL keeps none.
    if "\x00" in text:
        raise ValueError("a text cannot hold a NUL")
    return text


Text = Annotated[str, AfterValidator(_without_nul)]


class Person(Schema):
    code: uuid.UUID
    name: str


class Me(Person):
    email: str
    scopes: list[str] = Field(description="What this token may do.")
    expires_at: datetime
    clubs: list["ClubRole"]


class ClubRole(Schema):
    club: uuid.UUID
    name: str
    role: Role


class CheckIn(Schema):
    athlete: uuid.UUID | None = Field(None, description="Somebody whom you coach; nobody = yourself.")
    recorded_on: date
    surface: Surface = Surface.TREADMILL
    speed_mps: float | None = Field(None, ge=0.5, le=12, description="m/s")
    incline_pct: float | None = Field(None, ge=-20, le=40)
    shoes: Text = Field("", max_length=100)
    note: Text = Field("", max_length=2000)


class Check(Schema):
    """A FormCheck: one occasion on which an athlete was filmed."""

    code: uuid.UUID
    athlete: Person
    recorded_on: date
    created_at: datetime
    surface: str
    speed_mps: float | None
    incline_pct: float | None
    shoes: str
    note: str
    state: str = Field(description="empty, waiting, running, ready, refused or failed")
    review: str = Field(description="none, waiting, looking, refilm, published or answered")
    clips: list["Clip"]


class Clip(Schema):
    code: uuid.UUID
    formcheck: uuid.UUID
    original_name: str
    size_bytes: int
    kind: str
    view: str = Field(description="As the uploader said it; empty = the analysis finds out.")
    created_at: datetime
    state: str = Field(description="new, queued, running, ready, refused, failed or cancelled")
    stage: str
    percent: int
    position: int | None = Field(description="In the queue; 1 = next.")
    reasons: list[str] = Field(description="Why it was refused or failed, for people.")
    report: uuid.UUID | None = Field(description="The newest one that you may see.")


class UploadIn(Schema):
    filename: Text = Field(min_length=1, max_length=255)
    size_bytes: int = Field(ge=0, le=2**53)
    shows: Shows = Field(description="self: only the athlete is in the clip. agreed: others too, and they agreed.")
    kind: Kind = Kind.RUNNING
    view: View | Literal[""] = ""
    from_s: float | None = Field(None, ge=0, le=86400)
    to_s: float | None = Field(None, ge=0, le=86400)
    upload_token: uuid.UUID | None = Field(None, description="Your own: the same one finds the same upload.")


class Upload(Schema):
    """A clip on its way.  Send its bytes to ``url`` by tus 1.0, then POST to ``finish_url``."""

    code: uuid.UUID
    formcheck: uuid.UUID
    size_bytes: int
    offset_bytes: int
    part_bytes: int = Field(description="No PATCH may bring more.")
    expires_at: datetime
    url: str
    finish_url: str


class Report(Schema):
    """What one analysis of one clip found."""

    code: uuid.UUID
    clip: uuid.UUID
    formcheck: uuid.UUID
    created_at: datetime
    analysis_version: str
    model_sha256: str
    parameters_sha256: str
    verdict: str = Field(description="ok, limited or refused")
    view: str
    facing: str
    activity: str
    checks: list[dict[str, Any]] = Field(description="The checks of the input, as in the analysis.")
    files: list[str] = Field(description="What can be had at /reports/{code}/files/{key}.")


class Metric(Schema):
    """A number with the 95 % interval of the true value, or the reason why there is none and how to film for it."""

    key: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    grade: str = Field(description="measured, caveated or not_measured")
    status: str = Field(description="ok, watch, flag, info or empty")
    reason: str
    note: str
    source: str
    strides: int | None
    report: uuid.UUID | None = Field(description="Where it comes from; a score of several clips has none.")


class MetricSpec(Schema):
    key: str
    label: str
    unit: str
    question: str
    definition: str
    sign: str
    decimals: int


class Tip(Schema):
    cue: str
    why: str
    drills: list[str]


class Finding(Schema):
    metric: str
    title: str
    status: str
    report: uuid.UUID
    evidence_s: list[float] = Field(description="Seconds of the clip at which it can be seen.")
    tip: Tip | None
    held_back: bool = Field(description="A warning sign was ticked: no cue and no drills.")


class Results(Schema):
    """All clips of a FormCheck together: of each metric the number of the clip that measures it best."""

    formcheck: uuid.UUID
    metrics: list[Metric]
    to_work_on: list[Finding]
    good: list[Finding]
    waiting: int = Field(description="Reports that wait for the coach.")


class ReviewTip(Tip):
    metric: str = Field(description="Empty: about none in particular.")


class Review(Schema):
    """What a coach published.  A change after it makes the next number."""

    code: uuid.UUID
    formcheck: uuid.UUID
    athlete: Person
    coach: str
    number: int
    published_at: datetime
    read_at: datetime | None
    message: str
    tips: list[ReviewTip]


class Club(Schema):
    code: uuid.UUID
    name: str
    created_at: datetime
    roles: list[Role] = Field(description="Yours.")


class Member(Schema):
    code: uuid.UUID
    person: Person
    role: Role
    joined_at: datetime


class Squad(Schema):
    code: uuid.UUID
    name: str
    athletes: list[Person] = Field(description="Those whom you may see.")


class WebhookIn(Schema):
    url: Text = Field(min_length=1, max_length=500, description="https, on a public address.")
    events: list[Event] = Field(min_length=1, max_length=len(Event))


class Webhook(Schema):
    code: uuid.UUID
    url: str
    events: list[str]
    created_at: datetime
    disabled_at: datetime | None
    failing_since: datetime | None


class NewWebhook(Webhook):
    secret: str = Field(description="Signs what is sent. Shown this once.")


class Delivery(Schema):
    code: uuid.UUID
    event: str
    data: dict[str, Any]
    state: str = Field(description="waiting, sent, failed or dropped")
    created_at: datetime
    attempts: int
    tried_at: datetime | None
    status: int | None
    error: str
