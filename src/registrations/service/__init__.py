"""The use cases. A change loads records, applies a rule of the domain and saves the outcome, in one transaction."""
