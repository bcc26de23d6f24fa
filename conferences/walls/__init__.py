"""The walls around conference records: what the database itself lets each person see and change.

Row-level security is forced on every table of the area. Every policy rests on the person set for the transaction
(``chatr.database.acting``) and on their live assignments; with nobody set there are no rows. Migrations build the
walls from these modules; docs/decisions/0017 says why they stand where they do.
"""
