"""Hand what stands in an answer form to the service that fits it."""

from typing import Any

from django.db import transaction

from contacts.consultations import services
from contacts.consultations.forms import AnswerForm
from contacts.consultations.models import Consultation
from zentrum.accounts.models import User
from zentrum.files import services as files


@transaction.atomic
def take_in(
    consultation: Consultation, data: dict[str, Any], *, via: str, by: User | None = None
) -> None:
    """Keep the files and the answer, both or neither.

    Raises ValidationError as the services do; "settled" when somebody was faster.
    """
    kept = [files.store(upload, user=by) for upload in data["files"]]
    given: dict[str, Any] = {"text": data["text"], "files": kept, "by": by}
    if data["decision"] == AnswerForm.TAKE_OVER:
        services.take_over(consultation, **given)
    elif data["decision"] == AnswerForm.REFUSE:
        services.refuse(consultation, **given)
    else:
        is_responsible = data["decision"] == AnswerForm.ANSWER
        services.answer(consultation, via=via, is_responsible=is_responsible, **given)
