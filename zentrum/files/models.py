from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zentrum.common.models import TimeStampedModel


class StoredFile(TimeStampedModel):
    """An uploaded file, kept once per upload, with its SHA-256.

    It has no address of its own: the page that shows it checks who may download it.
    """

    content = models.FileField(upload_to="%Y/%m/", max_length=200)
    name = models.CharField(_("File name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("Size in bytes"))
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: somebody without an account.",
    )

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name
