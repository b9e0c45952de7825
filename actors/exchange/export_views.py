from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.exchange import exporting
from actors.exchange.cards_writing import cards
from zentrum.accounts.requests import StaffRequest
from zentrum.files import xlsx
from zentrum.files.responses import attachment


@permission_required("actors.export_actor", raise_exception=True)
def actor_export(request: StaffRequest, ending: str) -> HttpResponseBase:
    """What the list under the same query shows, as .xlsx, .vcf or .geojson."""
    try:
        actors = exporting.whole(exporting.chosen_actors(request.GET, request.user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(f"{reverse('actors:actor_list')}?{request.GET.urlencode()}")
    name = f"{_('Actors')} {timezone.localdate():%Y-%m-%d}.{ending}"
    if ending == "xlsx":
        return attachment(exporting.workbook(actors), name, xlsx.TYPE)
    if ending == "vcf":
        host = request.get_host().partition(":")[0]
        return attachment(cards(actors, host), name, "text/vcard; charset=utf-8")
    return attachment(exporting.geojson(actors), name, "application/geo+json")
