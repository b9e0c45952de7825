from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor
from projects.ideas.models import Idea
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from projects.pipeline.participants import Participant
from projects.pipeline.progress_notes import ProgressNote
from projects.programme.desks import desks_of, show_around
from projects.programme.forms import FieldFilterForm, GoalFilterForm
from projects.programme.versions import VersionForm, position_of
from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.common.forms import DateInput, PlaceField
from zentrum.office.models import Mandate

TEXT_LIMIT = 20000
RUNNING = "running"


class ProjectPublicFilterForm(FieldFilterForm):
    phase = forms.ChoiceField(
        label=_("Phase"),
        choices=[("", _("All")), (RUNNING, _("All running ones")), *Project.Phase.choices],
        required=False,
    )
    columns = FieldFilterForm.columns | {"light": "light"}
    field_order = ["q", "phase", "field", "goal", "light", "centre"]

    def narrow(self, projects: Any) -> Any:
        projects = self.narrow_columns(projects)
        if words := self.cleaned_data.get("q"):
            projects = projects.matching(words)
        if not (phase := self.cleaned_data.get("phase")):
            return projects
        return projects.running() if phase == RUNNING else projects.filter(phase=phase)


class ProjectFilterForm(ProjectPublicFilterForm, GoalFilterForm):
    light = forms.ChoiceField(
        label=_("Traffic light"), choices=[("", _("All")), *Project.Light.choices], required=False
    )


