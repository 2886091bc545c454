from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "runform.api"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset

        from runform.api.tokens import tokens_end
        from runform.api.webhooks.events import event_note
        from runform.core import events

        events.listen(event_note)
        password_changed.connect(tokens_end)
        password_reset.connect(tokens_end)
