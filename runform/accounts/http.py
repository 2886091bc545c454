from django.http import HttpRequest

from runform.accounts.models import User


class UserRequest(HttpRequest):
    """A request behind ``login_required``: the type says so."""

    user: User
