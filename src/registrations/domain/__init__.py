"""The records and their rules: registering, progress, grading, ejecting, and who may do what. No I/O, no GraphQL."""
