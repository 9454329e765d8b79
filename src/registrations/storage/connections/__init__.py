"""Connections to PostgreSQL: the pool, the embedded server, the schema's migration, and how a process opens them."""
