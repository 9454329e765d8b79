"""Write operations, one module each: input, outcome, change. `MUTATIONS` is all of them."""
