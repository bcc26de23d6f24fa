"""Where a service is given. A confidential place has no shape here at all: nobody may come to write one."""

from . import taxonomies
from .values import derived, tidy

GSS = "http://statistics.data.gov.uk/id/statistical-geography/"
COUNTRY = "GB"


def borough(area) -> dict | None:
    """A borough by name and by its address at the Office for National Statistics."""
    return area and {"name": area.name, "uri": f"{GSS}{area.gss}"}


def short_location(row) -> dict:
    """What stands in lists.

    :raises ValueError: for a confidential place
    """
    if row.is_confidential:
        raise ValueError("A confidential place is not published.")
    return tidy(
        {
            "id": str(row.pk),
            "location_type": row.kind,
            "name": row.name,
            "description": row.description,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "external_identifier": row.external_identifier,
            "external_identifier_type": row.external_identifier and "UPRN",
            "x_area": borough(row.area),
        }
    )


def location(row) -> dict:
    """With its address and what it has for people who need it."""
    return short_location(row) | tidy({"addresses": _addresses(row), "accessibility": _accessibility(row)})


def _addresses(row) -> list[dict]:
    """The standard wants every line of an address, so there is none without a postcode and a street or a name."""
    first, postcode = row.address_1.strip() or row.name.strip(), row.postal_code.strip()
    if not (first and postcode):
        return []
    county = row.state_province.strip() or "Greater London"
    return [
        {
            "id": derived(row.pk, "address"),
            "location_id": str(row.pk),
            "address_1": first,
            "city": row.city.strip() or county,
            "state_province": county,
            "postal_code": postcode,
            "country": COUNTRY,
            "address_type": row.kind,
        }
    ]


def _accessibility(row) -> list[dict]:
    """Each fact somebody stated, yes or no. What nobody said is not here."""
    return [
        {
            "id": str(fact.pk),
            "location_id": str(row.pk),
            "description": fact.term.name if fact.state == "yes" else f"No: {fact.term.name.lower()}",
            "details": fact.details,
            "x_has_it": fact.state == "yes",
            "attributes": [_attribute(fact)] if fact.state == "yes" else [],
        }
        for fact in row.accessibility.all()
    ]


def _attribute(fact) -> dict:
    return {
        "id": derived(fact.pk, "attribute"),
        "link_id": str(fact.pk),
        "link_entity": "accessibility",
        "taxonomy_term_id": str(fact.term_id),
        "taxonomy_term": taxonomies.term(fact.term),
    }
