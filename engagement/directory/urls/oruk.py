"""The Open Referral UK feed, below ``/oruk/v3/``."""

app_name = "oruk"
urlpatterns = []
