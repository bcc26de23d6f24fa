"""Courses with runs, bookings, messages to send and an audit."""

from django.conf import settings
from django.db import models


class Course(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField()

    def __str__(self) -> str:
        return self.title


class Run(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    starts_at = models.DateTimeField()
    venue = models.CharField(max_length=200)
    places = models.PositiveIntegerField()
    booked = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.course} {self.starts_at}"


class Booking(models.Model):
    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    needs = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user} {self.run}"


class Event(models.Model):
    action = models.CharField(max_length=100)
    thing = models.CharField(max_length=100)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.action


class Section(models.Model):
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class Words(models.Model):
    section = models.ForeignKey(Section, on_delete=models.CASCADE)
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.section}"


class Message(models.Model):
    to_email = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.subject
