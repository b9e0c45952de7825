"""German words brought to the form in which singular and plural are one."""

from projects.ideas.spelling import plain

ENDINGS = ("ern", "en", "er", "em", "es", "e")
S_ENDINGS = {f"{before}s" for before in "bdfghklmnrt"}  # a plural or genitive; Haus keeps its s
SHORTEST = 3  # letters of a stem: Rad, Weg


def stem(word: str) -> str:
    """What is left of a word in `plain` spelling without its ending: banke and bank are bank.

    A small part of the Snowball stemmer for German: what it takes for nouns of everyday German,
    and for comparatives (schonere, schoner, schon).
    """
    shorter = _without_ending(word)
    rest = shorter.removesuffix("er")
    return rest if len(rest) >= SHORTEST else shorter


def _without_ending(word: str) -> str:
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= SHORTEST:
            return rest
    if word.endswith("eln") or (len(word) > SHORTEST and word[-2:] in S_ENDINGS):
        return word[:-1]
    return word


def key_of(word: str) -> str:
    """One word as somebody typed it, as a stem."""
    return stem(plain(word).strip())


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in plain(text).split())


EMPTY = _stems(
    "aber alle alles als also am an andere auch auf aus bei beim bin bis bitte da dabei dadurch"
    " dafür damit dann daran darauf das dass davon davor dazu dein dem den denn der des deshalb"
    " dich die dies diese dieser dieses doch dort du durch ein eine einem einen einer eines"
    " einfach einige einmal er es etwa etwas euch euer fehlen fehlt finde fände für ganz gar"
    " geben gegen geht gern gibt gut habe haben hat hätte hätten hier hin hinter ich ihm ihn"
    " ihnen ihr ihre im immer in ins irgend ist ja jede jeden jeder jetzt kann kein keine können"
    " könnte könnten lassen los machen man mehr mein mich mit mögen muss müssen nach neben nicht"
    " nichts noch nun nur ob oder ohne per sehr sei sein seit sich sie sind so soll sollen"
    " sollte sollten sonst sowie über um und uns unser unsere unter viel viele vom von vor wäre"
    " wären wann warum was wegen weil weiter wenig wenn wer werden wie wieder will wir wird wo"
    " wollen wünsche würde würden zu zum zur zwei zwischen weniger schlecht heute derzeit leider"
    " täglich beispiel deutlich direkt eigentlich"
)
FAINT = _stems(
    "alt älter ältere altstadt angebot anwohner aktion bereich besser betrieb bürger büro"
    " centrum city ecke einrichten errichten erste familie fläche frei ganze gast gäste"
    " gemeinsam gemeinde geschäft groß gebäude handel händler haus idee innenstadt jahr jugend"
    " jung kind kinder klein kostenlos kunde kunden laden läden leute markt marktplatz mensch"
    " menschen monat möglichkeit nähe neu öffentlich ort ortskern park passant person platz"
    " plätze projekt raum schaffen schön senioren sommer stadt stadtkern stadtmitte stadtzentrum"
    " stelle straße straßen tag verbessern viertel vorschlag winter woche januar februar märz"
    " april mai juni juli august september oktober november dezember montag dienstag mittwoch"
    " donnerstag freitag samstag sonntag herbst frühling frühjahr abend morgen wunsch zeit"
    " zentral zentrum zusätzlich aufstellen bauen gestalten gestaltung mehrere"
)
FAINT_WEIGHT = 0.25
LOOKED_AT = 2000  # characters
LONGEST = 40  # letters of a word


def subjects(text: str) -> list[str]:
    """The words that say what a text is about, as stems, each once, in their order.

    Only of its beginning, and no more of a word than a German one may have: what somebody pastes
    into a form must not cost more than what somebody writes.
    """
    stems = (stem(word[:LONGEST]) for word in plain(text[:LOOKED_AT]).split())
    return [word for word in dict.fromkeys(stems) if word not in EMPTY and len(word) > 1]


def stems(text: str) -> str:
    """Every word of a text as a stem, with a space before each."""
    return "".join(f" {stem(word)}" for word in plain(text).split())


def weight(word: str, places: frozenset[str]) -> float:
    """How much a word tells: little when it names a place or stands in every other title."""
    is_place = word in places or word.endswith(("strass", "gass"))
    return FAINT_WEIGHT if is_place or word in FAINT or word.isdigit() else 1.0
