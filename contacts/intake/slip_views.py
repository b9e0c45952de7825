"""The slip with reference, code and QR code, for people without e-mail."""

import io

import qrcode
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from qrcode.image.svg import SvgPathFillImage

from contacts.cases.links import case_of_status, status_url
from zentrum.common.links import absolute


@login_not_required
@never_cache
def slip(request: HttpRequest, signed: str) -> HttpResponse:
    if not (case := case_of_status(signed)):
        raise Http404
    context = {
        "case": case,
        "signed": signed,
        "phone": case.owner.phone or case.centre.town.phone,
        "lookup_url": absolute(reverse("contacts:status_lookup")),
    }
    response = render(request, "contacts/intake/slip.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_not_required
@never_cache
def slip_qr(request: HttpRequest, signed: str) -> HttpResponse:
    """The status page's address as a QR code (SVG, black on white)."""
    if not (case := case_of_status(signed)):
        raise Http404
    code = qrcode.make(status_url(case), image_factory=SvgPathFillImage, border=4)
    content = io.BytesIO()
    code.save(content)
    return HttpResponse(content.getvalue(), content_type="image/svg+xml")
