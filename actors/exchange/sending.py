from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header


def attachment(content: bytes | Iterable[bytes], name: str, content_type: str) -> HttpResponseBase:
    """A download that was made just now and that no browser keeps."""
    kind = HttpResponse if isinstance(content, bytes) else StreamingHttpResponse
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return kind(content, content_type=content_type, headers=headers)
