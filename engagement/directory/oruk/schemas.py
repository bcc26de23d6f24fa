"""The shapes of the feed for its OpenAPI document. More properties than these may come with each."""

UUID = {"type": "string", "format": "uuid"}
TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "format": "uri"}
EMAIL = {"type": "string", "format": "email"}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
NUMBER = {"type": "number"}
COUNT = {"type": "integer", "minimum": 0}
YES_OR_NO = {"type": "boolean"}
CLOCK = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}


def _object(required: str, **properties) -> dict:
    return {"type": "object", "required": required.split(), "properties": properties}


def _ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str) -> dict:
    return {"type": "array", "items": _ref(name), "minItems": 1}


STATUS = {"type": "string", "enum": ["active", "inactive", "defunct", "temporarily closed"]}
KIND = {"type": "string", "enum": ["physical", "postal", "virtual"]}
BOROUGH = _object("name uri", name=TEXT, uri=URI)

SERVICE = {
    "id": UUID,
    "organization_id": UUID,
    "name": TEXT,
    "description": TEXT,
    "url": URI,
    "email": EMAIL,
    "status": STATUS,
    "accreditations": TEXT,
    "minimum_age": NUMBER,
    "maximum_age": NUMBER,
    "assured_date": DAY,
    "assurer_email": EMAIL,
    "alert": TEXT,
    "last_modified": MOMENT,
}
ORGANIZATION = {
    "id": UUID,
    "name": TEXT,
    "description": TEXT,
    "email": EMAIL,
    "website": URI,
    "parent_organization_id": UUID,
}
LOCATION = {
    "id": UUID,
    "location_type": KIND,
    "name": TEXT,
    "description": TEXT,
    "latitude": NUMBER,
    "longitude": NUMBER,
    "external_identifier": TEXT,
    "external_identifier_type": TEXT,
    "x_area": BOROUGH,
}
AT = {"id": UUID, "service_id": UUID, "location_id": UUID, "name": TEXT, "status": STATUS}

