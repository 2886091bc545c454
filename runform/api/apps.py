from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "runform.api"

    def ready(self) -> None:
        from runform.api.webhooks.events import event_note
        from runform.core import events

        events.listen(event_note)
