from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zentrum.common.models import TimeStampedModel, keep_history

LONGEST_WORD = 60


@keep_history()
class SynonymGroup(TimeStampedModel):
    """Words that mean the same to the office when it looks for similar ideas (Synonyme).

    One list for the whole town: its language does not end at a desk.
    """

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("words with the same meaning")
        verbose_name_plural = _("words with the same meaning")
        ordering = ["pk"]

    def __str__(self) -> str:
        return ", ".join(synonym.word for synonym in self.synonyms.all())

    def get_absolute_url(self) -> str:
        return reverse("projects:synonym_update", args=[self.pk])

    @property
    def words(self) -> str:
        """One word a line, as the form shows them."""
        return "\n".join(synonym.word for synonym in self.synonyms.all())


@keep_history()
class Synonym(models.Model):
    """One word of a group. No word stands in two groups, in whatever form it is written."""

    group = models.ForeignKey(SynonymGroup, on_delete=models.CASCADE, related_name="synonyms")
    word = models.CharField(_("Word"), max_length=LONGEST_WORD)
    key = models.CharField(
        max_length=LONGEST_WORD * 2,  # ß becomes ss
        unique=True,
        editable=False,
        help_text="The stem of the word in the spelling of `projects.ideas.spelling`.",
    )

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="synonym_has_key", condition=~Q(key=""))]

    def __str__(self) -> str:
        return self.word
