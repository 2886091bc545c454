"""Who opened somebody else's media is written down, whichever page they used."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from runform.clubs.audit import looks_noted, looks_record


class ViewerLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with looks_noted() as looks:
            response = self.get_response(request)
        if response.status_code < 400:
            looks_record(looks)
        return response
