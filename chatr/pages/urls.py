"""Public pages, and the addresses machines ask. The last pattern takes any one word, so this list comes last of all."""

from django.urls import path

from . import views

app_name = "pages"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("healthz", views.Alive.as_view(), name="alive"),
    path("readyz", views.Ready.as_view(), name="ready"),
    path("robots.txt", views.Robots.as_view(), name="robots"),
    path("sitemap.xml", views.show_sitemap, name="sitemap"),
    path("favicon.ico", views.Favicon.as_view(), name="favicon"),
    path(".well-known/security.txt", views.SecurityText.as_view(), name="security-text"),
    path("<slug:slug>/", views.ShowPage.as_view(), name="page"),
]
