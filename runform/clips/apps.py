from django.apps import AppConfig


class ClipsConfig(AppConfig):
    name = "runform.clips"
