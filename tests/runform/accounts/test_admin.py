from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from runform.accounts.models import User
from runform.clubs.invitations import invitation_send
from runform.clubs.models import Role
from runform.clubs.services import coach_assign, member_add
from tests.runform.world import World, make_check, make_clip, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(client: Client) -> User:
    """Staff who may change people, and no more."""
    helper = make_user("helper")
    helper.is_staff = True
    helper.save(update_fields=["is_staff"])
    helper.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    client.force_login(helper)
    return helper


def test_staff_cannot_give_rights_that_they_do_not_have(client: Client, helper: User) -> None:
    said = {"email": helper.email, "name": "Boss", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    answer = client.post(f"/admin/accounts/user/{helper.pk}/change/", said)
    assert answer.status_code == 302
    helper.refresh_from_db()
    assert (helper.name, helper.is_superuser) == ("Boss", False)


def test_a_form_check_stays_its_athletes(admin_client: Client) -> None:
    check = make_check(make_user("rosa"))
    make_clip(check)
    page = admin_client.get(f"/admin/clips/formcheck/{check.pk}/change/").content.decode()
    assert 'name="recorded_on"' in page
    assert 'name="athlete"' not in page


def test_history_can_be_looked_at_and_not_changed(admin_client: Client, world: World) -> None:
    for model, row in (("consentrecord", world.athlete.consents.first()), ("auditentry", world.athlete.audit.first())):
        assert row
        page = f"/admin/clubs/{model}/"
        assert admin_client.get(page).status_code == 200
        assert admin_client.get(f"{page}{row.pk}/change/").status_code == 200
        assert admin_client.get(f"{page}add/").status_code == 403
        assert admin_client.post(f"{page}{row.pk}/change/", {"given": ""}).status_code == 403
        assert admin_client.post(f"{page}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    # Files would stay behind: people and clips go through the bin.
    for thing in (world.athlete, world.clip, world.check, world.report):
        meta = thing._meta
        path = f"/admin/{meta.app_label}/{meta.model_name}/{thing.pk}/delete/"
        assert admin_client.post(path, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["membership", "consentrecord", "auditentry", "coachassignment", "invitation"])
def test_admin_lists_ask_the_same_for_many_rows_as_for_few(
    admin_client: Client, world: World, model: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(12):
        runner = make_user(f"runner{number}")
        member_add(club=world.club, user=runner, role=Role.ATHLETE)
        coach_assign(club=world.club, coach=world.coach, athlete=runner)
        invitation_send(
            club=world.club, email=f"{number}@x.org", role=Role.COACH, invited_by=world.manager, site_url="http://x/"
        )
    with django_assert_max_num_queries(14):
        assert admin_client.get(f"/admin/clubs/{model}/").status_code == 200
