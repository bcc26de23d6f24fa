"""The codes a conference record is made of. Words beside them are what people read."""

from django.db import models


class ConferenceKind(models.TextChoices):
    INITIAL = "initial", "Initial conference"
    REVIEW = "review", "Review conference"
    TRANSFER_IN = "transfer_in", "Transfer-in conference"
    PRE_BIRTH = "pre_birth", "Pre-birth conference"


class State(models.TextChoices):
    """Scheduled, then being recorded, checked, signed, and its copies given out; or adjourned, or cancelled."""

    SCHEDULED = "scheduled", "Scheduled"
    DRAFT = "draft", "Being recorded"
    CHECK = "check", "Being checked"
    SIGNED = "signed", "Signed"
    DISTRIBUTED = "distributed", "Signed, copies given out"
    ADJOURNED = "adjourned", "Adjourned"
    CANCELLED = "cancelled", "Cancelled"


OPEN_STATES = (State.SCHEDULED, State.DRAFT, State.CHECK)
SIGNED_STATES = (State.SIGNED, State.DISTRIBUTED)


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    HYBRID = "hybrid", "In person, with some people online"


class AssignmentRole(models.TextChoices):
    """Why somebody may open a conference. Nothing else lets them."""

    CHAIR = "chair", "Chair"
    COVER = "cover", "Covering for the chair"
    MINUTE_TAKER = "minute_taker", "Minute-taker"
    CONTRIBUTOR = "contributor", "Agency contributor"
    ADVOCATE = "advocate", "Child's advocate"
    BREAK_GLASS = "break_glass", "Emergency reading"


class TeamRole(models.TextChoices):
    CHAIR = "chair", "Conference chair"
    MINUTE_TAKER = "minute_taker", "Minute-taker"
    MANAGER = "manager", "Chairs' manager"


class SectionKind(models.TextChoices):
    """The fixed order of a record, on screen and in every copy: the child's own words first, the plan before the
    decision."""

    SAFETY = "safety", "Who is here and how we keep this safe"
    CHILD_WORDS = "child_words", "The child's own words"
    FAMILY_KNOW = "family_know", "What the family wants us to know"
    STRENGTHS = "strengths", "What is going well"
    FACTS = "facts", "What has happened"
    WORRIES = "worries", "What we are worried about"
    UNKNOWN = "unknown", "What we do not know yet"
    AGENCIES = "agencies", "What each agency said"
    FAMILY_RESPONSE = "family_response", "What the family says to that"
    RISK = "risk", "What could happen if nothing changes"
    PLAN = "plan", "The plan"
    FAMILY_VIEW = "family_view", "What the family thinks of the decision"
    DECISION = "decision", "The decision"
    NEXT = "next", "Who does what by when"
    CHECK_IN = "check_in", "Check-in and feedback"


SECTION_ORDER = list(SectionKind)
# One section for each child; the others are one for the family.
FOR_EACH_CHILD = frozenset({SectionKind.CHILD_WORDS, SectionKind.STRENGTHS, SectionKind.WORRIES})


class AuthorKind(models.TextChoices):
    CHILD = "child", "The child"
    FAMILY = "family", "The family"
    PROFESSIONAL = "professional", "A professional"
    CHAIR = "chair", "The chair"


class FactOrOpinion(models.TextChoices):
    FACT = "fact", "A fact"
    OPINION = "opinion", "An opinion"


class HowSaid(models.TextChoices):
    """How somebody's words reached the person who typed them."""

    SPOKEN = "spoken", "Said in the room"
    BEFORE = "before", "Said before the meeting"
    WRITTEN = "written", "Written by them"
    DRAWN = "drawn", "Drawn, or shown in another way"
    ADVOCATE = "advocate", "Said by their advocate"
    INTERPRETED = "interpreted", "Said through an interpreter"
    OBSERVED = "observed", "Seen by somebody who was with them"


class ReadBack(models.TextChoices):
    YES = "yes", "Yes, and they agreed"
    NOT_YET = "not_yet", "Not yet"
    NOT_POSSIBLE = "not_possible", "It was not possible"
    DECLINED = "declined", "They did not want it"


class PersonKind(models.TextChoices):
    CHILD = "child", "Child"
    FAMILY = "family", "Family or friend"
    SUPPORTER = "supporter", "Advocate, interpreter or supporter"
    PROFESSIONAL = "professional", "Professional"


class Discipline(models.TextChoices):
    """Agencies and key disciplines: each counts once towards quorum (school, school nurse and health visitor apart)."""

    SOCIAL_CARE = "social_care", "Children's social care"
    POLICE = "police", "Police"
    SCHOOL = "school", "School or college"
    EARLY_YEARS = "early_years", "Early years"
    SCHOOL_NURSE = "school_nurse", "School nurse"
    HEALTH_VISITOR = "health_visitor", "Health visitor"
    MIDWIFE = "midwife", "Midwife"
    GP = "gp", "GP"
    PAEDIATRICIAN = "paediatrician", "Paediatrician"
    CAMHS = "camhs", "Child mental health"
    ADULT_MENTAL_HEALTH = "adult_mental_health", "Adult mental health"
    SUBSTANCE_USE = "substance_use", "Substance use service"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse service"
    HOUSING = "housing", "Housing"
    PROBATION = "probation", "Probation"
    YOUTH_JUSTICE = "youth_justice", "Youth justice"
    EARLY_HELP = "early_help", "Early help"
    VOLUNTARY = "voluntary", "Voluntary or community organisation"
    LEGAL = "legal", "Legal"
    OTHER = "other", "Other"


