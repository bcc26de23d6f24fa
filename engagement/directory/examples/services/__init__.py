"""Example services of made-up organisations, in every state. Streets and postcodes are real, nobody in them is."""

from .canal import OF_CANAL
from .odd import ALIKE, MERGED, WITHDRAWN
from .others import OF_OTHERS
from .together import OF_TOGETHER

PLANS = (*OF_TOGETHER, *OF_CANAL, *OF_OTHERS, *ALIKE)

__all__ = ["MERGED", "PLANS", "WITHDRAWN"]
