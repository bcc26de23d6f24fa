"""What ``script/bench`` measures: the portal, and beside it a floor, the least Django can do of the same work.

``floor`` is that least Django project. ``portal_data`` and ``mail_rate`` run inside the virtual environment, as the
floor does; everything else runs on Python's standard library, in the process of ``script/bench``, and its own work
never counts. Floor and portal take turns in every round, so that what else the machine does weighs on both.
"""
