"""The contract: declarations of types, arguments and mutations, and of where each field's value comes from."""
