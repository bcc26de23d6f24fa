"""Column types of Postgres that Django has no field for."""

from django.db import models


class PointField(models.Field):
    """A core Postgres ``point``: easting and northing of the British National Grid, in metres."""

    description = "easting and northing in metres"

    def db_type(self, connection):
        return "point"

    def get_prep_value(self, value):
        return None if value is None else f"({value[0]},{value[1]})"

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        easting, northing = value.strip("()").split(",")
        return float(easting), float(northing)


class MinutesField(models.Field):
    """A core Postgres ``int4multirange``: minutes of a week, 0 is Monday 0:00, 10,080 the end of Sunday."""

    description = "minutes of a week"

    def db_type(self, connection):
        return "int4multirange"

    def get_prep_value(self, value):
        return None if value is None else "{" + ",".join(f"[{start},{end})" for start, end in value) + "}"

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        pairs = (pair.split(",") for pair in value.strip("{}").strip("[)").split("),[") if pair)
        return [(int(start), int(end)) for start, end in pairs]
