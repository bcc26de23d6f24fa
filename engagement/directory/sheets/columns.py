"""Which cell of a row holds what of an entry."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..models import Contact, CostOption, Phone, ReferralRoute, Service, Taxonomy
from ..rules.entries import ContactLine, Entry, PhoneLine, Price, Route
from . import cells, places
from .cells import BadCell
from .vocabulary import Codes, Vocabulary

ID, ORGANISATION, STATE = "id", "organisation", "state"
COSTS = Codes.of((("free", "free"), ("paid", "costs money")))


@dataclass(frozen=True)
class Column:
    """One column: what it is called, what it holds of an entry, and an entry with what somebody wrote in it.

    ``read`` is given the entry so far, so that what a cell leaves unsaid stays.
    """

    heading: str
    about: str
    write: Callable[[Entry, Vocabulary], str]
    read: Callable[[Entry, str, Vocabulary], Entry]

    @property
    def key(self) -> str:
        """As ``chatr.spreadsheets`` names it."""
        return key(self.heading)


def key(heading: str) -> str:
    """A heading as reading a spreadsheet names its column."""
    return "_".join(heading.casefold().replace("-", " ").split())


def _text(heading: str, name: str, about: str = "") -> Column:
    field = Service._meta.get_field(name)
    return Column(
        heading,
        about,
        lambda entry, words: getattr(entry, name),
        lambda entry, text, words: entry.but(**{name: cells.kept_in(field, text)}),
    )


def _number(heading: str, name: str, about: str) -> Column:
    field = Service._meta.get_field(name)
    return Column(
        heading,
        about,
        lambda entry, words: cells.number_words(getattr(entry, name)),
        lambda entry, text, words: entry.but(**{name: cells.kept_in(field, cells.number(text))}),
    )


def _flag(heading: str, name: str, about: str) -> Column:
    return Column(
        heading,
        about,
        lambda entry, words: "yes" if getattr(entry, name) else "no",
        lambda entry, text, words: entry.but(**{name: cells.yes_no(text) == "yes"}),
    )


def _listed(heading: str, about: str, codes: Callable[[Vocabulary], Codes], name: str) -> Column:
    def read(entry: Entry, text: str, words: Vocabulary) -> Entry:
        return entry.but(**{name: _codes(text, codes(words))})

    def write(entry: Entry, words: Vocabulary) -> str:
        return "\n".join(codes(words).name(code) for code in getattr(entry, name))

    return Column(heading, about, write, read)


def _codes(text: str, codes: Codes) -> tuple[str, ...]:
    found = []
    for line in cells.lines(text):
        code = codes.code(line)
        if code is None:
            raise BadCell(f"“{cells.shortly(line)}” is not in the list.")
        found.append(code)
    return tuple(dict.fromkeys(found))


def _terms(heading: str, about: str, taxonomies: tuple[str, ...] | None) -> Column:
    """Terms of some lists; None: of every list that has no column of its own."""

    def mine(words: Vocabulary) -> Codes:
        wanted = taxonomies or [name for name in words.terms if name not in OWN_COLUMN]
        return Codes({code: name for each in wanted for code, name in words.terms.get(each, Codes({})).words.items()})

    def belongs(code: str, words: Vocabulary) -> bool:
        here = words.list_of(code)
        return here in taxonomies if taxonomies else here not in OWN_COLUMN

    def write(entry: Entry, words: Vocabulary) -> str:
        return "\n".join(mine(words).name(code) for code in entry.terms if belongs(code, words))

    def read(entry: Entry, text: str, words: Vocabulary) -> Entry:
        found = _codes(text, mine(words))
        stays = tuple(code for code in entry.terms if code in found or not belongs(code, words))
        return entry.but(terms=stays + tuple(code for code in found if code not in stays))

    return Column(heading, about, write, read)


OWN_COLUMN = (Taxonomy.NEEDS, Taxonomy.GROUPS, Taxonomy.MODES)


def _rows(heading: str, about: str, name: str, write_one: Callable, read_one: Callable) -> Column:
    return Column(
        heading,
        about,
        lambda entry, words: "\n".join(write_one(each) for each in getattr(entry, name)),
        lambda entry, text, words: entry.but(**{name: tuple(read_one(line) for line in cells.lines(text))}),
    )


def _bars(*values: str) -> str:
    said = [cells.one_line(value) for value in values]
    while len(said) > 1 and not said[-1]:
        said.pop()
    return " | ".join(said) or "|"


def _checked(model, **values):
    for name, value in values.items():
        cells.kept_in(model._meta.get_field(name), value)
    return values


def _read_price(line: str) -> Price:
    option, amount, in_words = cells.parts(line, 3)
    price = Price(option, cells.number(amount), in_words)
    _checked(CostOption, option=option, amount=price.amount, amount_description=in_words)
    if price.amount is not None and price.amount < 0:
        raise BadCell("a cost is nought or more.")
    return price


def _read_phone(line: str) -> PhoneLine:
    number, description = cells.parts(line, 2)
    return PhoneLine(**_checked(Phone, number=number, description=description))


def _read_contact(line: str) -> ContactLine:
    name, title, public = cells.parts(line, 3)
    if public.casefold() not in ("", "public", "not public"):
        raise BadCell(f"“{cells.shortly(public)}”: the third part is “public” or “not public”.")
    return ContactLine(**_checked(Contact, name=name, title=title), is_public=public.casefold() == "public")


def _route_columns(who: str, name: str) -> list[Column]:
    """The nine columns of how one kind of person gets in."""

    def may(entry: Entry, text: str, words: Vocabulary) -> Entry:
        answer = cells.yes_no(text)
        route = getattr(entry, name)
        return entry.but(**{name: replace(route or Route(), is_open=answer == "yes") if answer else None})

    def ask(entry: Entry, words: Vocabulary) -> str:
        route = getattr(entry, name)
        return "" if route is None else "yes" if route.is_open else "no"

    def of(heading: str, part: str, about: str, to_cell=str, from_cell=str) -> Column:
        field = ReferralRoute._meta.get_field(part)

        def read(entry: Entry, text: str, words: Vocabulary) -> Entry:
            route = getattr(entry, name)
            if route is None:
                if not text:
                    return entry
                raise BadCell(f"it says something, but “{who} may ask” is empty. Write yes or no there.")
            value = from_cell(text)
            cells.kept_in(field, text if part == "documents" else value)
            return entry.but(**{name: replace(route, **{part: value})})

        def write(entry: Entry, words: Vocabulary) -> str:
            route = getattr(entry, name)
            return "" if route is None else to_cell(getattr(route, part))

        return Column(f"{who} {heading}", about, write, read)

    return [
        Column(f"{who} may ask", "yes or no; empty: not stated", ask, may),
        of("how to ask", "how", ""),
        of("web page", "url", "starts with https://"),
        of("e-mail", "email", ""),
        of("phone", "phone", ""),
        of("form", "form_url", "web address of the referral form"),
        of("consent needed", "consent", "yes or no; empty: not stated", str, cells.yes_no),
        of("what to send", "documents", "one on each line", "\n".join, lambda text: tuple(cells.lines(text))),
        of("what happens next", "what_next", ""),
    ]


def _read_cycle(entry: Entry, text: str, words: Vocabulary) -> Entry:
    allowed = [str(months) for months, _ in Service.CYCLES]
    if text not in allowed:
        raise BadCell(f"write {', '.join(allowed[:-1])} or {allowed[-1]}.")
    return entry.but(cycle_months=int(text))


def _read_cost(entry: Entry, text: str, words: Vocabulary) -> Entry:
    code = COSTS.code(text) if text else ""
    if code is None:
        raise BadCell(f"it says “{cells.shortly(text)}”. Write free or costs money, or leave it empty.")
    return entry.but(cost=code)


def _read_languages(entry: Entry, text: str, words: Vocabulary) -> Entry:
    return entry.but(languages=tuple(dict.fromkeys(cells.language(line) for line in cells.lines(text))))


COLUMNS: tuple[Column, ...] = (
    _text("name", "name"),
    _text("in one line", "summary"),
    _text("what it does", "description"),
    _text("web page", "url", "starts with https://"),
    _text("e-mail", "email", "the public one"),
    _text("to know at once", "alert"),
    _text("who it is for", "who_for"),
    _text("who it is not for", "not_for"),
    _flag("every age", "any_age", "yes or no"),
    _number("youngest age", "minimum_age", "in years, such as 0.5 or 5; empty: not stated, or no lower limit"),
    _number("oldest age", "maximum_age", "in years"),
    _terms("needs", "one on each line", (Taxonomy.NEEDS,)),
    _terms("groups", "one on each line", (Taxonomy.GROUPS,)),
    _terms("ways of working", "one on each line", (Taxonomy.MODES,)),
    _terms("other terms", "one on each line", None),
    _listed("levels of need", "one on each line", lambda words: words.levels, "levels"),
    _listed("boroughs", "those whose families may come, one on each line", lambda words: words.areas, "areas"),
    Column(
        "cost",
        "free or costs money; empty: not stated",
        lambda entry, words: COSTS.name(entry.cost) if entry.cost else "",
        _read_cost,
    ),
    _rows(
        "prices",
        "one on each line: for whom or what | pounds | in words",
        "prices",
        lambda price: _bars(price.option, cells.number_words(price.amount), price.amount_description),
        _read_price,
    ),
    Column(
        "languages",
        "one on each line, in English",
        lambda entry, words: "\n".join(cells.language_words(code) for code in entry.languages),
        _read_languages,
    ),
    Column(
        "interpreters",
        "yes or no; empty: not stated",
        lambda entry, words: entry.interpreters,
        lambda entry, text, words: entry.but(interpreters=cells.yes_no(text)),
    ),
    *_route_columns("families", "family"),
    *_route_columns("professionals", "professional"),
    _rows(
        "phones",
        "one on each line: number | what for, and when",
        "phones",
        lambda phone: _bars(phone.number, phone.description),
        _read_phone,
    ),
    _rows(
        "people to ask for",
        "one on each line: name | role | public or not public",
        "contacts",
        lambda contact: _bars(contact.name, contact.title, "public" if contact.is_public else "not public"),
        _read_contact,
    ),
    Column(
        "places",
        "lines such as “postcode: E8 1DY” for each place, with an empty line between two places",
        lambda entry, words: places.write(entry.places, words),
        lambda entry, text, words: entry.but(places=places.read(text, words, entry.places)),
    ),
    _text("accreditations", "accreditations"),
    _text("paid for by", "funding"),
    _flag("shows exit this page", "is_sensitive", "yes or no"),
    Column("verified every", "months: 1, 3, 6 or 12", lambda entry, words: str(entry.cycle_months), _read_cycle),
)
HEADINGS = (ID, ORGANISATION, STATE, *(column.heading for column in COLUMNS))
KEYS = tuple(key(heading) for heading in HEADINGS)
