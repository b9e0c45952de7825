"""What lies above the actors, reached by the names of the relations that lead back to them."""

from typing import Any

from actors.directory.models import Actor


def related(name: str) -> Any:
    """The model whose rows an actor finds under this name, such as "cases"."""
    return Actor._meta.get_field(name).related_model


def other_end(model: Any, name: str) -> Any:
    """The model on the other end of this model's relation."""
    return model._meta.get_field(name).related_model