SCHEMAS = {
    "Refusal": _object("error", error=TEXT, parameter=TEXT),
    "About": _object("version profile openapi_url", version=TEXT, profile=URI, openapi_url=URI),
    "Page": _object(
        "total_items total_pages page_number size first_page last_page empty",
        total_items=COUNT,
        total_pages=COUNT,
        page_number={"type": "integer", "minimum": 1},
        size=COUNT,
        first_page=YES_OR_NO,
        last_page=YES_OR_NO,
        empty=YES_OR_NO,
    ),
    "ServiceListed": _object("id name status last_modified", **SERVICE, organization=_ref("OrganizationListed")),
    "Service": _object(
        "id organization_id name status last_modified organization",
        **SERVICE,
        organization=_ref("Organization"),
        schedules=_many("Schedule"),
        service_areas=_many("ServiceArea"),
        service_at_locations=_many("At"),
        languages=_many("Language"),
        funding=_many("Funding"),
        cost_options=_many("CostOption"),
        contacts=_many("Contact"),
        attributes=_many("Attribute"),
        phones=_many("Phone"),
        eligibility_description=TEXT,
        wait_time=TEXT,
        x_summary=TEXT,
        x_not_for=TEXT,
        x_any_age=YES_OR_NO,
        x_cost={"type": "string", "enum": ["free", "paid"]},
        x_interpreters=YES_OR_NO,
        x_referral_routes=_many("ReferralRoute"),
        x_availability=_object(
            "state as_of expires_on",
            state={"type": "string", "enum": ["space", "waiting", "full"]},
            waiting_time=TEXT,
            as_of=DAY,
            expires_on=DAY,
        ),
        x_closed={"type": "object", "required": ["from"], "properties": {"from": DAY, "reopens_on": DAY, "note": TEXT}},
        x_address_not_shown_in={"type": "array", "items": BOROUGH, "minItems": 1},
    ),
    "At": _object("id service_id location_id location", **AT, location=_ref("Location")),
    "ServiceAtLocationListed": _object(
        "id service_id name status service", **AT, location=_ref("LocationListed"), service=_ref("ServiceListed")
    ),
    "ServiceAtLocation": _object(
        "id service_id name status service",
        **AT,
        location=_ref("Location"),
        schedules=_many("Schedule"),
        service=_ref("Service"),
    ),
    "LocationListed": _object("id location_type", **LOCATION),
    "Location": _object(
        "id location_type", **LOCATION, addresses=_many("Address"), accessibility=_many("Accessibility")
    ),
    "Address": _object(
        "id address_1 city state_province postal_code country address_type",
        id=UUID,
        location_id=UUID,
        address_1=TEXT,
        city=TEXT,
        state_province=TEXT,
        postal_code=TEXT,
        country=TEXT,
        address_type=KIND,
    ),
    "Accessibility": _object(
        "id description x_has_it",
        id=UUID,
        location_id=UUID,
        description=TEXT,
        details=TEXT,
        x_has_it=YES_OR_NO,
        attributes=_many("Attribute"),
    ),
    "OrganizationListed": _object("id name description", **ORGANIZATION),
    "Organization": _object(
        "id name description", **ORGANIZATION, organization_identifiers=_many("OrganizationIdentifier")
    ),
    "OrganizationIdentifier": _object(
        "id identifier_type identifier",
        id=UUID,
        organization_id=UUID,
        identifier_scheme=TEXT,
        identifier_type=TEXT,
        identifier=TEXT,
    ),
    "Schedule": _object(
        "id freq byday opens_at closes_at",
        id=UUID,
        service_id=UUID,
        service_at_location_id=UUID,
        valid_from=DAY,
        valid_to=DAY,
        freq={"type": "string", "enum": ["WEEKLY"]},
        byday={"type": "string", "enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]},
        opens_at=CLOCK,
        closes_at=CLOCK,
        notes=TEXT,
        x_timezone=TEXT,
        x_term_time_only=YES_OR_NO,
    ),
    "ServiceArea": _object("id name uri", id=UUID, service_id=UUID, name=TEXT, extent_type=TEXT, uri=URI),
    "Language": _object("id name code", id=UUID, service_id=UUID, name=TEXT, code=TEXT),
    "Funding": _object("id source", id=UUID, service_id=UUID, source=TEXT),
    "CostOption": _object(
        "id", id=UUID, service_id=UUID, option=TEXT, amount=NUMBER, currency=TEXT, amount_description=TEXT
    ),
    "Contact": _object("id", id=UUID, service_id=UUID, name=TEXT, title=TEXT),
    "Phone": _object("id number", id=UUID, service_id=UUID, number=TEXT, description=TEXT),
    "Attribute": _object(
        "id link_id taxonomy_term_id taxonomy_term",
        id=UUID,
        link_id=UUID,
        link_entity=TEXT,
        taxonomy_term_id=UUID,
        taxonomy_term=_ref("TaxonomyTerm"),
    ),
    "ReferralRoute": _object(
        "audience is_open",
        audience={"type": "string", "enum": ["family", "professional"]},
        is_open=YES_OR_NO,
        how=TEXT,
        url=URI,
        email=EMAIL,
        phone=TEXT,
        form_url=URI,
        consent_required=YES_OR_NO,
        documents={"type": "array", "items": TEXT, "minItems": 1},
        what_next=TEXT,
    ),
    "Taxonomy": _object("id name description", id=UUID, name=TEXT, description=TEXT, uri=URI, version=TEXT),
    "TaxonomyTerm": _object(
        "id name description taxonomy_id",
        id=UUID,
        name=TEXT,
        description=TEXT,
        parent_id=UUID,
        taxonomy=TEXT,
        taxonomy_id=UUID,
        term_uri=URI,
        code=TEXT,
        x_order={"type": "integer"},
    ),
}
