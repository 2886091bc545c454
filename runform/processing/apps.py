from django.apps import AppConfig


class ProcessingConfig(AppConfig):
    name = "runform.processing"
