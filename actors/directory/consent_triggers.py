"""Triggers that keep people out of the public directory, whoever writes a row, and how.

A constraint cannot look into another table. Both lock the actor's row, so that a consent and a
change of the kind at the same moment find each other.
"""

import pgtrigger

REFUSAL = "RAISE EXCEPTION 'A person is not listed in public' USING ERRCODE = 'check_violation';"

CONSENT_OF_NO_PERSON = pgtrigger.Trigger(
    name="not_of_a_person",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("kind_now", "text")],
    condition=pgtrigger.Condition(
        "NEW.purpose IN ('directory', 'contact_data') AND NEW.withdrawn_on IS NULL"
    ),
    func=f"""
        SELECT kind INTO kind_now FROM actors_actor WHERE id = NEW.actor_id FOR SHARE;
        IF kind_now = 'person' THEN {REFUSAL} END IF;
        RETURN NEW;
    """,  # noqa: S608 - a constant text, nobody's input
)
LISTED_IS_NO_PERSON = pgtrigger.Trigger(
    name="listed_is_no_person",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("NEW.kind = 'person' AND OLD.kind <> 'person'"),
    func=f"""
        IF EXISTS (
            SELECT FROM actors_consent WHERE actor_id = NEW.id AND withdrawn_on IS NULL
            AND purpose IN ('directory', 'contact_data')
        ) THEN {REFUSAL} END IF;
        RETURN NEW;
    """,
)
