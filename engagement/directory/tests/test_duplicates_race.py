"""Two members of staff making the same two entries one at the same moment, each the other way round."""

import pytest

from chatr.testing.people import make_organisation, make_person

from ..models import Service
from ..operations.duplicates import CannotMerge, Seen, merge_services
from .making import NOW, bare, publish


@pytest.mark.django_db(transaction=True)
def test_two_entries_merged_both_ways_at_once_become_one(run_threads):
    organisation = make_organisation("Example Families Together", "together.example.org")
    staff = make_person("Sol Staff", "sol@programme.example.org", None, "programme_staff")
    one, other = publish(organisation, bare("Example one")), publish(organisation, bare("Example other"))

    def merge(keep, gone):
        try:
            merge_services(keep=keep, other=gone, choices={}, seen=Seen(1, 1), by=staff, now=NOW)
        except CannotMerge as refusal:
            return str(refusal)
        return "merged"

    said = run_threads([lambda: merge(one, other), lambda: merge(other, one)] * 2)
    assert sorted(said).count("merged") == 1, said
    assert Service.objects.published().count() == 1
    assert Service.objects.get(merged_into=None) == Service.objects.published().get()
