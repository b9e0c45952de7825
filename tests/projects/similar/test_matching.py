"""Pairs of texts: what the office would call the same idea, and what it would not."""

import pytest

from projects.similar.matching import SIMILAR, Comparison, Text
from projects.similar.words import key_of, stems

GROUPS = [
    ("Sitzbank", "Bank", "Sitzgelegenheit", "Sitzplatz"),
    ("Radweg", "Fahrradweg", "Radspur"),
    ("Fahrradbügel", "Fahrradständer", "Radständer"),
    ("Mülleimer", "Abfallkorb", "Papierkorb"),
    ("Toilette", "WC", "Klo"),
    ("WLAN", "Internet", "Hotspot"),
    ("Lieferrad", "Lastenrad"),
    ("Gutschein", "Geschenkkarte"),
    ("Beleuchtung", "Licht", "Laterne"),
]
SAME = [
    # spelling
    ("Trinkbrunnen auf dem Marktplatz", "Trinkbrunen am Markt"),
    ("Fahradständer am Bahnhof", "Fahrradständer beim Bahnhof"),
    ("Öffentliche Toiletten", "Oeffentliche Toilette in der Markthalle"),
    ("Strassenfest im August", "Straßenfest"),
    ("E-Bike-Ladestation", "Ebike Ladestationen"),
    ("Bücherschrank", "Buecherschrank am Bahnhof"),
    ("Weihnachtsbeleuchtung", "Weihnachstbeleuchtung erneuern"),
    # German compounds, singular and plural
    ("Sitzbänke am Anger", "Mehr Bänke am Anger"),
    ("Ständer für Fahrräder", "Fahrradständer"),
    ("Bäume in der Lindenstraße", "Straßenbäume für die Lindenstraße"),
    ("Brunnen am Markt", "Trinkbrunnen auf dem Marktplatz"),
    ("Ein Kino am Anger", "Open-Air-Kino am Anger"),
    ("Spielgeräte für Kinder", "Spielgerät auf dem Anger"),
    ("Feierabendmarkt einmal im Monat", "Feierabend-Markt"),
    # words that the office knows
    ("Sitzgelegenheiten vor den Apotheken", "Bank vor der Apotheke"),
    ("Parkbänke für Senioren", "Sitzgelegenheiten für ältere Menschen"),
    ("Mehr Abfallkörbe in der Torgasse", "Mülleimer fehlen"),
    ("Radweg in der Bahnhofstraße", "Fahrradweg zum Bahnhof"),
    ("Kostenloses Internet auf dem Marktplatz", "WLAN auf dem Marktplatz"),
    ("Geschenkkarte für alle Läden", "Birkenfurter Gutschein"),
    ("Ein WC in der Innenstadt", "Öffentliche Toilette in der Markthalle"),
    ("Lastenrad zum Ausleihen", "Lieferrad für alle Geschäfte"),
    ("Mehr Licht in der Mühlgasse", "Beleuchtung der Mühlgasse"),
    # other order, other small words
    ("Schaufenster als Galerie", "Leere Schaufenster als Galerie"),
    ("Galerie in leeren Schaufenstern", "Leere Schaufenster als Galerie"),
    ("Lindenstraße: Tempo 20", "Tempo 20 in der Lindenstraße"),
    ("Schönere Innenstadt", "Die Innenstadt schöner gestalten"),
    ("Tempo-20-Zone Lindenstraße", "Tempo 20 in der Lindenstraße"),
]
UNLIKE = [
    ("Parkplatz am Anger", "Spielplatz am Anger"),
    ("Parkhaus unter dem Anger", "Open-Air-Kino am Anger"),
    ("Mehr Bäume auf dem Marktplatz", "WLAN auf dem Marktplatz"),
    ("Trinkbrunnen auf dem Marktplatz", "Feierabendmarkt auf dem Marktplatz"),
    ("Bücherschrank am Bahnhof", "Ein Kaffeekiosk am Bahnhof"),
    ("Weihnachtsmarkt am Anger", "Weihnachtsbeleuchtung in der Lindenstraße"),
    ("Kirschbäume pflanzen", "Kirchturm beleuchten"),
    ("Neue Ideen für die Innenstadt", "Stadtplan zum Mitnehmen"),
    ("Hundewiese hinter der Mühle", "Blumenwiese am Kreisel"),
    ("Lieferrad für alle Geschäfte", "Gemeinsame Öffnungszeit aller Geschäfte"),
    ("Radweg in der Bahnhofstraße", "Bücherschrank in der Bahnhofstraße"),
    ("Stadtführung durch die Werkstätten", "Stadtplan zum Mitnehmen"),
    ("Laternenumzug im November", "Flohmarkt im November"),
    ("Mehr", "Mehr Abfallkörbe"),
    ("Idee", "Idee für den Markt"),
    ("", "Sitzbank"),
    ("Kinderfest auf dem Marktplatz", "Brunnen auf dem Marktplatz"),
    ("Straßencafé", "Straßenbäume"),
    ("Parkbank", "Parkhaus"),
    ("Sonnensegel für den Spielplatz", "Sonnenblumen am Rathaus"),
    ("Taubenplage am Rathaus", "Blumenkübel am Rathaus"),
    ("Freies Parken am Samstag", "Park pflegen"),
]


def meanings():
    """What the table of the office would say, from the words alone."""
    found = {}
    for group in GROUPS:
        for word in group:
            found[key_of(word)] = [key_of(other) for other in group]
    return found


def score(one, other, text="", other_text="", **places):
    known = meanings()
    wanted = Text(one, text, position=places.get("at"))
    words = {*wanted.words, *wanted.further}
    hit = {
        word: next(members for key, members in known.items() if word == key or _ends(word, key))
        for word in words
        if any(word == key or _ends(word, key) for key in known)
    }
    found = Text(other, position=places.get("other_at"))
    return Comparison(wanted, hit).score(found, stems(f"{other} {other_text}"))


def _ends(word, key):
    return len(key) > 3 and len(word) > len(key) + 2 and word.endswith(key)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_idea_is_found_either_way_round(one, other):
    assert (score(one, other), score(other, one)) >= (SIMILAR, SIMILAR)
    assert score(other, one) >= SIMILAR


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_another_idea_is_not_found(one, other):
    assert score(one, other) < SIMILAR
    assert score(other, one) < SIMILAR
