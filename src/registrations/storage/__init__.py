"""Where records are kept: tables, migrations, statements, connections and an embedded PostgreSQL."""
