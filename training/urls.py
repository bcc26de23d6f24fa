"""Every address of training."""

from django.urls import path

from chatr.pages.sitemaps import SITEMAPS

from .sitemap import Courses
from .views import booking, calendar, cant_come, catalogue, my_bookings, teaching

SITEMAPS["training"] = Courses

app_name = "training"
urlpatterns = [
    path("", catalogue.ListTraining.as_view(), name="courses"),
    path("courses/<slug:slug>/", catalogue.ShowCourse.as_view(), name="course"),
    path("runs/<slug:ref>/book/", booking.BookPlace.as_view(), name="book-place"),
    path("bookings/", my_bookings.ListMyBookings.as_view(), name="bookings"),
    path("bookings/<uuid:uuid>/", my_bookings.ShowBooking.as_view(), name="booking"),
    path("bookings/<uuid:uuid>/done/", booking.BookingDone.as_view(), name="booking-done"),
    path("bookings/<uuid:uuid>/needs/", my_bookings.ChangeNeeds.as_view(), name="change-needs"),
    path("bookings/<uuid:uuid>/cancel/", my_bookings.CancelBooking.as_view(), name="cancel-booking"),
    path("bookings/<uuid:uuid>/move/", my_bookings.MoveBooking.as_view(), name="move-booking"),
    path("bookings/<uuid:uuid>/calendar.ics", calendar.BookingCalendar.as_view(), name="booking-calendar"),
    path("cant-come/<str:token>/", cant_come.CantCome.as_view(), name="cant-come"),
    path("teaching/", teaching.ListTeaching.as_view(), name="teaching"),
    path("teaching/<slug:ref>/", teaching.ShowTeaching.as_view(), name="teaching-run"),
]
