"""The rules of registering, progressing, grading and ejecting. Pure: no I/O, no GraphQL, no database."""
