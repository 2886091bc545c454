"""The web process: ``uvicorn runform.asgi:application``."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "runform.settings")

django_application = get_asgi_application()

from django.conf import settings  # noqa: E402 - only after Django is set up

from runform.core.body_limit import BodyLimit  # noqa: E402

application = BodyLimit(django_application, settings.LIMITS)
