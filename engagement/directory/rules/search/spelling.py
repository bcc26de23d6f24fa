"""Forms of the same word that stems do not bring together: British and American spellings, irregular plurals."""

_PLURALS = {"child": "children", "woman": "women", "man": "men", "person": "people"}
# Where both are common. Endings that follow (s, al, ing …) are listed with the word, so that nothing else is caught.
_PAIRS = (
    ("programme", "program", ("", "s")),
    ("behaviour", "behavior", ("", "s", "al", "ally")),
    ("counsell", "counsel", ("ing", "or", "ors", "ed")),
    ("centre", "center", ("", "s", "d")),
    ("paediatric", "pediatric", ("", "s", "ian", "ians")),
    ("gynaecology", "gynecology", ("",)),
    ("orthopaedic", "orthopedic", ("", "s")),
    ("foetal", "fetal", ("",)),
    ("anaemia", "anemia", ("",)),
    ("diarrhoea", "diarrhea", ("",)),
    ("oestrogen", "estrogen", ("",)),
    ("neighbour", "neighbor", ("", "s", "hood", "hoods", "ing")),
    ("colour", "color", ("", "s", "ed", "ing")),
    ("favourite", "favorite", ("", "s")),
    ("labour", "labor", ("",)),
    ("harbour", "harbor", ("", "s")),
    ("honour", "honor", ("", "s")),
    ("humour", "humor", ("",)),
    ("rumour", "rumor", ("", "s")),
    ("enrol", "enroll", ("", "s")),
    ("enrolment", "enrollment", ("", "s")),
    ("fulfil", "fulfill", ("", "s")),
    ("skilful", "skillful", ("",)),
    ("travell", "travel", ("ing", "er", "ers", "ed")),
    ("modell", "model", ("ing", "ed")),
    ("licence", "license", ("", "s")),
    ("defence", "defense", ("", "s")),
    ("practise", "practice", ("", "d", "s")),
    ("mum", "mom", ("", "s", "my")),
    ("maths", "math", ("",)),
    ("theatre", "theater", ("", "s")),
    ("fibre", "fiber", ("",)),
    ("dialogue", "dialog", ("", "s")),
    ("catalogue", "catalog", ("", "s")),
    ("grey", "gray", ("",)),
    ("judgement", "judgment", ("", "s")),
    ("ageing", "aging", ("",)),
    ("analyse", "analyze", ("", "d", "s")),
    ("paralyse", "paralyze", ("", "d")),
    ("manoeuvre", "maneuver", ("", "s")),
    ("organis", "organiz", ("e", "ed", "es", "ing", "ation", "ations", "ational", "er", "ers")),
    ("specialis", "specializ", ("e", "ed", "es", "ing", "ation")),
    ("recognis", "recogniz", ("e", "ed", "es", "ing")),
    ("socialis", "socializ", ("e", "ed", "ing", "ation")),
    ("criminalis", "criminaliz", ("e", "ed", "ing", "ation")),
    ("radicalis", "radicaliz", ("e", "ed", "ing", "ation")),
    ("traumatis", "traumatiz", ("e", "ed", "ing")),
    ("marginalis", "marginaliz", ("e", "ed", "ing", "ation")),
    ("hospitalis", "hospitaliz", ("e", "ed", "ation")),
    ("immunis", "immuniz", ("e", "ed", "ation", "ations")),
    ("personalis", "personaliz", ("e", "ed", "ation")),
    ("prioritis", "prioritiz", ("e", "ed", "ing")),
    ("victimis", "victimiz", ("e", "ed", "ation")),
    ("sexualis", "sexualiz", ("e", "ed", "ation")),
    ("stabilis", "stabiliz", ("e", "ed", "ing", "ation")),
    ("apologis", "apologiz", ("e", "ed", "ing")),
)
_AMERICAN = {british + end: american + end for british, american, ends in _PAIRS for end in ends}
_BRITISH = {american: british for british, american in _AMERICAN.items()}
_FIRST = _BRITISH | _PLURALS
_SECOND = _AMERICAN | {many: one for one, many in _PLURALS.items()}


def british(phrase: str) -> str:
    """The phrase, in lower case, with each word in the first of its forms: as Britain spells it, or its plural."""
    return " ".join(_FIRST.get(word, word) for word in phrase.lower().split())


def spellings(phrase: str) -> tuple[str, ...]:
    """The phrase in the first and in the second form of its words; once where they have only one."""
    here = british(phrase)
    there = " ".join(_SECOND.get(word, word) for word in here.split())
    return (here,) if there == here else (here, there)


def from_american(word: str) -> str | None:
    """How Britain spells a word that was typed as America does; None for every other word."""
    return _BRITISH.get(word.lower())
