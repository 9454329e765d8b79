class Unavailable(Exception):
    """The records can't be reached at the moment; the same request may succeed in a while."""
