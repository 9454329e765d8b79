"""Where records are kept: tables, their migrations, the statements on them, and connections to a database."""
