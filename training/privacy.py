"""How each field of training is classified, what a person gets when they ask for their data, and what erasing removes."""

from chatr.privacy.classification import Classification as C

CLASSIFIED = {}
