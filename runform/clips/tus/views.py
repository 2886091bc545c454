import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from runform.accounts.http import UserRequest
from runform.clips.forms import MetadataForm
from runform.clips.models import Upload
from runform.clips.selectors import form_checks_editable_by, uploads_editable_by
from runform.clips.services import UploadRefusedError
from runform.clips.tus import protocol, services
from runform.clips.tus.parts import Arriving
from runform.core.storage import FileTooLargeError, StorageFullError


@require_http_methods(["OPTIONS", "POST"])
@login_required
@protocol.speaks_tus
def upload_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Agree on a clip before its bytes come."""
    check = get_object_or_404(form_checks_editable_by(request.user), code=code)
    form = MetadataForm(protocol.metadata(request))
    if not form.is_valid():
        return _refused(form.trouble(), 400)
    said = form.cleaned_data
    size, name = protocol.whole_number(request, "Upload-Length"), said.pop("filename")
    try:
        upload = services.upload_begin(form_check=check, name=name, size_bytes=size, **said)
    except UploadRefusedError as error:
        return _refused(str(error), 413)
    headers = protocol.progress_headers(upload.offset_bytes, upload.expires_at)
    return HttpResponse(status=201, headers={**headers, "Location": reverse("upload", args=[upload.code])})


@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE", "POST"])
@login_required
@protocol.speaks_tus
def upload(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """How much has arrived, the next bytes, or never mind."""
    upload = get_object_or_404(uploads_editable_by(request.user), code=code)
    match protocol.method_of(request):
        case "HEAD":
            headers = protocol.progress_headers(upload.offset_bytes, upload.expires_at)
            return HttpResponse(headers={**headers, "Upload-Length": str(upload.size_bytes)})
        case "PATCH":
            return _append(request, upload)
        case "DELETE":
            services.upload_discard(upload=upload)
            return HttpResponse(status=204)
    return HttpResponseNotAllowed(["OPTIONS", "HEAD", "PATCH", "DELETE"])


def _append(request: UserRequest, upload: Upload) -> HttpResponse:
    if request.content_type != protocol.PART_TYPE:
        return HttpResponse(status=415)
    offset, checksum = protocol.whole_number(request, "Upload-Offset"), protocol.checksum(request)
    try:
        services.upload_append(upload=upload, body=Arriving(request), offset_bytes=offset, checksum=checksum)
    except services.OffsetError:
        return HttpResponse(status=409)
    except services.ChecksumError:
        return HttpResponse(status=protocol.CHECKSUM_MISMATCH)
    except FileTooLargeError:
        return _refused(_("This file is too large."), 413)
    except StorageFullError:
        # What came before is kept, and the sender tries again.
        return _refused(_("There is no room for more clips just now."), 507)
    return HttpResponse(status=204, headers=protocol.progress_headers(upload.offset_bytes, upload.expires_at))


def _refused(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
