"""A GraphQL gateway over the registrations of a learning management system."""
