from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "runform.reports"
