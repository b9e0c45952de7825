"""Re-exports the models of the slices."""

from projects.ideas.models import Idea, IdeaFollower
from projects.pipeline.models import Milestone, Participant, ProgressNote, Project
from projects.programme.models import FieldOfAction

__all__ = [
    "FieldOfAction",
    "Idea",
    "IdeaFollower",
    "Milestone",
    "Participant",
    "ProgressNote",
    "Project",
]
