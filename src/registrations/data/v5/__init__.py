"""What the v5 REST API returned, kept in files, into the database."""
