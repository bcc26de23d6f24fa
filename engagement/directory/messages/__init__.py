"""The messages of the directory."""


def register_kinds() -> None:
    """Make them known to the outbox."""
    from . import keeping, shortlists
    from .editing import register_editing

    register_editing()
    keeping.register_kinds()
    shortlists.register_kinds()
