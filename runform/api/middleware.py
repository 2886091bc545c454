"""Every error under /api/ is a problem+json, also where no view of the API was reached."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from runform.api.problems import CONTENT_TYPE, problem, usual_text


class ApiProblemsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith("/api/v"):
            return response
        if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE) or response.streaming:
            return response
        plain = response.headers.get("Content-Type", "").startswith("text/plain")
        told = response.content.decode(errors="replace") if plain else ""
        found = problem(response.status_code, told or usual_text(response.status_code))
        for name in response.headers.keys() - {"Content-Type", "Content-Length"}:
            found.headers[name] = response.headers[name]
        return found
