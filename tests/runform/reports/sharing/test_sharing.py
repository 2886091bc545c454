import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from runform.accounts.models import AthleteProfile, User
from runform.clips.models import FormCheck
from runform.clubs.consents import consent_withdraw
from runform.clubs.models import Club, Purpose
from runform.clubs.services import assignment_end
from runform.core.middleware import RequestLogMiddleware
from runform.processing.services import clip_remove
from runform.reports.models import Rendering, RenderKind, RenderState, ShareLink
from runform.reports.sharing.links import ShareError, find_shared, hash_of, link_create, link_revoke
from tests.runform.addresses import as_shown
from tests.runform.coaching.reviews import DRAFT, DRILL, make_published
from tests.runform.world import World, make_picture, make_rendering

LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def no_misses() -> None:
    cache.clear()


def addresses(world: World, secret: str) -> list[str]:
    code = world.report.code
    return [
        reverse("shared", args=[secret]),
        reverse("shared_frame", args=[secret, code, 1]),
        reverse("shared_film", args=[secret, code]),
    ]


def opened(address: str) -> Any:
    """What a stranger gets who holds the link."""
    client = Client()
    return client.get(as_shown(client, address))


def statuses(world: World, secret: str) -> set[int]:
    """What a stranger gets of a link, page and media alike."""
    seen = Client().post(reverse("shared_seen", args=[secret])).status_code
    return {opened(address).status_code for address in addresses(world, secret)} | {seen}


def hidden_link(world: World, by: User | None = None) -> str:
    return link_create(form_check=world.check, by=by or world.athlete, days=7, hides_face=True)[1]


def test_a_link_shows_results_pictures_and_film_without_an_account(world: World) -> None:
    assert statuses(world, world.share_secret) == {200, 204}
    text = Client().get(reverse("shared", args=[world.share_secret])).content.decode()
    assert "athlete" in text
    for finding in world.report.findings:
        assert escape(finding["title"]) in text


def test_a_link_gives_no_file_name_no_note_and_no_way_into_the_house(world: World) -> None:
    world.check.note, world.check.shoes = "private words", "secret shoes"
    world.check.save(update_fields=["note", "shoes"])
    text = Client().get(reverse("shared", args=[world.share_secret])).content.decode()
    for private in (world.clip.original_name, "private words", "secret shoes", "athlete@example.org"):
        assert private not in text
    links = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', text))
    inside = {link for link in links if str(world.check.code) in link}
    assert inside == set()
    assert {link for link in links if str(world.report.code) in link} == {
        link for link in links if link.startswith(f"/s/{world.share_secret}/")
    }


@pytest.mark.parametrize("way", ["expired", "revoked", "removed", "gone", "withdrawn", "sharer gone"])
def test_a_link_that_has_ended_or_lost_its_ground_shows_nothing(world: World, way: str) -> None:
    secret = world.share_secret
    if way == "expired":
        ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif way == "revoked":
        assert link_revoke(link=world.share_link)
    elif way == "removed":
        clip_remove(clip=world.clip)
    elif way == "gone":
        User.objects.filter(pk=world.athlete.pk).update(is_active=False)
    elif way == "withdrawn":
        consent_withdraw(athlete=world.athlete, by=world.athlete, purpose=Purpose.ANALYSIS)
    else:
        secret = hidden_link(world, world.coach)
        User.objects.filter(pk=world.coach.pk).update(is_active=False)
    assert statuses(world, secret) == {404}


def test_a_coachs_link_ends_with_their_access(world: World) -> None:
    secret = hidden_link(world, world.coach)
    make_rendering(world.report, RenderKind.HIDDEN)
    assert statuses(world, secret) == {200, 204}
    assignment_end(assignment=world.assignment)
    assert statuses(world, secret) == {404}


