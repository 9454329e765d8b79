"""The types of the schema, each made of a record of the domain."""
