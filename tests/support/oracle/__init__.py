"""What the gateway has to answer: graphql-core executes the contract over records in memory.

`schema.graphql` says which fields there are, plain resolvers say what each is, and graphql-core says in which order
fields run, where errors stand and how far null goes. None of it knows SQL or how the gateway answers.
"""
