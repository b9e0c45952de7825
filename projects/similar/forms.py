import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.programme.versions import VersionForm
from projects.similar.models import LONGEST_WORD, SynonymGroup
from projects.similar.words import key_of

MOST_WORDS = 30


class SynonymForm(VersionForm):
    words = forms.CharField(
        label=gettext_lazy("Words that mean the same"),
        max_length=MOST_WORDS * (LONGEST_WORD + 2),
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy(
            "One word a line, such as: Sitzbank, Bank, Sitzgelegenheit. Singular is enough."
        ),
    )

    def __init__(self, *args: Any, group: SynonymGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if group.pk:
            self.initial = {"words": group.words, "version": group.version}

    def clean_words(self) -> str:
        written = re.split(r"[,;\n]", self.cleaned_data["words"])
        words = [word.strip() for word in written if word.strip()]
        if len(words) > MOST_WORDS:
            raise ValidationError(_("At most %(most)s words.") % {"most": MOST_WORDS})
        for word in words:
            if len(word) > LONGEST_WORD or " " in word or len(key_of(word)) < 2:
                message = _("“%(word)s” is not a single word: please write one word a line.")
                raise ValidationError(message % {"word": word[:LONGEST_WORD]})
        return "\n".join(words)
