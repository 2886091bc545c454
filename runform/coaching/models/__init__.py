from runform.coaching.models.library import Drill, TipTemplate
from runform.coaching.models.notes import FrameNote, VoiceNote
from runform.coaching.models.notices import Delivery, Notification, NotificationChoice, Occasion
from runform.coaching.models.remarks import Answer, Comment, Remark, SecondReading, Subject, Verdict
from runform.coaching.models.review import DrillTick, Publication, RefilmRequest, Review, State

__all__ = [
    "Answer",
    "Comment",
    "Delivery",
    "Drill",
    "DrillTick",
    "FrameNote",
    "Notification",
    "NotificationChoice",
    "Occasion",
    "Publication",
    "RefilmRequest",
    "Remark",
    "Review",
    "SecondReading",
    "State",
    "Subject",
    "TipTemplate",
    "Verdict",
    "VoiceNote",
]
