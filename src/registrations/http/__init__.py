"""The door: GraphQL over HTTP, and health."""
