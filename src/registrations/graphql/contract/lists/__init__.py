"""The lists of the contract: what each is filtered and sorted by, and the query that its arguments ask for."""