def test_a_link_of_the_athlete_does_not_open_what_waits_for_the_coach(world: World) -> None:
    secret = link_create(form_check=world.second_report.clip.form_check, by=world.athlete, days=7, hides_face=False)[1]
    make_rendering(world.second_report, RenderKind.OVERLAY)
    paths = [reverse("shared", args=[secret])]
    paths += [reverse("shared_frame", args=[secret, world.second_report.code, 1])]
    paths += [reverse("shared_film", args=[secret, world.second_report.code])]
    assert {opened(path).status_code for path in paths} == {200}
    Club.objects.update(automatic_reports=False)
    assert {opened(path).status_code for path in paths} == {404}
    FormCheck.objects.filter(pk=world.second_report.clip.form_check_id).update(published_at=timezone.now())
    assert {opened(path).status_code for path in paths} == {200}


def test_a_link_says_what_the_coach_published_or_that_nobody_has_looked(world: World) -> None:
    other = world.second_report.clip.form_check
    link = link_create(form_check=other, by=world.athlete, days=7, hides_face=False)[1]
    text = Client().get(reverse("shared", args=[link])).content.decode()
    assert "Automatic report, not reviewed by a coach." in text
    make_published(other, world.coach)
    text = Client().get(reverse("shared", args=[link])).content.decode()
    assert "Automatic report" not in text
    assert text.index(DRAFT["message"]) < text.index('id="findings"')
    assert DRILL in text


def test_without_a_name_a_link_gives_the_coachs_cues_and_not_the_message(world: World) -> None:
    make_published(world.second_report.clip.form_check, world.coach)
    check = world.second_report.clip.form_check
    link = link_create(form_check=check, by=world.athlete, days=7, hides_face=True)[1]
    text = Client().get(reverse("shared", args=[link])).content.decode()
    assert "Look ahead." in text
    assert DRAFT["message"] not in text
    assert "Reviewed by a coach" in text


def test_media_of_another_formcheck_do_not_open_with_the_link(world: World, tmp_path: Path) -> None:
    from tests.runform.world import make_check, make_clip, make_report

    other = make_report(make_clip(make_check(world.athlete), b"other"), tmp_path / "other")
    for name, more in (("shared_film", []), ("shared_frame", [1])):
        address = reverse(name, args=[world.share_secret, other.code, *more])
        assert opened(address).status_code == 404


def test_with_a_hidden_face_nothing_is_shown_until_the_face_is_hidden(world: World) -> None:
    secret = hidden_link(world)
    page, frame, film = addresses(world, secret)
    assert [opened(address).status_code for address in (page, frame, film)] == [200, 404, 404]
    text = Client().get(page).content.decode()
    assert "<img" not in text
    assert "<video" not in text
    assert ">athlete<" not in text
    assert "as soon as the face is hidden" in text


def test_with_a_hidden_face_only_the_pictures_made_so_are_given(world: World) -> None:
    secret = hidden_link(world)
    rendering = make_rendering(world.report, RenderKind.HIDDEN)
    _, frame, film = addresses(world, secret)
    assert b"".join(opened(frame).streaming_content) == make_picture(b"hidden")
    with rendering.film.open("rb") as stored:
        assert b"".join(opened(film).streaming_content) == stored.read()
    Rendering.objects.filter(pk=rendering.pk).update(pictures={"2": rendering.pictures["2"]})
    assert opened(frame).status_code == 404


def test_only_the_hash_of_the_secret_is_kept_and_the_address_is_shown_once(world: World) -> None:
    client = Client()
    client.force_login(world.athlete, backend=LOGIN)
    url = reverse("check_share", args=[world.check.code])
    text = client.post(url, {"days": "30", "hides_face": "on"}).content.decode()
    secret = re.search(r"http://testserver/s/([\w-]+)/", text)
    assert secret is not None
    assert ShareLink.objects.filter(token_sha256=hash_of(secret[1])).count() == 1
    for link in ShareLink.objects.values():
        assert secret[1] not in str(link)
    assert secret[1] not in client.get(url).content.decode()


def test_no_search_engine_no_cache_and_no_other_site_learns_the_address(world: World) -> None:
    for address in (*addresses(world, world.share_secret), reverse("shared", args=["wrong"])):
        answer = opened(address)
        if answer.status_code == 200:
            assert answer["X-Robots-Tag"].startswith("noindex")
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "no-store" in answer["Cache-Control"]
    assert b'name="robots" content="noindex' in Client().get(addresses(world, world.share_secret)[0]).content


