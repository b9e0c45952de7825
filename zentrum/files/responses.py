import logging
from collections.abc import Iterable

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zentrum.files.models import StoredFile

logger = logging.getLogger(__name__)


def download(stored_file: StoredFile) -> FileResponse:
    """The file as a download that no browser shows or runs. The caller has checked who may.

    Raises Http404 when the content is gone from the storage.
    """
    try:
        content = stored_file.content.open("rb")
    except FileNotFoundError as error:
        logger.exception("File %s is missing in the storage", stored_file.pk)
        raise Http404(_("This file is no longer available.")) from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=stored_file.name,
        content_type=stored_file.content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


def attachment(content: bytes | Iterable[bytes], name: str, content_type: str) -> HttpResponseBase:
    """A download that was made just now and that no browser keeps."""
    kind = HttpResponse if isinstance(content, bytes) else StreamingHttpResponse
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return kind(content, content_type=content_type, headers=headers)
