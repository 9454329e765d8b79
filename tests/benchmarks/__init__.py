"""What a request costs, beside a hand-written endpoint and the same schema as Strawberry's documentation shows it."""
