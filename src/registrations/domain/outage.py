class Unavailable(Exception):
    """The records can't be reached at the moment; the same request may succeed in a while."""


class Conflict(Unavailable):
    """Others changed the same records at the same time, and this change was taken back; made again, it may succeed."""
