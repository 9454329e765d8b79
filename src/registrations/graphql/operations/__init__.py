"""How a request's document is run: parsed, validated, measured, planned, answered."""
