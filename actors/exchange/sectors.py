"""Sectors for the categories of a source; those of OpenStreetMap extracts have German names."""

import hashlib
from collections.abc import Iterable

from django.db.models import Q
from django.utils.text import slugify

from actors.directory.models import Sector
from zentrum.common.text import normalise

# category: name of the sector, one place of it. Data of the office, German as its other data.
GERMAN: dict[str, tuple[str, str]] = {
    "art-galleries": ("Kunst und Galerien", "Kunstort"),
    "bars": ("Bars", "Bar"),
    "beer-gardens": ("Biergärten", "Biergarten"),
    "bicycle-rentals": ("Fahrradverleih", "Fahrradverleih"),
    "bus-stops": ("Bushaltestellen", "Bushaltestelle"),
    "cafes": ("Cafés", "Café"),
    "childcare": ("Kinderbetreuung", "Kinderbetreuung"),
    "cinemas": ("Kinos", "Kino"),
    "clinics": ("Kliniken", "Klinik"),
    "community-centers": ("Nachbarschaftstreffs", "Nachbarschaftstreff"),
    "convenience-stores": ("Kioske und Spätkauf", "Kiosk"),
    "doctors": ("Arztpraxen", "Arztpraxis"),
    "fast-food-restaurants": ("Imbisse", "Imbiss"),
    "fire-stations": ("Feuerwehr", "Feuerwache"),
    "fitness-centers": ("Fitnessstudios", "Fitnessstudio"),
    "food-courts": ("Markthallen und Imbissplätze", "Imbissplatz"),
    "ice-cream-parlours": ("Eiscafés", "Eiscafé"),
    "kindergartens": ("Kindertagesstätten", "Kita"),
    "libraries": ("Bibliotheken", "Bibliothek"),
    "marketplaces": ("Märkte", "Markt"),
    "museums": ("Museen", "Museum"),
    "nightclubs": ("Clubs", "Club"),
    "offices": ("Büros und Verwaltungen", "Büro"),
    "pharmacies": ("Apotheken", "Apotheke"),
    "places-of-worship": ("Kirchen und Gebetsräume", "Gebetsraum"),
    "playgrounds": ("Spielplätze", "Spielplatz"),
    "police-stations": ("Polizei", "Polizeiwache"),
    "post-offices": ("Postfilialen", "Postfiliale"),
    "pubs": ("Kneipen", "Kneipe"),
    "restaurants": ("Restaurants", "Restaurant"),
    "sbahn-stops": ("S-Bahn-Stationen", "S-Bahn-Station"),
    "schools": ("Schulen", "Schule"),
    "sport-centers": ("Sportstätten", "Sportstätte"),
    "supermarkets": ("Supermärkte", "Supermarkt"),
    "theaters": ("Theater", "Theater"),
    "tram-stops": ("Straßenbahnhaltestellen", "Straßenbahnhaltestelle"),
    "ubahn-stops": ("U-Bahn-Stationen", "U-Bahn-Station"),
}


def name_of(category: str) -> str:
    return GERMAN.get(category, (category, category))[0]


def unnamed_place(category: str, street: str) -> str:
    """What the office calls a place without a name: "Café ohne Namen, Turmstraße 3"."""
    one = GERMAN.get(category, (category, category))[1]
    name = f"{one} ohne Namen" if one else "Ort ohne Namen"
    return (f"{name}, {street}" if street else name)[:200]


def slug_of(category: str) -> str:
    if slug := slugify(normalise(category))[:100]:
        return slug
    return "branche-" + hashlib.sha256(category.encode()).hexdigest()[:12]


def ensure(categories: Iterable[str]) -> dict[str, Sector]:
    """The sector of each category; those that do not exist yet are created."""
    wanted = {category: (slug_of(category), name_of(category)) for category in categories}
    found = _find(wanted)
    missing = {slug: name for c, (slug, name) in wanted.items() if c not in found}
    if missing:
        new = [Sector(slug=slug, name=name) for slug, name in missing.items()]
        Sector.objects.bulk_create(new, ignore_conflicts=True)
        found = _find(wanted)
    return found


def _find(wanted: dict[str, tuple[str, str]]) -> dict[str, Sector]:
    slugs, names = {s for s, _ in wanted.values()}, {n for _, n in wanted.values()}
    sectors = list(Sector.objects.filter(Q(slug__in=slugs) | Q(name__in=names)))
    by_slug = {sector.slug: sector for sector in sectors}
    by_name = {sector.name: sector for sector in sectors}
    found = {c: by_slug.get(slug) or by_name.get(name) for c, (slug, name) in wanted.items()}
    return {category: sector for category, sector in found.items() if sector}
