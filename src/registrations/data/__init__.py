"""Records in bulk: seeding a made-up organisation, and importing what the v5 REST API exported."""
