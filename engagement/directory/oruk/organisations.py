"""An organisation."""

from .values import email, tidy, uri


def organisation(row) -> dict:
    """What stands in lists and in each of its services."""
    profile = getattr(row, "directory_profile", None)
    said = {"description": f"{row.name} has services here."}
    if profile is not None:
        said = {
            "description": profile.description.strip() or said["description"],
            "email": email(profile.email),
            "website": uri(profile.website),
            "parent_organization_id": profile.parent_id and str(profile.parent_id),
        }
    return tidy({"id": str(row.pk), "name": row.name, **said})


def whole_organisation(row) -> dict:
    """With the numbers others know it by."""
    return organisation(row) | tidy(
        {
            "organization_identifiers": [
                {
                    "id": str(each.pk),
                    "organization_id": str(row.pk),
                    "identifier_scheme": each.scheme,
                    "identifier_type": each.identifier_type or each.scheme,
                    "identifier": each.identifier,
                }
                for each in sorted(row.identifiers.all(), key=lambda each: each.pk)
                if each.identifier.strip()
            ]
        }
    )
