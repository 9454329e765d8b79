"""GraphQL over HTTP, and the endpoints for operators."""
