"""The OpenAPI document of the feed: what works, and nothing else. The shapes in it are in ``schemas``."""

from .parameters import DAYS, LONGEST_SEARCH, MOST_PER_PAGE, PER_PAGE
from .schemas import SCHEMAS

PAGING = ("page", "per_page")
OF_ROWS = ("minimal", "full", "format")
OF_ENTRIES = (
    *("search", "taxonomy_term_id", "taxonomy_id", "minimum_age", "maximum_age", "start_time", "end_time", "day"),
    *("organization_id", "modified_after", "age"),
)
SERVICES = (*OF_ENTRIES, *PAGING, *OF_ROWS)
PLACES = (*OF_ENTRIES, "postcode", "proximity", *PAGING, *OF_ROWS)
ORGANISATIONS = (*PAGING, "full")
TAXONOMIES = PAGING
TERMS = ("taxonomy_id", "parent_id", "top_only", *PAGING)

UUID = {"type": "string", "format": "uuid"}
AGE = {"type": "number", "minimum": 0, "maximum": 150}
CLOCK = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", "example": "09:30"}
YES_OR_NO = {"type": "boolean"}
SEVERAL = {"style": "form", "explode": True}

# name: what it does, its schema, and whether it may be given several times
PARAMETERS = {
    "page": ("Which page, from 1. A page past the end is empty.", {"type": "integer", "minimum": 1, "default": 1}),
    "per_page": (
        f"How many on a page. More than {MOST_PER_PAGE} is taken as {MOST_PER_PAGE}.",
        {"type": "integer", "minimum": 1, "default": PER_PAGE},
    ),
    "search": (
        'Words that name, terms or description hold, in any form. Quote a "phrase"; put a minus before a word to'
        " leave it out.",
        {"type": "string", "maxLength": LONGEST_SEARCH},
    ),
    "taxonomy_term_id": (
        "Services under this term or one below it. Given several times: under all of them.",
        {"type": "array", "items": UUID},
    ),
    "taxonomy_id": (
        "Services under any term of this taxonomy. Given several times: of all of them.",
        {"type": "array", "items": UUID},
    ),
    "organization_id": ("Services of this organisation.", UUID),
    "minimum_age": ("Services whose minimum_age is at least this, in years. They have to state one.", AGE),
    "maximum_age": ("Services whose maximum_age is at or below this, in years. They have to state one.", AGE),
    "age": (
        "An addition of ours. Services for a child of this age in years, or that do not state an age. Given several"
        " times: for all of these ages.",
        {"type": "array", "items": AGE},
    ),
    "day": ("Services open on this day.", {"type": "string", "enum": list(DAYS)}),
    "start_time": ("Services with a session that begins at or after this time (with day: on that day).", CLOCK),
    "end_time": ("Services with a session that ends at or before this time; 00:00 is midnight.", CLOCK),
    "postcode": (
        "Services that serve the borough of this postcode, or do not state which they serve.",
        {"type": "string", "example": "E8 1DY"},
    ),
    "proximity": (
        "Metres from the middle of the postcode. Only those there; give a postcode with it.",
        {"type": "number", "minimum": 0, "maximum": 9999999},
    ),
    "modified_after": (
        "What changed at or after this moment, in itself or in what is nested in it, withdrawn services too. Changes"
        " are seen a moment after they are made: ask again from a minute before you last asked.",
        {"type": "string", "format": "date-time"},
    ),
    "minimal": ("Only id, name, status and last_modified.", YES_OR_NO),
    "full": ("Each with everything nested.", YES_OR_NO),
    "format": (
        "ndjson sends everything without pages, one on each line.",
        {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
    ),
    "parent_id": ("Terms directly under this one.", UUID),
    "top_only": ("Only terms that are under no other.", YES_OR_NO),
}


def openapi(server: str) -> dict:
    """The document; ``server`` is the address the paths begin at."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Services for children and families in Hackney and the City of London",
            "version": "3.0",
            "description": (
                "An Open Referral UK feed (HSDS-UK-3.0). No key and no registration. Filters narrow a list, each"
                " further than the others. Lists are in an order that stays: what is new comes last, and a withdrawn"
                " service is sent as inactive for 90 days before it is gone. A fact nobody stated is left out."
                " Properties that begin with x_ are additions of ours."
            ),
        },
        "servers": [{"url": server}],
        "paths": {
            "/": _get("getAPIMetaInformation", "What this feed is.", "About"),
            **_list_and_one("/services", "Services", "services", SERVICES, "ServiceListed", "Service", stream=True),
            **_list_and_one(
                "/service_at_locations",
                "Services at one place each",
                "ServiceAtLocations",
                PLACES,
                "ServiceAtLocationListed",
                "ServiceAtLocation",
                stream=True,
            ),
            **_list_and_one(
                "/organizations", "Organisations", "Organizations", ORGANISATIONS, "OrganizationListed", "Organization"
            ),
            **_list_and_one("/taxonomies", "Lists of terms", "Taxonomies", TAXONOMIES, "Taxonomy", "Taxonomy"),
            **_list_and_one("/taxonomy_terms", "Terms", "TaxonomyTerms", TERMS, "TaxonomyTerm", "TaxonomyTerm"),
            "/openapi.json": _get("getOpenAPI", "This document.", None),
        },
        "components": {
            "schemas": SCHEMAS,
            "parameters": {name: _parameter(name) for name in PARAMETERS},
            "responses": {
                "BadParameter": _json("A parameter is not right; it is named.", "Refusal"),
                "NotFound": _json("There is none.", "Refusal"),
            },
        },
    }


def _parameter(name: str) -> dict:
    said, schema = PARAMETERS[name]
    several = SEVERAL if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "required": False, "description": said, "schema": schema} | several


def _json(said: str, schema: str | None) -> dict:
    shape = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    return {"description": said, "content": {"application/json": {"schema": shape}}}


def _get(operation: str, said: str, schema: str | None) -> dict:
    return {"get": {"operationId": operation, "summary": said, "responses": {"200": _json(said, schema)}}}


def _list_and_one(
    path: str, said: str, operation: str, names: tuple[str, ...], listed: str, one: str, *, stream: bool = False
) -> dict:
    page = {
        "allOf": [
            {"$ref": "#/components/schemas/Page"},
            {
                "type": "object",
                "required": ["contents"],
                "properties": {"contents": {"type": "array", "items": {"$ref": f"#/components/schemas/{listed}"}}},
            },
        ]
    }
    content = {"application/json": {"schema": page}}
    if stream:
        content["application/x-ndjson"] = {"schema": {"type": "string"}}
    return {
        path: {
            "get": {
                "operationId": f"getPaginatedListOf{operation[0].upper()}{operation[1:]}",
                "summary": f"{said}, a page at a time.",
                "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
                "responses": {
                    "200": {"description": f"{said}.", "content": content},
                    "400": {"$ref": "#/components/responses/BadParameter"},
                },
            }
        },
        f"{path}/{{id}}": {
            "get": {
                "operationId": f"get{one}ById",
                "summary": f"One of them with everything nested: {one}.",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": UUID}],
                "responses": {
                    "200": _json(f"{one}.", one),
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            }
        },
    }
