"""Whether enough agencies are at a conference, and when it may go ahead without them.

Children's social care and at least two other agencies or key disciplines with direct contact with the child (Sussex
7.8; the standard safeguarding dataset's CPPR006A). School, school nurse and health visitor count separately, and an
inquorate conference is not followed by another but before a birth or where too few agencies know the child (Swindon).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Conference, ConferenceKind, Discipline, InquorateGround
from ..queries.room import Professional, professionals_present

OTHERS_NEEDED = 2


@dataclass(frozen=True)
class Quorum:
    """Who counts towards the quorum."""

    social_care: bool
    others: tuple[str, ...]  # disciplines, each once

    @property
    def quorate(self) -> bool:
        return self.social_care and len(self.others) >= OTHERS_NEEDED

    @property
    def sentence(self) -> str:
        """What is there and what is not, in words."""
        codes = ([Discipline.SOCIAL_CARE] if self.social_care else []) + [*self.others]
        here = [Discipline(code).label for code in codes]
        counted = f"Counted: {', '.join(here)}." if here else "Nobody who counts is present yet."
        if self.quorate:
            return counted
        missing = [] if self.social_care else ["children’s social care"]
        short = OTHERS_NEEDED - len(self.others)
        if short > 0:
            missing.append(
                "one more agency with direct contact with the child"
                if short == 1
                else "two other agencies with direct contact with the child"
            )
        return f"{counted} Still needed: {' and '.join(missing)}."


def quorum(present: Iterable[Professional]) -> Quorum:
    """Count the professionals in one room. Social care counts by being there, others by knowing the child too."""
    present = list(present)
    others = {one.discipline for one in present if one.had_direct_contact and one.discipline != Discipline.SOCIAL_CARE}
    return Quorum(
        social_care=any(one.discipline == Discipline.SOCIAL_CARE for one in present),
        others=tuple(code for code in Discipline if code in others),
    )


def best(parts: Iterable[Quorum]) -> Quorum:
    """The quorum of a conference: that of its fullest part, because people have to be there together."""
    return max(parts, key=lambda one: (one.quorate, one.social_care + len(one.others)), default=Quorum(False, ()))


def quorum_now(conference: Conference) -> Quorum:
    """The quorum of those marked present so far."""
    return best(quorum(present) for present in professionals_present(conference).values())


def twice_running(kind: str, grounds: Iterable[str], previous_quorate: bool | None) -> bool:
    """Whether going ahead would be a second inquorate conference in a row that nothing excuses."""
    excused = kind == ConferenceKind.PRE_BIRTH or InquorateGround.FEW_AGENCIES in grounds
    return previous_quorate is False and not excused
