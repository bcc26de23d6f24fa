"""Ages in words. They are years with part-years: half a year is six months."""

from decimal import Decimal

NOT_STATED = "Age not stated"


def ages_in_words(minimum: Decimal | None, maximum: Decimal | None, any_age: bool = False) -> str:
    """``Ages 5 to 11``, ``Ages 6 months to 5``, ``Ages 13 and over``, ``Up to age 5``, ``Any age``, or not stated."""
    if any_age:
        return "Any age"
    if minimum is None and maximum is None:
        return NOT_STATED
    if not minimum:
        return f"Up to age {_age(maximum)}" if maximum is not None else "Any age"
    if maximum is None:
        return f"Ages {_age(minimum)} and over"
    if minimum == maximum:
        return f"Age {_age(minimum)}"
    if minimum < 1 and maximum < 1:
        return f"Ages {_months(minimum)} to {_months(maximum)} months"
    return f"Ages {_age(minimum)} to {_age(maximum)}"


def ages_of(ages) -> str:
    """The same of a listing's range: None is not stated, a range open at both ends is any age."""
    if ages is None:
        return NOT_STATED
    return ages_in_words(ages.lower, ages.upper, any_age=ages.lower is None and ages.upper is None)


def _age(years: Decimal) -> str:
    """``5``, ``6 months``, ``2½``; other parts of a year as years and months."""
    whole, months = divmod(_months(years), 12)
    if not months:
        return str(whole)
    if not whole:
        return f"{months} month{'' if months == 1 else 's'}"
    if months == 6:
        return f"{whole}½"
    return f"{whole} year{'' if whole == 1 else 's'} {months} month{'' if months == 1 else 's'}"


def _months(years: Decimal) -> int:
    return round(years * 12)
