from django.urls import path

from runform.coaching.views import agreement, athlete, draft, library, moving, notes, queue, refilm, remarks, review

urlpatterns = [
    # The coach's desk
    path("coach/", queue.coach, name="coach"),
    path("checks/<uuid:code>/claim/", queue.review_claim, name="review_claim"),
    path("checks/<uuid:code>/review/", review.review, name="review"),
    path("reviews/<uuid:code>/release/", queue.review_release, name="review_release"),
    path("reviews/<uuid:code>/beat/", review.review_beat, name="review_beat"),
    path("reviews/<uuid:code>/due/", draft.review_due, name="review_due"),
    path("reviews/<uuid:code>/draft/", draft.review_draft, name="review_draft"),
    path("reviews/<uuid:code>/draft/text/", draft.review_draft_text, name="review_draft_text"),
    path("reviews/<uuid:code>/tip/", draft.review_tip, name="review_tip"),
    path("reviews/<uuid:code>/close/", draft.review_close, name="review_close"),
    path("reviews/<uuid:code>/history/", draft.review_history, name="review_history"),
    path("reviews/<uuid:code>/verdict/", remarks.verdict, name="verdict"),
    path("verdicts/<uuid:code>/withdraw/", remarks.verdict_withdraw, name="verdict_withdraw"),
    path("reviews/<uuid:code>/second/", remarks.second_reading, name="second_reading"),
    path("reviews/<uuid:code>/refilm/", refilm.refilm_new, name="refilm_new"),
    path("refilm/<uuid:code>/withdraw/", refilm.refilm_take_back, name="refilm_withdraw"),
    path("refilm/<uuid:code>/frame.jpg", refilm.refilm_frame, name="refilm_frame"),
    path("clips/<uuid:code>/move/", moving.clip_hand_over, name="clip_hand_over"),
    path("library/", library.library, name="library"),
    path("library/tips/new/", library.template_new, name="template_new"),
    path("library/tips/<uuid:code>/", library.template_edit, name="template_edit"),
    path("library/tips/<uuid:code>/delete/", library.template_delete, name="template_delete"),
    path("library/drills/new/", library.drill_new, name="drill_new"),
    path("library/drills/<uuid:code>/delete/", library.drill_delete, name="drill_delete"),
    # Coach and athlete
    path("checks/<uuid:code>/conversation/", remarks.conversation, name="conversation"),
    path("checks/<uuid:code>/comments/", remarks.comment_new, name="comment_new"),
    path("comments/<uuid:code>/remove/", remarks.comment_remove, name="comment_remove"),
    # Drawings and voice notes beside a clip
    path("reports/<uuid:code>/notes/", notes.report_notes, name="report_notes"),
    path("reports/<uuid:code>/notes/edit/", notes.report_notes_edit, name="report_notes_edit"),
    path("reports/<uuid:code>/drawings/<uuid:drawing>/", notes.drawing_save, name="drawing_save"),
    path("reports/<uuid:code>/voice/", notes.voice_new, name="voice_new"),
    path("voice/<uuid:code>/", notes.voice_file, name="voice_file"),
    path("voice/<uuid:code>/text/", notes.voice_change, name="voice_change"),
    path("voice/<uuid:code>/delete/", notes.voice_delete, name="voice_delete"),
    # The athlete
    path("checks/<uuid:code>/standing/", athlete.review_standing, name="review_standing"),
    path("publications/<uuid:code>/read/", athlete.review_read, name="review_read"),
    path("reviews/<uuid:code>/drill/", athlete.review_drill, name="review_drill"),
    # Everybody
    path("metrics/<slug:key>/agreement/", agreement.metric_agreement, name="metric_agreement"),
]
