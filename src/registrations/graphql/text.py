"""Text of clients that PostgreSQL can store."""

from registrations.graphql.errors import bad_user_input


def check_storable(text: str, name: str) -> None:
    """Raises a client error where no column can hold the text that was given by that name."""
    if "\0" in text:
        raise bad_user_input(f"`{name}` contains the character U+0000, which no text can store: leave it out.")
