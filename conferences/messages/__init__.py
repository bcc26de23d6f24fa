"""What the area writes to people: that something waits for them after signing in, and never what."""


def register_kinds() -> None:
    """Make the area's kinds of message known."""
    from . import advocates, copies, emergency, handing_over, listening, reports

    advocates.register_kinds()
    copies.register_kinds()
    emergency.register_kinds()
    handing_over.register_kinds()
    listening.register_kinds()
    reports.register_kinds()
