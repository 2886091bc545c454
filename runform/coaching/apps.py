from django.apps import AppConfig


class CoachingConfig(AppConfig):
    name = "runform.coaching"

    def ready(self) -> None:
        from runform.coaching.marks import review_marks
        from runform.coaching.published import newest_review
        from runform.reports import published
        from runform.reports.progress import marks

        marks.register(review_marks)
        published.register(newest_review)
