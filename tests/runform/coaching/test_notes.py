"""Drawings and voice notes: kept while one works, sent when the review is published, never rewritten after that."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.models import Role
from runform.clubs.services import coach_assign, member_add
from runform.coaching.models import Comment, FrameNote, Review, SecondReading, Subject, VoiceNote
from runform.coaching.selectors.notes import notes_of
from runform.coaching.services.claims import NotHeldError, ReviewError, review_claim, review_release
from runform.coaching.services.notes import Moment, StaleNoteError, frame_note_save, voice_note_add, voice_note_change
from runform.coaching.services.publish import publish_remarks
from runform.reports.models import Report
from runform.reports.services import output_store, report_publish
from tests.runform.addresses import as_shown
from tests.runform.coaching.desk import make_coach
from tests.runform.coaching.notes import LINE, make_drawing, make_voice_note
from tests.runform.coaching.sounds import make_moving_picture, make_sound
from tests.runform.world import make_clip, make_output, make_user

ARROW = {**LINE, "kind": "arrow"}


def vectors(*shapes: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "size": [64, 36], "shapes": list(shapes)}


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def report(check: FormCheck, tmp_path: Path) -> Report:
    output = output_store(out_dir=make_output(tmp_path), prefix=f"reports/{uuid.uuid4()}")
    return report_publish(clip=make_clip(check), job_code=uuid.uuid4(), output=output)


@pytest.fixture
def coach(athlete: User) -> User:
    return make_coach(athlete)


@pytest.fixture
def review(check: FormCheck, coach: User) -> Review:
    return review_claim(form_check=check, coach=coach)


@pytest.fixture
def save(review: Review, coach: User, report: Report) -> Callable[..., FrameNote | None]:
    def saved(code: uuid.UUID, version: int, *shapes: dict[str, Any], author: User = coach) -> FrameNote | None:
        moment = Moment(report, 5, 0.17)
        return frame_note_save(
            review=review, author=author, code=code, moment=moment, drawing=vectors(*shapes), version=version
        )

    return saved


def kept(note: FrameNote | None) -> FrameNote:
    assert note is not None
    return note


def seen_by(user: User, report: Report) -> list[str]:
    return [note.text for note in notes_of(user, report.clip)]


def speak(review: Review, coach: User, report: Report, **fields: Any) -> VoiceNote:
    sent: dict[str, Any] = {"sound": ContentFile(make_sound()), "seconds": 0.5, "text": "Hips level.", "moment": None}
    return voice_note_add(review=review, author=coach, report=report, **{**sent, **fields})


def test_a_drawing_is_the_coachs_own_until_the_review_is_published(
    save: Callable[..., FrameNote | None], review: Review, coach: User, athlete: User, report: Report
) -> None:
    save(uuid.uuid4(), 0, LINE)
    assert (seen_by(coach, report), seen_by(athlete, report)) == (["one line"], [])
    publish_remarks(review, timezone.now())
    assert seen_by(athlete, report) == ["one line"]


def test_the_same_save_twice_is_one_drawing_and_an_old_one_is_refused(save: Callable[..., FrameNote | None]) -> None:
    code = uuid.uuid4()
    assert kept(save(code, 0, LINE)).version == 1
    assert kept(save(code, 0, LINE)).version == 1
    assert kept(save(code, 1, LINE, ARROW)).version == 2
    assert kept(save(code, 1, LINE, ARROW)).version == 2
    with pytest.raises(StaleNoteError):
        save(code, 1, ARROW)
    with pytest.raises(StaleNoteError):
        save(uuid.uuid4(), 3, ARROW)
    assert FrameNote.objects.get().drawing == vectors(LINE, ARROW)


def test_a_drawing_without_lines_is_gone_and_undo_brings_it_back(
    save: Callable[..., FrameNote | None], coach: User, report: Report
) -> None:
    code = uuid.uuid4()
    assert save(uuid.uuid4(), 0) is None
    save(code, 0, LINE)
    save(code, 1)
    assert seen_by(coach, report) == []
    assert FrameNote.objects.get().deleted_at is not None
    save(code, 2, LINE)
    assert seen_by(coach, report) == ["one line"]


def test_what_was_published_stays_as_it_was_until_its_change_is_published(
    save: Callable[..., FrameNote | None], review: Review, coach: User, athlete: User, report: Report
) -> None:
    code = uuid.uuid4()
    save(code, 0, LINE)
    publish_remarks(review, timezone.now())
    change = kept(save(code, 1, ARROW))
    assert change.code != code
    assert FrameNote.objects.get(code=code).drawing == vectors(LINE)
    assert (seen_by(coach, report), seen_by(athlete, report)) == (["one arrow"], ["one line"])
    publish_remarks(review, timezone.now())
    assert seen_by(athlete, report) == ["one arrow"]
    # Taken away with what it replaced; nothing older comes to light, and undo brings both back.
    save(change.code, 1)
    assert (seen_by(coach, report), seen_by(athlete, report)) == ([], [])
    save(change.code, 2, ARROW)
    assert seen_by(athlete, report) == ["one arrow"]
    assert FrameNote.objects.filter(deleted_at=None).count() == 2


def test_only_whoever_holds_the_review_draws_and_nobody_changes_another_ones_drawing(
    save: Callable[..., FrameNote | None], review: Review, coach: User, athlete: User, report: Report
) -> None:
    code = uuid.uuid4()
    save(code, 0, LINE)
    review_release(review=review, coach=coach)
    other = make_user("other")
    review_claim(form_check=review.form_check, coach=other)
    with pytest.raises(NotHeldError):
        save(code, 1, ARROW)
    with pytest.raises(StaleNoteError):
        save(code, 1, ARROW, author=other)
    with pytest.raises(NotHeldError):
        speak(review, coach, report)
    assert FrameNote.objects.get().drawing == vectors(LINE)
    assert not VoiceNote.objects.exists()


def test_a_second_coach_who_reads_blind_sees_no_notes_of_the_first(
    save: Callable[..., FrameNote | None], review: Review, report: Report, athlete: User
) -> None:
    save(uuid.uuid4(), 0, LINE)
    publish_remarks(review, timezone.now())
    club = athlete.memberships.get().club
    second = make_user("second")
    member_add(club=club, user=second, role=Role.COACH)
    coach_assign(club=club, coach=second, athlete=athlete)
    assert seen_by(second, report) == ["one line"]
    reading = SecondReading.objects.create(review=review, coach=second)
    assert seen_by(second, report) == []
    reading.done_at = timezone.now()
    reading.save(update_fields=["done_at"])
    assert seen_by(second, report) == ["one line"]


def test_a_corrected_report_keeps_the_notes_of_its_clip(
    save: Callable[..., FrameNote | None], coach: User, report: Report, tmp_path: Path
) -> None:
    save(uuid.uuid4(), 0, LINE)
    output = output_store(out_dir=make_output(tmp_path / "again"), prefix=f"reports/{uuid.uuid4()}")
    again = report_publish(clip=report.clip, job_code=uuid.uuid4(), output=output)
    assert seen_by(coach, again) == ["one line"]


def test_the_list_has_all_kinds_in_the_order_of_the_clip(
    save: Callable[..., FrameNote | None], review: Review, coach: User, report: Report
) -> None:
    Comment.objects.create(
        review=review, author=coach, report=report, subject=Subject.MOMENT, t_s=0.3, frame_index=9, text="Look here."
    )
    save(uuid.uuid4(), 0, LINE)
    speak(review, coach, report, text="All in all.")
    speak(review, coach, report, text="Now.", moment=Moment(report, 1, 0.03))
    kinds = [(note.kind, note.text) for note in notes_of(coach, report.clip)]
    assert kinds == [
        ("voice", "All in all."),
        ("voice", "Now."),
        ("drawing", "one line"),
        ("comment", "Look here."),
    ]


def test_a_long_list_takes_no_more_queries_than_a_short_one(
    review: Review, coach: User, report: Report, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        make_drawing(review, coach, report)
        make_voice_note(review, coach, report)
    client, url = client_of(coach), reverse("report_notes_edit", args=[report.code])
    with django_assert_max_num_queries(25):
        assert client.get(url).content.count(b"data-note=") == 10


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": "  "}, "write down"),
        ({"seconds": 400.0}, "180 seconds"),
        ({"sound": ContentFile(b"<script>alert(1)</script>")}, "not a recording"),
        ({"sound": ContentFile(make_moving_picture())}, "not a recording"),
        ({"sound": ContentFile(make_sound() + bytes(5 * 1024 * 1024))}, "too large"),
    ],
)
def test_what_is_no_voice_note_is_refused_and_leaves_no_file(
    review: Review, coach: User, report: Report, wrong: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(ReviewError, match=says):
        speak(review, coach, report, **wrong)
    assert not VoiceNote.objects.exists()
    assert not list((tmp_path / "media" / "voice").rglob("*.*"))


def test_a_broken_save_leaves_no_file(
    review: Review, coach: User, report: Report, settings: Any, tmp_path: Path
) -> None:
    settings.LIMITS = settings.LIMITS.__class__(voice_notes_per_review=0)
    with pytest.raises(ReviewError, match="enough"):
        speak(review, coach, report)
    assert not list((tmp_path / "media").rglob("*.webm"))


def test_the_search_for_orphans_knows_voice_notes(
    review: Review, coach: User, report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    note = speak(review, coach, report)
    call_command("orphans")
    default_storage.delete(str(note.file.name))
    with pytest.raises(SystemExit):
        call_command("orphans")
    assert f"file is gone: {note.file.name}" in capsys.readouterr().out


def test_the_words_beside_a_recording_change_until_it_is_published(review: Review, coach: User, report: Report) -> None:
    note = speak(review, coach, report)
    voice_note_change(note=note, author=coach, text=" Hips level, always. ")
    publish_remarks(review, timezone.now())
    with pytest.raises(ReviewError, match="stays as it is"):
        voice_note_change(note=note, author=coach, text="Something else.")
    note.refresh_from_db()
    assert note.text == "Hips level, always."


# ---- Over HTTP ----


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def send_drawing(client: Client, report: Report, **fields: Any) -> Any:
    body = {"drawing": vectors(LINE), "frame": 5, "t_s": 0.17, "version": 0, **fields}
    url = reverse("drawing_save", args=[report.code, uuid.uuid4()])
    return client.post(url, {"note": json.dumps(body)})


def test_the_player_saves_a_drawing_and_reads_it_back(review: Review, coach: User, report: Report) -> None:
    client = client_of(coach)
    answer = send_drawing(client, report)
    note = FrameNote.objects.get()
    assert answer.json() == {"code": str(note.code), "version": 1}
    assert (note.frame_index, note.t_s, note.drawing) == (5, 0.17, vectors(LINE))
    page = client.get(reverse("report_notes_edit", args=[report.code])).content.decode()
    assert "one line" in page
    assert '"points": [[10.0, 10.0], [50.0, 20.0]]' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"drawing": vectors({**LINE, "kind": "script"})},
        {"frame": -1},
        {"frame": "5"},
        {"t_s": "NaN"},
        {"t_s": float("nan")},
        {"version": "x"},
        {"drawing": None},
    ],
)
def test_what_the_player_would_not_send_is_a_bad_request(
    review: Review, coach: User, report: Report, wrong: dict[str, Any]
) -> None:
    assert send_drawing(client_of(coach), report, **wrong).status_code == 400
    assert not FrameNote.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"note": ""}, {"note": "[]"}, {"note": "{}"}, {"note": "[" * 100_000}])
def test_what_is_no_drawing_at_all_is_a_bad_request(
    review: Review, coach: User, report: Report, sent: dict[str, str]
) -> None:
    url = reverse("drawing_save", args=[report.code, uuid.uuid4()])
    assert client_of(coach).post(url, sent).status_code == 400


def test_a_drawing_of_a_review_that_somebody_else_holds_says_so(review: Review, coach: User, report: Report) -> None:
    Review.objects.update(claimed_by=make_user("other"))
    answer = send_drawing(client_of(coach), report)
    assert (answer.status_code, list(answer.json())) == (409, ["error"])


def test_a_recording_is_stored_with_its_moment_and_comes_back_in_parts(
    review: Review, coach: User, athlete: User, report: Report
) -> None:
    client, sound = client_of(coach), make_sound()
    form = {"sound": SimpleUploadedFile("voice", sound, "text/html"), "seconds": "0.5", "text": "Hips level."}
    answer = client.post(reverse("voice_new", args=[report.code]), {**form, "frame": "5", "t_s": "0.17"})
    note = VoiceNote.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"code": str(note.code)})
    assert (note.frame_index, note.t_s, note.content_type) == (5, 0.17, "audio/webm")
    url = reverse("voice_file", args=[note.code])
    whole = client.get(as_shown(client, url))
    assert b"".join(whole.streaming_content) == sound  # type: ignore[attr-defined]
    assert (whole["Content-Type"], whole["X-Content-Type-Options"]) == ("audio/webm", "nosniff")
    assert "sandbox" in whole["Content-Security-Policy"]
    part = client.get(as_shown(client, url), headers={"range": "bytes=10-19"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, sound[10:20])  # type: ignore[attr-defined]
    runner, stranger = client_of(athlete), client_of(make_user("stranger"))
    assert runner.get(as_shown(runner, url)).status_code == 404
    publish_remarks(review, timezone.now())
    assert runner.get(as_shown(runner, url)).status_code == 200
    assert stranger.get(as_shown(stranger, url)).status_code == 404


def test_a_file_that_is_not_surely_sound_is_only_ever_saved(review: Review, coach: User, report: Report) -> None:
    note = speak(review, coach, report)
    VoiceNote.objects.update(content_type="text/html")
    client = client_of(coach)
    answer = client.get(as_shown(client, reverse("voice_file", args=[note.code])))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_deleted_voice_note_is_heard_by_nobody(review: Review, coach: User, report: Report) -> None:
    note, client = speak(review, coach, report), client_of(coach)
    assert client.post(reverse("voice_delete", args=[note.code])).status_code == 200
    assert client.get(as_shown(client, reverse("voice_file", args=[note.code]))).status_code == 404
    assert VoiceNote.objects.get().deleted_at is not None


def test_a_recording_without_words_is_asked_for_them(review: Review, coach: User, report: Report) -> None:
    form = {"sound": SimpleUploadedFile("voice", make_sound()), "seconds": "0.5", "text": ""}
    answer = client_of(coach).post(reverse("voice_new", args=[report.code]), form)
    assert answer.status_code == 409
    assert "not everybody can hear it" in answer.json()["error"]
