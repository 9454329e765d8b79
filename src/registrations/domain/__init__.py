"""The rules: registering, progressing, grading, ejecting; which records a list holds. Pure: no I/O, no GraphQL."""
