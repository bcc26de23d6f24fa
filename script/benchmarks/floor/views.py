"""A course to read, a form to book with, and the page that says it worked."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from .models import Booking, Course, Event, Message, Run, Section, Words
from .tasks import send


class BookingForm(forms.Form):
    needs = forms.CharField(required=False, widget=forms.Textarea)


def course(request, slug):
    """Two queries."""
    found = get_object_or_404(Course, slug=slug)
    return render(request, "course.html", {"course": found, "runs": found.run_set.order_by("starts_at")})


@login_required
def book(request, pk):
    """The form; sent, a place while there is one."""
    form = BookingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _book(request, pk, form.cleaned_data["needs"])
    run = get_object_or_404(Run.objects.select_related("course"), pk=pk)
    return render(request, "book.html", {"run": run, "form": form})


@transaction.atomic
def _book(request, pk, needs):
    if not Run.objects.filter(pk=pk, booked__lt=F("places")).update(booked=F("booked") + 1):
        return redirect("full")
    booking = Booking.objects.create(run_id=pk, user=request.user, needs=needs)
    Event.objects.create(action="booked", thing=f"booking {booking.pk}", by=str(request.user.pk))
    text = f"Hello {request.user.username},\n\nyou have a place. Your booking is number {booking.pk}.\n"
    message = Message.objects.create(to_email=request.user.email, subject="You have a place", text=text)
    send.delay_on_commit(message.pk)
    return redirect("done")


@login_required
def record(request, pk):
    """A section with its words in boxes, the others beside it; sent, the first words are kept if nobody was quicker."""
    section = get_object_or_404(Section, pk=pk)
    if request.method == "POST":
        return _keep(request, section)
    words = section.words_set.order_by("pk")
    return render(
        request, "record.html", {"section": section, "words": words, "sections": Section.objects.order_by("pk")}
    )


@transaction.atomic
def _keep(request, section):
    version = int(request.POST["version"])
    if not Section.objects.filter(pk=section.pk, version=version).update(version=version + 1):
        return JsonResponse({}, status=409)
    key = request.POST["block"]
    Words.objects.filter(pk=key, section=section).update(text=request.POST[f"{key}-words"])
    Event.objects.create(action="saved", thing=f"section {section.pk}", by=str(request.user.pk))
    return JsonResponse({"version": str(version + 1)})


def done(request):
    return render(request, "said.html", {"words": "You have a place. We have sent you an e-mail."})


def full(request):
    return render(request, "said.html", {"words": "This run is full."})
