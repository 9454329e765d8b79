"""A realistic, made-up organisation: always the same for the same seed, sizes and day."""
