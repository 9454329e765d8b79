"""The use cases: load, ask the domain, save; one transaction each. And the reads, by page and by id."""
