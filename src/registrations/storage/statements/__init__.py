"""The SQL statements: reads of lists and of records by id, and the statements of a change."""
