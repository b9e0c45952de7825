from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor, Address
from actors.duplicates.merging import FIELDS
from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING
from zentrum.office.mandates import within_centres

KEPT, MERGED = "kept", "merged"


class TwinForm(forms.Form):
    """Which actor is the same as this one?"""

    other = ActorChoice(
        label=_("Which actor is the same?"),
        help_text=_("An actor of the directory: type the name."),
    )

    def __init__(self, data: Any, *, actor: Actor, user: User):
        super().__init__(data)
        choosable = Actor.objects.filter(within_centres(user, LEADING), merged_into__isnull=True)
        self.fields["other"].queryset = choosable.exclude(pk=actor.pk)


class MergeForm(forms.Form):
    """One choice for each field in which the two differ; the rest is united by itself."""

    kept_version = forms.IntegerField(widget=forms.HiddenInput)
    merged_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, kept: Actor, merged: Actor):
        versions = {"kept_version": kept.version, "merged_version": merged.version}
        super().__init__(data, initial=versions)
        self.kept, self.merged = kept, merged
        for name in FIELDS:
            field: Any = Actor._meta.get_field(name.removesuffix("_id"))
            self._offer(name, field.verbose_name, self._text(kept, name), self._text(merged, name))
        self._offer("address", _("Address on the map"), _main(kept), _main(merged))

    def _offer(self, name: str, label: Any, kept: Any, merged: Any) -> None:
        if str(kept) == str(merged):
            return
        choices = [(KEPT, str(kept) or _("(nothing)")), (MERGED, str(merged) or _("(nothing)"))]
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.RadioSelect,
            initial=KEPT if str(kept) else MERGED,
        )

    @staticmethod
    def _text(actor: Actor, name: str) -> Any:
        return actor.centre if name == "centre_id" else getattr(actor, name)

    @property
    def choices(self) -> list[forms.BoundField]:
        return self.visible_fields()

    @property
    def values(self) -> dict[str, Any]:
        """What the kept actor is called from now on."""
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        rows = {KEPT: self.kept, MERGED: self.merged}
        return {name: getattr(rows[choice], name) for name, choice in given.items()}

    @property
    def main_address(self) -> Address | None:
        if self.cleaned_data.get("address") != MERGED:
            return None
        return self.merged.addresses.filter(is_main=True).first()

    @property
    def versions(self) -> tuple[int, int]:
        return self.cleaned_data["kept_version"], self.cleaned_data["merged_version"]


def _main(actor: Actor) -> str:
    return str(actor.addresses.filter(is_main=True).first() or "")
