"""GraphQL: the contract that frontends see, the plans that answer it, and how an operation is run."""
