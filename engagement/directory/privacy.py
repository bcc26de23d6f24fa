"""How each field of the directory is classified, what a person gets who asks, and what erasing removes."""

from django.db.models import Q

from chatr.accounts.operations.erasure import CannotErase
from chatr.audit.operations import record
from chatr.privacy.classification import Classification as C

from .models import (
    Keeper,
    NotADuplicate,
    Revision,
    Service,
    SharedShortlist,
    ShortlistItem,
    Suggestion,
    Verification,
)

CLASSIFIED = {
    "Area": {
        "gss": C.PUBLIC,
        "name": C.PUBLIC,
        "slug": C.PUBLIC,
        "place": C.OPERATIONAL,
    },
    "FrontDoor": {
        "id": C.OPERATIONAL,
        "area": C.PUBLIC,
        "name": C.PUBLIC,
        "phone": C.PUBLIC,
        "hours": C.PUBLIC,
        "out_of_hours_phone": C.PUBLIC,
        "url": C.PUBLIC,
        "checked_on": C.PUBLIC,
    },
    "Postcode": {
        "code": C.PUBLIC,
        "outcode": C.PUBLIC,
        "latitude": C.PUBLIC,
        "longitude": C.PUBLIC,
        "bng": C.PUBLIC,
        "gss": C.PUBLIC,
        "terminated_on": C.PUBLIC,
    },
    "Service": {
        "id": C.OPERATIONAL,
        "organisation": C.PUBLIC,
        "slug": C.PUBLIC,
        "state": C.PUBLIC,
        "version": C.PUBLIC,
        "name": C.PUBLIC,
        "summary": C.PUBLIC,
        "description": C.PUBLIC,
        "url": C.PUBLIC,
        "email": C.PUBLIC,
        "alert": C.PUBLIC,
        "accreditations": C.PUBLIC,
        "funding": C.PUBLIC,
        "who_for": C.PUBLIC,
        "not_for": C.PUBLIC,
        "any_age": C.PUBLIC,
        "minimum_age": C.PUBLIC,
        "maximum_age": C.PUBLIC,
        "cost": C.PUBLIC,
        "interpreters": C.PUBLIC,
        "is_sensitive": C.PUBLIC,
        "closed_from": C.PUBLIC,
        "reopens_on": C.PUBLIC,
        "closed_note": C.PUBLIC,
        "cycle_months": C.OPERATIONAL,
        "kept_by": C.WORK_CONTACT,
        "visible_from": C.PUBLIC,
        "visible_to": C.PUBLIC,
        "created_at": C.OPERATIONAL,
        "published_at": C.PUBLIC,
        "withdrawn_at": C.PUBLIC,
        "merged_into": C.PUBLIC,
    },
    "ServiceTerm": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "term": C.PUBLIC,
    },
    "ReferralRoute": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "audience": C.PUBLIC,
        "is_open": C.PUBLIC,
        "how": C.PUBLIC,
        "url": C.PUBLIC,
        "email": C.PUBLIC,
        "phone": C.PUBLIC,
        "form_url": C.PUBLIC,
        "consent": C.PUBLIC,
        "documents": C.PUBLIC,
        "what_next": C.PUBLIC,
    },
    "CostOption": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "option": C.PUBLIC,
        "amount": C.PUBLIC,
        "amount_description": C.PUBLIC,
    },
    "Phone": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "number": C.PUBLIC,
        "description": C.PUBLIC,
    },
    "Contact": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.OPERATIONAL,
        "name": C.WORK_CONTACT,
        "title": C.WORK_CONTACT,
        "is_public": C.OPERATIONAL,
    },
    "ServiceLanguage": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "code": C.PUBLIC,
    },
    "ServiceArea": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "area": C.PUBLIC,
    },
    "ServiceLevel": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "level": C.PUBLIC,
    },
    "Location": {
        "id": C.OPERATIONAL,
        "organisation": C.PUBLIC,
        "kind": C.PUBLIC,
        "name": C.PUBLIC,
        "description": C.PUBLIC,
        "is_confidential": C.PUBLIC,
        "area": C.PUBLIC,
        "address_1": C.PUBLIC,
        "city": C.PUBLIC,
        "state_province": C.PUBLIC,
        "postal_code": C.PUBLIC,
        "latitude": C.PUBLIC,
        "longitude": C.PUBLIC,
        "bng": C.PUBLIC,
        "external_identifier": C.PUBLIC,
    },
    "ConfidentialAddress": {
        "location": C.OPERATIONAL,
        "address": C.SPECIAL_CATEGORY,
        "postcode": C.SPECIAL_CATEGORY,
    },
    "ServiceAtLocation": {
        "id": C.OPERATIONAL,
        "service": C.PUBLIC,
        "location": C.PUBLIC,
        "place": C.OPERATIONAL,
    },
    "Accessibility": {
        "id": C.OPERATIONAL,
        "location": C.PUBLIC,
        "term": C.PUBLIC,
        "state": C.PUBLIC,
        "details": C.PUBLIC,
    },
    "Schedule": {
        "id": C.OPERATIONAL,
        "place": C.OPERATIONAL,
        "service": C.PUBLIC,
        "at_location": C.PUBLIC,
        "day": C.PUBLIC,
        "opens_at": C.PUBLIC,
        "closes_at": C.PUBLIC,
        "valid_from": C.PUBLIC,
        "valid_to": C.PUBLIC,
        "term_time_only": C.PUBLIC,
        "notes": C.PUBLIC,
    },
    "Availability": {
        "service": C.PUBLIC,
        "state": C.PUBLIC,
        "waiting_time": C.PUBLIC,
        "as_of": C.PUBLIC,
        "expires_on": C.PUBLIC,
    },
    "FeedService": {
        "service": C.PUBLIC,
        "number": C.PUBLIC,
        "item": C.PUBLIC,
        "whole": C.PUBLIC,
        "last_modified": C.PUBLIC,
        "changed_at": C.PUBLIC,
        "gone_on": C.PUBLIC,
    },
    "FeedPlace": {
        "id": C.OPERATIONAL,
        "service": C.PUBLIC,
        "number": C.PUBLIC,
        "item": C.PUBLIC,
        "whole": C.PUBLIC,
        "bng": C.PUBLIC,
        "areas": C.PUBLIC,
        "gone_on": C.PUBLIC,
    },
    "Taxonomy": {
        "id": C.OPERATIONAL,
        "code": C.PUBLIC,
        "name": C.PUBLIC,
        "description": C.PUBLIC,
        "uri": C.PUBLIC,
        "version": C.PUBLIC,
    },
    "Term": {
        "id": C.OPERATIONAL,
        "taxonomy": C.PUBLIC,
        "parent": C.PUBLIC,
        "code": C.PUBLIC,
        "name": C.PUBLIC,
        "description": C.PUBLIC,
        "term_uri": C.PUBLIC,
        "place": C.OPERATIONAL,
        "is_hidden": C.PUBLIC,
    },
    "Listing": {
        "service": C.PUBLIC,
        "organisation": C.PUBLIC,
        "slug": C.PUBLIC,
        "name": C.PUBLIC,
        "sort_name": C.PUBLIC,
        "terms_text": C.PUBLIC,
        "body_text": C.PUBLIC,
        "words": C.PUBLIC,
        "tags": C.PUBLIC,
        "visible_from": C.PUBLIC,
        "visible_to": C.PUBLIC,
        "is_verified": C.PUBLIC,
        "verified_on": C.PUBLIC,
        "unverified_from": C.PUBLIC,
        "terms": C.PUBLIC,
        "ages": C.PUBLIC,
        "areas": C.PUBLIC,
        "for_family": C.PUBLIC,
        "for_professional": C.PUBLIC,
        "cost": C.PUBLIC,
        "languages": C.PUBLIC,
        "access": C.PUBLIC,
        "lacks_access": C.PUBLIC,
        "levels": C.PUBLIC,
        "open_at": C.PUBLIC,
        "space": C.PUBLIC,
        "space_until": C.PUBLIC,
        "is_closed": C.PUBLIC,
        "is_sensitive": C.PUBLIC,
        "has_places": C.PUBLIC,
        "hidden_in": C.PUBLIC,
        "card": C.PUBLIC,
        "refresh_on": C.OPERATIONAL,
    },
    "ListingPlace": {
        "id": C.OPERATIONAL,
        "listing": C.PUBLIC,
        "bng": C.PUBLIC,
        "gss": C.PUBLIC,
    },
    "SearchWord": {
        "word": C.PUBLIC,
        "entries": C.PUBLIC,
        "is_only_in_names": C.PUBLIC,
    },
    "SynonymGroup": {
        "id": C.OPERATIONAL,
        "name": C.OPERATIONAL,
        "need": C.OPERATIONAL,
    },
    "Synonym": {
        "id": C.OPERATIONAL,
        "group": C.OPERATIONAL,
        "phrase": C.OPERATIONAL,
    },
    "SearchGap": {
        "id": C.OPERATIONAL,
        "day": C.OPERATIONAL,
        "words": C.OPERATIONAL,
        "filters": C.OPERATIONAL,
        "outcode": C.OPERATIONAL,
        "count": C.OPERATIONAL,
    },
    "ServiceDay": {
        "id": C.OPERATIONAL,
        "service": C.OPERATIONAL,
        "day": C.OPERATIONAL,
        "views": C.OPERATIONAL,
        "helped": C.OPERATIONAL,
        "did_not_help": C.OPERATIONAL,
    },
    "Revision": {
        "id": C.OPERATIONAL,
        "service": C.OPERATIONAL,
        "state": C.OPERATIONAL,
        "base_version": C.OPERATIONAL,
        "base": C.WORK_CONTACT,
        "entry": C.WORK_CONTACT,
        "edit": C.OPERATIONAL,
        "edited_by": C.WORK_CONTACT,
        "edited_at": C.OPERATIONAL,
        "submitted_by": C.WORK_CONTACT,
        "submitted_at": C.OPERATIONAL,
        "decided_by": C.WORK_CONTACT,
        "decided_at": C.OPERATIONAL,
        "reason": C.OPERATIONAL,
        "changed_by_staff": C.OPERATIONAL,
    },
    "Verification": {
        "id": C.OPERATIONAL,
        "service": C.OPERATIONAL,
        "by": C.WORK_CONTACT,
        "method": C.OPERATIONAL,
        "still_right": C.OPERATIONAL,
        "at": C.OPERATIONAL,
    },
    "Suggestion": {
        "id": C.OPERATIONAL,
        "service": C.OPERATIONAL,
        "topic": C.OPERATIONAL,
        "words": C.PERSONAL,
        "reply_to": C.PERSONAL,
        "made_at": C.OPERATIONAL,
        "answer": C.PERSONAL,
        "answered_by": C.WORK_CONTACT,
        "answered_at": C.OPERATIONAL,
    },
    "NotADuplicate": {
        "id": C.OPERATIONAL,
        "first": C.OPERATIONAL,
        "second": C.OPERATIONAL,
        "said_by": C.WORK_CONTACT,
        "said_at": C.OPERATIONAL,
    },
    "Lookalike": {
        "id": C.OPERATIONAL,
        "first": C.OPERATIONAL,
        "second": C.OPERATIONAL,
        "score": C.OPERATIONAL,
        "reasons": C.OPERATIONAL,
    },
    "Profile": {
        "organisation": C.PUBLIC,
        "description": C.PUBLIC,
        "website": C.PUBLIC,
        "email": C.PUBLIC,
        "parent": C.PUBLIC,
    },
    "OrganisationIdentifier": {
        "id": C.OPERATIONAL,
        "organisation": C.PUBLIC,
        "scheme": C.PUBLIC,
        "identifier_type": C.PUBLIC,
        "identifier": C.PUBLIC,
    },
    "Keeper": {
        "id": C.OPERATIONAL,
        "user": C.WORK_CONTACT,
    },
    "ShortlistItem": {
        "id": C.OPERATIONAL,
        "user": C.PERSONAL,
        "service": C.PERSONAL,
        "added_at": C.OPERATIONAL,
    },
    "SharedShortlist": {
        "id": C.OPERATIONAL,
        "digest": C.OPERATIONAL,
        "services": C.PERSONAL,
        "made_by": C.PERSONAL,
        "made_at": C.OPERATIONAL,
        "ends_at": C.OPERATIONAL,
        "revoked_at": C.OPERATIONAL,
    },
    "Source": {
        "id": C.OPERATIONAL,
        "name": C.OPERATIONAL,
        "url": C.OPERATIONAL,
        "licence": C.OPERATIONAL,
        "harvested_at": C.OPERATIONAL,
    },
    "SourceOrganisation": {
        "id": C.OPERATIONAL,
        "source": C.OPERATIONAL,
        "external_id": C.OPERATIONAL,
        "organisation": C.OPERATIONAL,
    },
    "SourceRecord": {
        "id": C.OPERATIONAL,
        "source": C.OPERATIONAL,
        "external_id": C.OPERATIONAL,
        "service": C.OPERATIONAL,
        "taken": C.OPERATIONAL,
        "theirs": C.OPERATIONAL,
        "last_modified": C.OPERATIONAL,
        "read_at": C.OPERATIONAL,
        "gone_at": C.OPERATIONAL,
    },
    "ThresholdFramework": {
        "id": C.OPERATIONAL,
        "area": C.PUBLIC,
        "title": C.PUBLIC,
        "source_url": C.PUBLIC,
        "version": C.PUBLIC,
        "valid_from": C.PUBLIC,
        "is_published": C.PUBLIC,
    },
    "ThresholdLevel": {
        "id": C.OPERATIONAL,
        "framework": C.PUBLIC,
        "order": C.PUBLIC,
        "name": C.PUBLIC,
        "description": C.PUBLIC,
        "what_to_do": C.PUBLIC,
    },
    "Pathway": {
        "id": C.OPERATIONAL,
        "title": C.PUBLIC,
        "slug": C.PUBLIC,
        "need": C.PUBLIC,
        "framework": C.PUBLIC,
        "summary": C.PUBLIC,
        "is_published": C.PUBLIC,
    },
    "PathwayStep": {
        "id": C.OPERATIONAL,
        "pathway": C.PUBLIC,
        "order": C.PUBLIC,
        "title": C.PUBLIC,
        "level": C.PUBLIC,
        "entry": C.PUBLIC,
        "exit": C.PUBLIC,
        "step_up": C.PUBLIC,
        "step_down": C.PUBLIC,
        "leads_to_front_door": C.PUBLIC,
    },
    "StepService": {
        "id": C.OPERATIONAL,
        "step": C.PUBLIC,
        "service": C.PUBLIC,
        "note": C.PUBLIC,
    },
}


