"""The contract: the GraphQL schema that frontends see, and how an operation on it is run."""
