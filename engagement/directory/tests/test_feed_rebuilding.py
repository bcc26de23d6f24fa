"""All the public reads can be written anew at any time."""

from io import StringIO

from django.core.management import call_command

from ..models import FeedPlace, FeedService, Listing, Term
from ..operations import rebuilding
from ..operations.rebuilding import rebuild
from .feeding import make_a_feed
from .making import NOW


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (FeedService, FeedPlace)]


def test_rebuilding_writes_what_is_missing_and_leaves_what_is_right(together, next_door, monkeypatch):
    monkeypatch.setattr(rebuilding, "A_BATCH", 2)
    made = make_a_feed(together, next_door)
    before = rows()
    assert rebuild(now=NOW) == len(made)
    assert rows() == before
    Listing.objects.all().delete()
    FeedPlace.objects.all().delete()
    said = StringIO()
    call_command("rebuild_directory", stdout=said)
    assert said.getvalue().startswith(f"{len(made)} services were brought in step")
    assert (Listing.objects.count(), FeedPlace.objects.filter(gone_on=None).count()) == (6, 5)


def test_a_term_renamed_reaches_the_services_under_it(together, next_door):
    full = make_a_feed(together, next_door)["full"]
    Term.objects.filter(code="counselling").update(name="Talking therapy")
    rebuild(services=type(full).objects.filter(service_terms__term__code="counselling"), now=NOW)
    assert "Talking therapy" in FeedService.objects.get(pk=full.pk).whole