# What a person gets


def export_for(user) -> dict:
    """The person's shortlist and the links they shared, and what they wrote, decided, verified and answered."""
    return {
        name: rows
        for name, rows in (
            ("shortlist", _shortlist(user)),
            ("shared_shortlists", _shared(user)),
            ("changes", _changes(user)),
            ("verifications", _verifications(user)),
            ("answers", _answers(user)),
            ("looks_after", _looks_after(user)),
        )
        if rows
    }


def _shortlist(user) -> list[dict]:
    rows = ShortlistItem.objects.filter(user=user).select_related("service").order_by("added_at", "pk")
    return [{"service": each.service.name, "added": each.added_at} for each in rows]


def _shared(user) -> list[dict]:
    rows = SharedShortlist.objects.filter(made_by=user).order_by("made_at", "pk")
    names = dict(Service.objects.values_list("pk", "name").filter(pk__in=[pk for row in rows for pk in row.services]))
    return [
        {
            "services": [names[pk] for pk in each.services if pk in names],
            "made": each.made_at,
            "ends": each.ends_at,
            "taken_back": each.revoked_at,
        }
        for each in rows
    ]


def _changes(user) -> list[dict]:
    rows = Revision.objects.filter(Q(edited_by=user) | Q(submitted_by=user) | Q(decided_by=user))
    return [
        {
            "service": each.service.name,
            "state": each.get_state_display(),
            "edited": each.edited_at if each.edited_by_id == user.pk else None,
            "sent_to_staff": each.submitted_at if each.submitted_by_id == user.pk else None,
            "decided": each.decided_at if each.decided_by_id == user.pk else None,
            "reason": each.reason if each.decided_by_id == user.pk else "",
            "proposed": each.entry if user.pk in (each.edited_by_id, each.submitted_by_id) else None,
        }
        for each in rows.select_related("service").order_by("edited_at", "pk")
    ]


