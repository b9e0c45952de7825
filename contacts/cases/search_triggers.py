"""Triggers that keep `SearchDocument` up to date, whoever writes a case or a message, and how."""

import pgtrigger

WHOLE_DOCUMENT = """
    UPDATE contacts_searchdocument AS document
    SET text = concat_ws(' ', matter.search_text, (
        SELECT string_agg(message.search_text, ' ' ORDER BY message.id)
        FROM contacts_message AS message WHERE message.case_id = matter.id
    ))
    FROM contacts_case AS matter
    WHERE matter.id = {case_id} AND document.case_id = matter.id;
    RETURN NULL;
"""

BOTH_DOCUMENTS = WHOLE_DOCUMENT.replace(
    "matter.id = {case_id}", "matter.id IN (OLD.case_id, NEW.case_id)"
)

CASE_TRIGGERS = [
    pgtrigger.Trigger(
        name="search_document_begins",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="""
            INSERT INTO contacts_searchdocument (case_id, text)
            VALUES (NEW.id, NEW.search_text);
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="search_document_changes",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.search_text IS DISTINCT FROM NEW.search_text"),
        func=WHOLE_DOCUMENT.format(case_id="NEW.id"),
    ),
]

MESSAGE_TRIGGERS = [
    pgtrigger.Trigger(
        name="search_document_grows",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.search_text <> ''"),
        func="""
            UPDATE contacts_searchdocument SET text = text || ' ' || NEW.search_text
            WHERE case_id = NEW.case_id;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="search_document_changes",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.search_text IS DISTINCT FROM NEW.search_text"),
        func=WHOLE_DOCUMENT.format(case_id="NEW.case_id"),
    ),
    pgtrigger.Trigger(
        name="search_document_moves",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.case_id IS DISTINCT FROM NEW.case_id"),
        func=BOTH_DOCUMENTS,
    ),
    pgtrigger.Trigger(
        name="search_document_shrinks",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=WHOLE_DOCUMENT.format(case_id="OLD.case_id"),
    ),
]
