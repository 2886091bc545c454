from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "runform.accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from runform.accounts.sessions import other_sessions_end

        authenticator_added.connect(other_sessions_end)
