"""The words that the demo town's office found to mean the same."""

from projects.models import Synonym, SynonymGroup
from projects.similar.words import key_of

WORDS = [
    ("Sitzbank", "Bank", "Sitzgelegenheit", "Sitzplatz", "Ruheplatz"),
    ("Radweg", "Fahrradweg", "Radspur", "Veloweg"),
    ("Fahrradbügel", "Fahrradständer", "Radständer", "Radbügel"),
    ("Mülleimer", "Abfallkorb", "Papierkorb", "Abfalleimer", "Müllkorb"),
    ("Toilette", "WC", "Klo", "Sanitäranlage"),
    ("WLAN", "Internet", "WiFi", "Hotspot"),
    ("Beleuchtung", "Licht", "Laterne", "Lampe"),
    ("Lieferrad", "Lastenrad", "Transportrad"),
    ("Gutschein", "Geschenkkarte", "Stadtkarte"),
]


def build_synonyms() -> None:
    for words in WORDS:
        group = SynonymGroup.objects.create()
        Synonym.objects.bulk_create(
            [Synonym(group=group, word=word, key=key_of(word)) for word in words]
        )
