"""A believable organisation, the same for the same seed, sizes and day."""
