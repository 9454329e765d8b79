"""Records in bulk: a made-up organisation, and what the v5 REST API exported."""