def test_the_logs_do_not_hold_the_secret(world: World, rf: Any) -> None:
    for address in addresses(world, world.share_secret):
        assert world.share_secret not in RequestLogMiddleware.format_request(rf.get(address))


def test_who_opened_it_counts_pages_that_were_looked_at(world: World) -> None:
    page = reverse("shared", args=[world.share_secret])
    Client().get(page)
    assert ShareLink.objects.get(pk=world.share_link.pk).opened == 0
    for _ in range(2):
        Client().post(reverse("shared_seen", args=[world.share_secret]))
    link = ShareLink.objects.get(pk=world.share_link.pk)
    assert link.opened == 2
    assert link.last_opened_at is not None
    client = Client()
    client.force_login(world.athlete, backend=LOGIN)
    assert "Opened 2 times" in client.get(reverse("check_share", args=[world.check.code])).content.decode()


def test_whoever_guesses_is_shut_out_for_a_while(world: World, settings: Any) -> None:
    for number in range(settings.LIMITS.share_misses_per_hour):
        assert Client().get(reverse("shared", args=[f"guess-{number}"])).status_code == 404
    assert Client().get(reverse("shared", args=["another"])).status_code == 429
    assert Client().get(reverse("shared", args=[world.share_secret])).status_code == 429
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.get(reverse("shared", args=[world.share_secret])).status_code == 200


def test_a_coach_never_shows_a_face(world: World) -> None:
    link, _ = link_create(form_check=world.check, by=world.coach, days=7, hides_face=False)
    assert link.hides_face


def test_a_minor_shows_no_face_without_the_guardian(world: World) -> None:
    AthleteProfile.objects.update_or_create(
        user=world.athlete, defaults={"birth_date": timezone.localdate() - timedelta(days=14 * 365)}
    )
    athlete = User.objects.get(pk=world.athlete.pk)
    link, _ = link_create(form_check=world.check, by=athlete, days=7, hides_face=False)
    assert link.hides_face
    # What was made before the birth date was known shows none either.
    shared = find_shared(world.share_secret)
    assert shared is None or shared.hides_face


def test_the_athlete_closes_a_coachs_link_and_a_coach_only_their_own(world: World) -> None:
    hidden_link(world, world.coach)
    theirs = ShareLink.objects.get(created_by=world.coach)
    coach, athlete = Client(), Client()
    coach.force_login(world.coach, backend=LOGIN)
    athlete.force_login(world.athlete, backend=LOGIN)
    own = reverse("share_revoke", args=[world.check.code, world.share_link.code])
    assert coach.post(own).status_code == 404
    assert athlete.post(reverse("share_revoke", args=[world.check.code, theirs.code])).status_code == 302
    assert ShareLink.objects.get(pk=theirs.pk).revoked_at is not None


def test_there_are_only_so_many_open_links(world: World, settings: Any) -> None:
    for _ in range(settings.LIMITS.shares_open - 1):
        hidden_link(world)
    with pytest.raises(ShareError):
        hidden_link(world)
    link_revoke(link=world.share_link)
    hidden_link(world)


def test_making_a_link_orders_what_it_will_show(world: World) -> None:
    hidden_link(world)
    assert Rendering.objects.get(report=world.report, kind=RenderKind.HIDDEN).state == RenderState.QUEUED


def test_with_a_red_flag_a_link_gives_no_drills_and_says_nothing_of_pain(world: World) -> None:
    world.check.pain, world.check.pain_areas, world.check.pain_signs = "yes", ["back", "neck"], ["heart"]
    world.check.save(update_fields=["pain", "pain_areas", "pain_signs"])
    text = Client().get(reverse("shared", args=[world.share_secret])).content.decode()
    drills = [drill["name"] for found in world.report.findings if found["tip"] for drill in found["tip"]["drills"]]
    assert drills
    assert [drill for drill in drills if escape(drill) in text] == []
    assert "pain" not in text.lower()
