import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from runform.accounts.models import User
from tests.runform.world import make_check, make_clip, make_user

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
