"""The chair's desk, the overview of one conference, and what moves it on."""

from django.urls import path

from ..views import desk, states

urlpatterns = [
    path("desk/", desk.Desk.as_view(), name="desk"),
    path("<uuid:conference_id>/", desk.Overview.as_view(), name="conference"),
    path("<uuid:conference_id>/begin/", states.Begin.as_view(), name="begin"),
    path("<uuid:conference_id>/check/", states.SendToCheck.as_view(), name="send-to-check"),
    path("<uuid:conference_id>/take-back/", states.TakeBack.as_view(), name="take-back"),
    path("<uuid:conference_id>/adjourn/", states.Adjourn.as_view(), name="adjourn"),
    path("<uuid:conference_id>/cancel/", states.Cancel.as_view(), name="cancel"),
    path("<uuid:conference_id>/late/", states.Late.as_view(), name="late"),
]
