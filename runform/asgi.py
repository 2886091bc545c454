"""The web process: ``uvicorn runform.asgi:application``."""

import gc
import os
import tempfile
from shutil import disk_usage

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "runform.settings")
# Its threads stay, and so do their connections; a worker opens one for each task.
os.environ.setdefault("RUNFORM_DATABASE_KEEP_SECONDS", "60")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - only after Django is set up
from django.urls import get_resolver  # noqa: E402

from runform.api.access import holds_token  # noqa: E402
from runform.core.asgi import Scope  # noqa: E402
from runform.core.body_limit import BodyLimit, is_logged_in  # noqa: E402
from runform.core.handler import ThreadsHandler  # noqa: E402
from runform.core.kept_body import KeptBody  # noqa: E402

django_application = ThreadsHandler()

# Where Django spools bodies on their way: /tmp is often small, and a plain form may carry a whole clip.
tempfile.tempdir = str(settings.FILE_UPLOAD_TEMP_DIR)


def is_known(scope: Scope) -> bool:
    return is_logged_in(scope) or holds_token(scope)


def free_bytes() -> int:
    return disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free


kept = KeptBody(django_application, settings.LIMITS.body_silent_s)
application = BodyLimit(kept, settings.LIMITS, is_known, free_bytes)

# What is loaded by now stays for ever.  Were it looked through for rubbish again and again, now and then a page would
# wait a fifth of a second for it.
get_resolver().url_patterns  # noqa: B018 - loads the views
gc.collect()
gc.freeze()