class SafeContact(models.TextChoices):
    """How it is safe to reach somebody. Only ``EMAIL`` lets the portal write to them, and then without content."""

    ASK = "ask", "Not asked yet"
    BY_HAND = "by_hand", "By hand only"
    POST = "post", "By post to the address given"
    PHONE = "phone", "By phone, to the number given"
    EMAIL = "email", "By e-mail"
    SOMEBODY_ELSE = "somebody_else", "Through the person named"


class ParentalResponsibility(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known yet"


class Attending(models.TextChoices):
    INVITED = "invited", "Invited"
    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Sent apologies"
    EXCLUDED = "excluded", "Excluded from this part"
    NOT_INVITED = "not_invited", "Not invited to this part"


class ExclusionGround(models.TextChoices):
    """Why the chair may keep a person out of a part of a conference."""

    SERIOUS_PREJUDICE = "serious_prejudice", "The child's welfare would be seriously harmed"
    VIOLENCE = "violence", "Violence, threats, or unfit to take part"
    CHILD_ASKS = "child_asks", "The child asks for it while they are present"
    PREVENTS_CONTRIBUTION = "prevents_contribution", "Their presence would keep somebody from contributing"
    CONFIDENTIAL = "confidential", "Confidential information, such as a criminal investigation"
    CONFLICT = "conflict", "Conflict or domestic abuse, so separate times"


class WithholdingGround(models.TextChoices):
    """Why something is left out of one person's copy."""

    RISK_TO_CHILD = "risk_to_child", "It would put a child at risk"
    RISK_TO_ADULT = "risk_to_adult", "It would put an adult at risk"
    INVESTIGATION = "investigation", "It could harm a criminal investigation"
    THIRD_PARTY = "third_party", "It is private to somebody else"
    CHILDS_WISH = "childs_wish", "The child did not agree that they read it"
    EXCLUDED_PART = "excluded_part", "They were excluded from that part"


class ParticipationCode(models.TextChoices):
    """How a child took part: the national codes of the standard safeguarding dataset (CPPR007A)."""

    PN0 = "PN0", "Under 4"
    PN1 = "PN1", "Attended and spoke for themselves"
    PN2 = "PN2", "Attended, an advocate spoke for them"
    PN3 = "PN3", "Attended and showed their views without words"
    PN4 = "PN4", "Attended without contributing"
    PN5 = "PN5", "Did not attend, briefed an advocate"
    PN6 = "PN6", "Did not attend, sent their views in another way"
    PN7 = "PN7", "Did not attend, and their views were not conveyed"


class Category(models.TextChoices):
    """Categories of abuse; more than one is reported as MUL, which is never stored."""

    NEGLECT = "NEG", "Neglect"
    PHYSICAL = "PHY", "Physical abuse"
    SEXUAL = "SAB", "Sexual abuse"
    EMOTIONAL = "EMO", "Emotional abuse"


class Outcome(models.TextChoices):
    PLAN = "plan", "A child protection plan starts"
    CONTINUE = "continue", "The plan continues"
    END = "end", "The plan ends"
    CHILD_IN_NEED = "cin", "A child in need plan"
    OTHER_SUPPORT = "other_support", "Other support"
    NO_ACTION = "nfa", "No further action"
    ADJOURN = "adjourn", "No decision today: adjourned"


class Reason(models.TextChoices):
    """What a chair is asked to explain. Each has one place in the record, and signing asks for those that apply."""

    LATE = "late", "Why the conference was late"
    INTERIM_PROTECTION = "interim_protection", "How the child was kept safe meanwhile"
    INQUORATE = "inquorate", "Why it went ahead without a quorum"
    INTERIM_PLAN = "interim_plan", "The interim plan"
    INDEPENDENCE = "independence", "Why this chair, although involved in the case"
    NO_PREPARATION = "no_preparation", "Why there was no preparation meeting, and what is offered now"
    NO_CHILD_WORDS = "no_child_words", "Why there are no words of the child, and what happens next"
    NO_STRENGTHS = "no_strengths", "Why no strengths are written down"
    NO_WORRIES = "no_worries", "Why no worries are written down"
    CANCELLED = "cancelled", "Why it was cancelled"
    ADJOURNED = "adjourned", "Why it was adjourned"
    COVER_SIGNS = "cover_signs", "Why somebody else signs for the chair"
    HANDOVER = "handover", "Why it was handed over"
    LATE_REPORTS = "late_reports", "Reports the family saw late: what they chose"
    LEFT_OUT = "left_out", "Which children of the last conference are not part of this one, and why"
    NEXT_DATE_LATE = "next_date_late", "Why the next date is after the limit"


class InquorateGround(models.TextChoices):
    """When a conference may go ahead without a quorum."""

    FEW_AGENCIES = "few_agencies", "Fewer than three agencies know the child"
    ENOUGH_INFORMATION = "enough_information", "There is enough information to decide"
    DELAY_HARMS = "delay_harms", "Waiting would harm the child"
