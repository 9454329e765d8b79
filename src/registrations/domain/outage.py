class Unavailable(Exception):
    """The database can't be reached at the moment; the same request may succeed later."""


class TookTooLong(Exception):
    """What was to be read takes longer than one operation may take of the database."""


class Conflict(Unavailable):
    """The change was rolled back because of a concurrent change to the same records; a second attempt may succeed."""