class ProjectForm(VersionForm, forms.ModelForm):
    summary = forms.CharField(
        label=_("What it is about"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea,
        help_text=_("In plain words, for everybody."),
    )
    position = PlaceField(required=False)

    class Meta:
        model = Project
        fields = [
            "title",
            "summary",
            "field_of_action",
            "lead",
            "place",
            "starts_on",
            "ends_on",
            "is_public",
        ]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    field_order = [*Meta.fields[:5], "position", *Meta.fields[5:]]

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["lead"].queryset = _possible_leads(user, self.instance)
        if self.instance.pk:
            show_around(self.fields["position"], self.instance.centre)
            self.initial.update(version=self.instance.version, position=position_of(self.instance))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end lies before the start."))
        return values

    def changes(self) -> dict[str, Any]:
        """The fields of the row, ready for the service."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        latitude, longitude = self.cleaned_data["position"] or (None, None)
        return {**values, "latitude": latitude, "longitude": longitude}


def _possible_leads(user: User, project: Project) -> Any:
    """Who works at the desks that the user leads, and who leads the project now."""
    carriers = {m.carrier_id for m in user.current_mandates if m.role in LEADING}
    mandates = Mandate.objects.current(timezone.localdate())
    colleagues = mandates.filter(carrier__in=carriers, role__in=OFFICE).values("user")
    people = User.objects.filter(pk__in=colleagues, is_active=True)
    if project.lead_id:
        people |= User.objects.filter(pk=project.lead_id)
    return people.order_by("name", "pk")


class ProjectCreateForm(ProjectForm):
    ideas = forms.ModelMultipleChoiceField(
        Idea.objects.none(),
        label=_("Ideas it grows from"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Accepted ideas. Who follows them hears of the project."),
        required=False,
    )
    desk = forms.ChoiceField(label=_("Desk"))

    field_order = ["ideas", *ProjectForm.field_order, "desk"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        accepted = Idea.objects.led_by(self.user).filter(state=Idea.State.ACCEPTED)
        self.fields["ideas"].queryset = accepted.order_by("-pk")
        self.desks = {desk.key: desk for desk in desks_of(self.user)}
        self.fields["desk"].choices = [(desk.key, str(desk)) for desk in self.desks.values()]
        show_around(self.fields["position"], next((d.centre for d in self.desks.values()), None))
        self.initial.setdefault("lead", self.user.pk)
        self.initial.setdefault("starts_on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        desk = self.desks.get(values.get("desk", ""))
        for idea in values.get("ideas") or ():
            if desk and (idea.carrier_id, idea.centre_id) != (desk.carrier.pk, desk.centre.pk):
                text = _("The idea %(reference)s belongs to another desk.")
                self.add_error("ideas", ValidationError(text, params=vars(idea)))
        return values

    def changes(self) -> dict[str, Any]:
        desk = self.desks[self.cleaned_data["desk"]]
        return super().changes() | {"centre": desk.centre, "carrier": desk.carrier}


class IdeaJoinForm(forms.Form):
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Running project"), empty_label=_("Please choose")
    )

    def __init__(self, *args: Any, idea: Idea, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        running = Project.objects.led_by(user).running().defer("search_text", "likeness", "summary")
        desk = {"carrier": idea.carrier_id, "centre": idea.centre_id}
        self.projects = running.filter(**desk).order_by("title", "pk")
        self.fields["project"].queryset = self.projects


class ProjectMoveForm(VersionForm):
    to = forms.ChoiceField(label=_("New phase"), choices=Project.Phase.choices)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=5000,
        widget=forms.Textarea,
        required=False,
        help_text=_(
            "Needed when the project is paused or cancelled, and always when it has a public page:"
            " everybody reads it there, and who follows the project gets it by mail."
        ),
    )

    field_order = ["to", "reason"]

    def __init__(self, *args: Any, instance: Project, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = instance.version
        self.fields["reason"].required = instance.is_public
        names = dict(Project.Phase.choices)
        self.fields["to"].choices = [(phase, names[phase]) for phase in instance.next_phases]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("to", "") in Project.STOPPED_PHASES and not values.get("reason"):
            self.add_error("reason", _("Please give the reason why the project stops."))
        return values


class ProjectLightForm(VersionForm, forms.ModelForm):
    class Meta:
        model = Project
        fields = ["light", "light_sentence"]
        widgets = {"light": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("light") != Project.Light.GREEN and not values.get("light_sentence"):
            text = _("Say in one sentence why the project is not on course.")
            self.add_error("light_sentence", text)
        return values


class MilestoneForm(forms.ModelForm):
    actor = ActorChoice(
        label=_("Responsible actor"),
        required=False,
        help_text=_("An actor of the directory instead of a colleague: type the name."),
    )
    after = forms.ModelMultipleChoiceField(
        Milestone.objects.none(),
        label=_("Comes after"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What has to be reached first. If it is late, this is expected later, too."),
    )

    class Meta:
        model = Milestone
        fields = ["title", "starts_on", "planned_on", "reached_on", "person", "actor", "is_public"]
        widgets = {"starts_on": DateInput, "planned_on": DateInput, "reached_on": DateInput}
        help_texts = {
            "starts_on": _("Only for a task that takes several days."),
            "reached_on": _("Empty as long as it is not reached."),
            "person": _("Whom the office reminds. Empty: whoever leads the project."),
        }

    field_order = ["title", "starts_on", "planned_on", "after", "person", "actor", "reached_on"]

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        project = self.instance.project
        self.fields["actor"].queryset = _possible_actors(user, self.instance)
        self.fields["person"].queryset = _people_of(project, self.instance.person_id)
        others = project.milestones.exclude(pk=self.instance.pk)
        if not others.exists():
            del self.fields["after"]
            return
        self.fields["after"].queryset = others
        if self.instance.pk:
            self.initial["after"] = list(self.instance.waits_for.values_list("earlier", flat=True))

    def clean_reached_on(self):
        day = self.cleaned_data["reached_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This date lies in the future."))
        return day

    @property
    def after_steps(self) -> Any:
        """What was ticked; None when there is nothing to tick."""
        return self.cleaned_data.get("after")


def _possible_actors(user: User, milestone: Milestone) -> Any:
    actors = Actor.objects.visible_to(user).active()
    if milestone.actor_id:
        actors |= Actor.objects.filter(pk=milestone.actor_id)
    return actors


def _people_of(project: Project, chosen: int | None) -> Any:
    """Who works at the desk of the project, and who was chosen already."""
    mandates = Mandate.objects.current(timezone.localdate()).for_desk(
        project.carrier_id, project.centre_id
    )
    colleagues = User.objects.filter(
        pk__in=mandates.filter(role__in=OFFICE).values("user"), is_active=True
    )
    if chosen:
        colleagues |= User.objects.filter(pk=chosen)
    return colleagues.order_by("name", "pk")


class ProgressNoteForm(forms.ModelForm):
    text = forms.CharField(label=_("What happened"), max_length=TEXT_LIMIT, widget=forms.Textarea)

    class Meta:
        model = ProgressNote
        fields = ["text", "is_public"]


class ParticipantForm(forms.ModelForm):
    actor = ActorChoice(label=_("Who?"), help_text=_("An actor of the directory: type the name."))

    class Meta:
        model = Participant
        fields = ["actor", "function"]
        help_texts = {"function": _("Such as partner, host or sponsor.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Actor.objects.visible_to(user).active()
