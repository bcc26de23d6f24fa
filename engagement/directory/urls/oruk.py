"""The Open Referral UK feed, below ``/oruk/v3/``. Each address is the same with and without a slash at its end."""

from django.urls import path, re_path

from ..views import oruk

ID = r"(?P<id>[^/]+)/?$"
app_name = "oruk"
urlpatterns = [
    path("", oruk.Front.as_view(), name="front"),
    re_path(r"^openapi\.json/?$", oruk.OpenApi.as_view(), name="openapi"),
    re_path(r"^services/?$", oruk.Services.as_view(), name="services"),
    re_path(rf"^services/{ID}", oruk.OneService.as_view(), name="service"),
    re_path(r"^service_at_locations/?$", oruk.Places.as_view(), name="service-at-locations"),
    re_path(rf"^service_at_locations/{ID}", oruk.OnePlace.as_view(), name="service-at-location"),
    re_path(r"^organizations/?$", oruk.Organisations.as_view(), name="organizations"),
    re_path(rf"^organizations/{ID}", oruk.OneOrganisation.as_view(), name="organization"),
    re_path(r"^taxonomies/?$", oruk.Taxonomies.as_view(), name="taxonomies"),
    re_path(rf"^taxonomies/{ID}", oruk.OneTaxonomy.as_view(), name="taxonomy"),
    re_path(r"^taxonomy_terms/?$", oruk.Terms.as_view(), name="taxonomy-terms"),
    re_path(rf"^taxonomy_terms/{ID}", oruk.OneTerm.as_view(), name="taxonomy-term"),
]
