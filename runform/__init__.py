"""The web application: Django project and home of all apps."""

# Loaded with Django, so that a message sent from any thread of the web finds the broker.
from runform.celery import app as celery_app

__all__ = ["celery_app"]
