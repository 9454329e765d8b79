"""Authentication by OAuth 2 bearer tokens that are JWTs (RFC 6750, RFC 9068), and the keys they are signed with."""
