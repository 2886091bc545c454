from django.apps import AppConfig


class CoachingConfig(AppConfig):
    name = "runform.coaching"

    def ready(self) -> None:
        from runform.coaching.marks import review_marks
        from runform.reports.progress.marks import register

        register(review_marks)
