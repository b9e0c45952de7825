"""What the import linter cannot see: a relation to an upper app by string."""

import pytest
from django.apps import apps

BOTTOM_UP = ["accounts", "office", "files", "mail", "actors", "projects", "contacts"]


@pytest.mark.parametrize("app_label", BOTTOM_UP)
def test_relations_point_down(app_label):
    above = BOTTOM_UP[BOTTOM_UP.index(app_label) + 1 :]

    for model in apps.get_app_config(app_label).get_models():
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                assert field.related_model._meta.app_label not in above, field


def test_every_app_with_models_has_its_floor():
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in ("zentrum", "actors", "projects", "contacts")
        and any(config.get_models())
    }

    assert ours == set(BOTTOM_UP)
