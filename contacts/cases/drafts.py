"""What a person has begun to answer: text, recipients and files, kept until sent or discarded."""

from collections.abc import Collection, Iterable
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from contacts.cases.messages import Attachment, Message, ReplyDraft
from contacts.cases.models import Case
from zentrum.accounts.models import User
from zentrum.files import services as files
from zentrum.files.models import StoredFile


def of(user: User, case: Case) -> ReplyDraft | None:
    """The person's own draft: nobody ever sees another one."""
    return ReplyDraft.objects.filter(user=user, case=case).first()


def save(user: User, case: Case, **words: str) -> ReplyDraft:
    """Keep `text`, `to` and `cc`, whichever is given; NULL bytes are left out."""
    clean = {name: word.replace("\0", "") for name, word in words.items()}
    draft, _new = ReplyDraft.objects.update_or_create(user=user, case=case, defaults=clean)
    return draft


@transaction.atomic
def keep_files(draft: ReplyDraft, uploads: Iterable[UploadedFile], only: Collection[int]) -> None:
    """Store uploads with the draft; of those that it has, `only` these stay."""
    lost = draft.files.exclude(pk__in=only)
    _delete([file for file in lost if not _is_used(file, draft)], draft)
    draft.files.set(draft.files.filter(pk__in=only))
    draft.files.add(*[files.store(upload, user=draft.user) for upload in uploads])


@transaction.atomic
def discard(user: User, case: Case) -> None:
    """Forget the draft, and its files unless they were sent."""
    if draft := of(user, case):
        kept = [file for file in draft.files.all() if not _is_used(file, draft)]
        _delete(kept, draft)
        draft.delete()


def is_sent(case: Case, user: User, text: str) -> bool:
    """The last save of a draft may arrive after the answer was sent: it must not come back."""
    sent = case.messages.filter(kind=Message.Kind.OUTGOING, author=user).order_by("-pk").first()
    return sent is not None and sent.text.split() == text.split()


def _is_used(file: StoredFile, draft: ReplyDraft) -> bool:
    """An answer carries it, or another draft holds it since it was taken back."""
    others = ReplyDraft.objects.filter(files=file).exclude(pk=draft.pk)
    return Attachment.objects.filter(file=file).exists() or others.exists()


def _delete(unused: list[StoredFile], draft: ReplyDraft) -> None:
    draft.files.remove(*unused)
    for stored in unused:
        content = stored.content
        stored.delete()
        transaction.on_commit(partial(content.storage.delete, str(content.name)))
