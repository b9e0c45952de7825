from django.db import transaction

from actors.expertise.models import Expertise, FieldOfExpertise
from zentrum.common.text import normalise


@transaction.atomic
def save_expertise(row: Expertise, *, field_name: str) -> Expertise:
    """Save what an actor can help with; the field is created when no other is spelled alike.

    Raises ValidationError when the actor has this field already.
    """
    alike = FieldOfExpertise.objects.filter(search_text=normalise(field_name)).first()
    row.field = alike or FieldOfExpertise.objects.get_or_create(name=field_name)[0]
    row.full_clean()
    row.save()
    return row
