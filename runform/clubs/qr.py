import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(url: str) -> SafeString:
    """A QR code as an inline picture, dark on white in either theme so that phones read it."""
    code = segno.make(url, error="m")
    return mark_safe(code.svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr"))