def _verifications(user) -> list[dict]:
    rows = Verification.objects.filter(by=user).select_related("service").order_by("at", "pk")
    return [
        {
            "service": each.service.name,
            "at": each.at,
            "how": each.get_method_display(),
            "still_right": each.still_right,
        }
        for each in rows
    ]


def _answers(user) -> list[dict]:
    """What they answered, and what they suggested under the address of their account."""
    rows = Suggestion.objects.filter(Q(answered_by=user) | Q(reply_to__iexact=user.email)).select_related("service")
    return [
        {
            "service": each.service.name,
            "suggested": each.words if each.reply_to.lower() == user.email else "",
            "answer": each.answer,
            "answered": each.answered_at,
        }
        for each in rows.order_by("made_at", "pk")
    ]


def _looks_after(user) -> list[str]:
    own = [each.name for each in Service.objects.filter(kept_by=user).order_by("name", "pk")]
    return ["The whole directory", *own] if Keeper.objects.filter(user=user).exists() else own


def erase(user, *, by, now) -> None:
    """Their shortlist and shared links go; what they wrote, decided, verified and answered stays, of nobody.

    The directory always has somebody who looks after it, and only staff can say who is next.

    :raises CannotErase: while the person is the one who does
    """
    if Keeper.objects.select_for_update().filter(user=user).exists():
        raise CannotErase(f"{user} looks after the service directory. Name somebody else to look after it first.")
    ShortlistItem.objects.filter(user=user).delete()
    SharedShortlist.objects.filter(made_by=user).delete()
    for model, names in (
        (Revision, ("edited_by", "submitted_by", "decided_by")),
        (Verification, ("by",)),
        (Suggestion, ("answered_by",)),
        (NotADuplicate, ("said_by",)),
        (Service, ("kept_by",)),
    ):
        for name in names:
            model.objects.filter(**{name: user}).update(**{name: None})
    forgotten = Suggestion.objects.filter(reply_to__iexact=user.email).update(reply_to="")
    record("directory.person_erased", user, by=by, details={"reply_addresses": forgotten})
