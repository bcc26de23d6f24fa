"""How each field of training is classified, what a person gets who asks for their data, and what erasing removes."""

from chatr.notifications.operations import suppress
from chatr.privacy.classification import Classification as C

from .models import Booking, Needs, TrainerAssignment
from .operations import bookings as operations

CLASSIFIED = {
    "Course": {
        "id": C.OPERATIONAL,
        "code": C.PUBLIC,
        "slug": C.PUBLIC,
        "title": C.PUBLIC,
        "level": C.PUBLIC,
        "summary": C.PUBLIC,
        "aims": C.PUBLIC,
        "audience": C.PUBLIC,
        "content_note": C.PUBLIC,
        "cpd_minutes": C.PUBLIC,
        "requires": C.PUBLIC,
        "approval": C.PUBLIC,
        "is_published": C.OPERATIONAL,
    },
    "Venue": {
        "id": C.OPERATIONAL,
        "name": C.PUBLIC,
        "address": C.PUBLIC,
        "postcode": C.PUBLIC,
        "arrival_instructions": C.OPERATIONAL,  # for booked people: doors and whom to ask for
        "access": C.PUBLIC,
    },
    "CourseRun": {
        "id": C.OPERATIONAL,
        "ref": C.PUBLIC,
        "course": C.PUBLIC,
        "status": C.PUBLIC,
        "mode": C.PUBLIC,
        "online_link": C.OPERATIONAL,  # for booked people, and only near the time
        "opens_date": C.PUBLIC,
        "closes_date": C.PUBLIC,
        "min_places": C.OPERATIONAL,
        "waiting_list_cap": C.OPERATIONAL,
        "places_per_organisation": C.OPERATIONAL,
        "cancel_deadline_working_days": C.PUBLIC,
        "schedule_version": C.OPERATIONAL,
        "cancelled_at": C.OPERATIONAL,
        "cancel_reason": C.OPERATIONAL,
    },
    "RunDate": {
        "id": C.OPERATIONAL,
        "run": C.PUBLIC,
        "number": C.PUBLIC,
        "starts_at": C.PUBLIC,
        "ends_at": C.PUBLIC,
        "venue": C.PUBLIC,
        "ics_sequence": C.OPERATIONAL,
    },
    "TrainerAssignment": {"id": C.OPERATIONAL, "run_date": C.OPERATIONAL, "trainer": C.PERSONAL},
    "Place": {
        "id": C.OPERATIONAL,
        "run": C.OPERATIONAL,
        "number": C.OPERATIONAL,
        "is_extra": C.OPERATIONAL,
        "reason": C.OPERATIONAL,
    },
    "Booking": {
        "id": C.OPERATIONAL,
        "uuid": C.OPERATIONAL,
        "reference": C.PERSONAL,
        "run": C.PERSONAL,
        "attendee": C.PERSONAL,
        "booked_by": C.PERSONAL,
        "organisation": C.PERSONAL,
        "status": C.PERSONAL,
        "place": C.OPERATIONAL,
        "form_key": C.OPERATIONAL,
        "created_at": C.PERSONAL,
        "decided_at": C.PERSONAL,
        "ended_at": C.PERSONAL,
        "reason": C.PERSONAL,
        "moved_to": C.OPERATIONAL,
    },
    "Needs": {
        "id": C.OPERATIONAL,
        "booking": C.PERSONAL,
        "access": C.SPECIAL_CATEGORY,
        "dietary": C.SPECIAL_CATEGORY,
        "purge_after": C.OPERATIONAL,
    },
}


def export_for(user) -> dict:
    """The person's bookings with what they told us they need, and the dates they teach."""
    bookings = Booking.objects.visible_to(user).select_related("run__course", "organisation", "needs").order_by("pk")
    taught = (
        TrainerAssignment.objects.filter(trainer=user).select_related("run_date__run").order_by("run_date__starts_at")
    )
    return {
        "bookings": [_booking(booking) for booking in bookings],
        "teaching": [{"run": each.run_date.run.ref, "at": each.run_date.starts_at.isoformat()} for each in taught],
    }


def _booking(booking: Booking) -> dict:
    needs = getattr(booking, "needs", None)
    return {
        "reference": booking.reference,
        "course": booking.run.course.title,
        "run": booking.run.ref,
        "organisation": booking.organisation.name if booking.organisation else "",
        "status": booking.get_status_display(),
        "asked_at": booking.created_at.isoformat(),
        "decided_at": booking.decided_at.isoformat() if booking.decided_at else "",
        "ended_at": booking.ended_at.isoformat() if booking.ended_at else "",
        "reason": booking.reason,
        "access_needs": needs.access if needs else "",
        "dietary_needs": needs.dietary if needs else "",
    }


def erase(user, *, by, now) -> None:
    """Give up what the person still holds or waits for, and erase what they need and what was said about them.

    That a booking was made and how it ended is kept for the programme's figures, of nobody in particular.
    """
    mine = Booking.objects.visible_to(user)
    for booking in mine.live().order_by("run", "pk"):
        try:
            operations.cancel_booking(booking=booking, by=by, now=now)
        except operations.CannotChangeBooking:
            continue  # the run has begun: that they had a place stays true
        finally:
            suppress(about=booking, reason="The account was erased.")
    Needs.objects.filter(booking__in=mine).delete()
    mine.exclude(reason="").update(reason="")
    TrainerAssignment.objects.filter(trainer=user, run_date__starts_at__gt=now).delete()
