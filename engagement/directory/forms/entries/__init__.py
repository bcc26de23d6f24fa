"""The entry of a service as pages of boxes, one page a part, in the order people fill them in."""

from .reaching import AreasForm, ContactForm, CostForm, ReferForm
from .sections import SectionForm, WhatForm, WhoForm
from .where import PlacesForm

SECTIONS: dict[str, type[SectionForm]] = {
    form.slug: form for form in (WhatForm, WhoForm, ReferForm, CostForm, ContactForm, PlacesForm, AreasForm)
}

__all__ = ["SECTIONS", "SectionForm"]
