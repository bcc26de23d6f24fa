"""The shapes of Open Referral UK 3.0 (HSDS-UK-3.0): plain values made from loaded rows, without a query.

What the profile has no field for goes out as an extra property: under its name in the international standard where
it has one (``phones``, ``wait_time``), else beginning with ``x_``. A key with nothing to say is left out.
"""
