"""Re-exports the models of the office's modules."""

from zentrum.office.calendar import Absence, ClosingDay, OfficeHours, Weekday
from zentrum.office.mandates import Carrier, Mandate
from zentrum.office.places import Centre, Town
from zentrum.office.references import ReferenceCounter

__all__ = [
    "Absence",
    "Carrier",
    "Centre",
    "ClosingDay",
    "Mandate",
    "OfficeHours",
    "ReferenceCounter",
    "Town",
    "Weekday",
]
