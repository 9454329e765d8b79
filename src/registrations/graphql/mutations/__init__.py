"""Write operations, one module each: input, outcome, resolver."""
