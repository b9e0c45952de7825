"""Re-exports the models of the slices."""

from projects.ideas.models import Idea, IdeaFollower
from projects.pipeline.models import Milestone, Project
from projects.pipeline.participants import Participant
from projects.pipeline.progress_notes import ProgressNote
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
