class Unavailable(Exception):
    """The database can't be reached at the moment; the same request may succeed later."""


class Conflict(Unavailable):
    """The change was rolled back because of a concurrent change to the same records; a second attempt may succeed."""
