from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from runform.coaching.selectors.agreement import Agreement, agreement_of, kappa_of
from runform.reports.rows import SPECS, view_label


@require_safe
def metric_agreement(request: HttpRequest, key: str) -> HttpResponse:
    """How often coaches agreed with the app on a metric: a page, and a fragment of the page of the metric."""
    if key not in SPECS:
        raise Http404
    kappa = kappa_of(key)
    context = {
        "spec": SPECS[key],
        "views": [_line(one) for one in agreement_of(key)],
        "kappa": kappa,
        "least": settings.LIMITS.agreement_min,
    }
    whole = not request.headers.get("HX-Request")
    return render(request, "coaching/agreement.html" if whole else "coaching/_agreement.html", context)


def _line(found: Agreement) -> dict[str, object]:
    """Percentages for people; nothing below the least number, not even the counts."""
    line: dict[str, object] = {"label": view_label(found.view), "enough": found.share is not None}
    if found.share is None:
        return line
    low, high = found.share.interval
    return line | {
        "found": found,
        "pct": round(100 * found.share.value),
        "low": round(100 * low),
        "high": round(100 * high),
    }
