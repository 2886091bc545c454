"""The drawn pictures in a format that loses nothing when it is edited further."""

import io

from PIL import Image

from runform.reports.models import AnnotatedFrame


def png(frame: AnnotatedFrame) -> bytes:
    content = io.BytesIO()
    with frame.image.open("rb") as file, Image.open(file) as picture:
        picture.save(content, "PNG")
    return content.getvalue()
