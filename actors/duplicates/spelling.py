"""What of a name, a number or an address is left once its spelling is taken away."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from zentrum.common.text import normalise

LEGAL_FORMS = re.compile(
    r"\b(?:gmbh|ggmbh|mbh|ag|kg|ohg|ug|gbr|kgaa|se|eg|ev|ek|ekfm|ekfr|mbb|partg|partgmbb"
    r"|haftungsbeschraenkt|co|inh|inhaber|inhaberin|firma|fa)\b"
)
DOTTED = re.compile(r"\b(e|g)\.?\s?(k|v|g|kfm|kfr|u)\b\.?")  # e. K., e.V., eG
LETTERS = re.compile(r"[^a-z0-9]+")
LITTLE_WORDS = "am an auf bei beim das dem den der des die im in u und vom von zu zum zur"
# Words that say what somebody does, not who they are.
TRADE_WORDS = """
    anwalt anwaltskanzlei apotheke arzt arztpraxis atelier baeckerei bank bar bistro blumen
    blumenhaus boutique brauhaus buchhandlung buchladen buero cafe dent dipl doktor dr drogerie
    eiscafe eisdiele fahrschule feinkost fleischerei frau friseur friseursalon galerie gasthaus
    gasthof gaststaette geschaeft gruppe handel haus herr hotel imbiss ing kanzlei kino kiosk
    konditorei laden markt med metzgerei mode modehaus moden optik optiker pension physiotherapie
    pizzeria praxis prof rechtsanwalt reisebuero restaurant ristorante salon schneiderei schuhe
    schuhhaus schuhmacher service shop sparkasse steuerberater studio supermarkt tischlerei verein
    zahnarzt zahnarztpraxis
"""
LITTLE, TRADES = frozenset(LITTLE_WORDS.split()), frozenset(TRADE_WORDS.split())
BRANCH = frozenset({"aussenstelle", "filiale", "nebenstelle", "niederlassung", "zweigstelle"})
# Hosts of many: to share one says nothing.
PLATFORMS = ("facebook.com", "instagram.com", "google.com", "jimdofree.com", "linktr.ee")
STREETS = frozenset({"str", "strasse", "pl", "platz"})
SAME_SOUND = (
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("c", "k"),
    ("ey", "ei"),
    ("ay", "ei"),
    ("ai", "ei"),
    ("y", "i"),
    ("dt", "t"),
)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in search spelling, without its legal form."""
    text = LEGAL_FORMS.sub(" ", DOTTED.sub(" ", normalise(name)))
    return tuple(LETTERS.sub(" ", text).split()) or tuple(LETTERS.sub(" ", normalise(name)).split())


def own_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that tell one business from another: no trades, no little words."""
    return tuple(word for word in words if word not in TRADES and word not in LITTLE)


def sound_of(given_name: str) -> str:
    """A given name as one hears it: Stefan and Stephan, Torsten and Thorsten are the same."""
    text = LETTERS.sub(" ", normalise(given_name)).strip()
    for written, heard in SAME_SOUND:
        text = text.replace(written, heard)
    return text


def digits_of(number: str) -> str:
    """A phone number as the exchange dials it from inside the country; "" if too short."""
    text = number.strip().replace("(0)", "")
    digits = re.sub(r"[^0-9]", "", text)
    if text.startswith("+49"):
        digits = "0" + digits[2:].removeprefix("0")
    elif digits.startswith("0049"):
        digits = "0" + digits[4:].removeprefix("0")
    return digits if len(digits) >= 6 else ""


def host_of(website: str) -> str:
    """The website's host without "www."; "" for a page on a platform of many."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return "" if host.endswith(PLATFORMS) or "." not in host else host


@lru_cache(maxsize=4096)
def street_of(street: str) -> str:
    """Street and number in one spelling: Marktpl. 3 a is Marktplatz 3A."""
    text = normalise(street)
    text = re.sub(r"str\b\.?", "strasse", text)
    text = re.sub(r"pl\b\.?", "platz", text)
    return re.sub(r"[^a-z0-9]", "", text)


def house_of(street: str) -> str:
    """A pattern that finds the street and its numbers in search spelling, however shortened.

    The beginning of the longest word that is no "Straße" or "Platz" stands before the numbers:
    Marktpl. 3 finds Marktplatz 3, Goethe Str. 5 finds Goethestraße 5.
    """
    text = normalise(street)
    words = re.findall(r"[a-z]+", re.split(r"[0-9]", text)[0])
    own = [word for word in words if word not in STREETS] or words or [""]
    name = max(own, key=len)[:5]
    numbers = "[^0-9]+".join(re.findall(r"[0-9]+", text))
    return f"{name}[^0-9]*{numbers}([^0-9]|$)"
