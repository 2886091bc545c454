"""Addresses of pictures, films and sounds, as a page shows them to somebody."""

from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from runform.accounts.models import User
from runform.core.media import holder_is, media_url
from runform.reports.sharing.links import find_shared


def as_shown(client: Client, path: str) -> str:
    """The path with the signature that the page of who is logged in there holds, or the page of a shared link."""
    request = RequestFactory().get(path)
    request.user = User.objects.filter(pk=client.session.get("_auth_user_id")).first() or AnonymousUser()
    if path.startswith("/s/"):
        shared = find_shared(path.split("/")[2])
        holder_is(request, f"link {shared.link.code if shared else 'that is none'}")
    return media_url(request, path)
