"""Plans: from what an operation selects to the statements that are run and the function that makes the answer.

graphql-core answers a list of 50 registrations by calling a resolver, a type check and a serializer for each of some
600 values. But all that differs from one registration to the next is a row. So what graphql-core would do with *any*
row is worked out once for an operation, and written down as Python::

    query ($n: Int!) {                    SELECT page.id, page.status, registered.username, …
      registrations(first: $n) {     ──►                      │ rows
        nodes {                           def complete(page, …):
          id                                  return {
          state: status              ──►          "nodes": [
          user { username }                           {"id": r[0], "state": r[1], "user": {"username": r[2]}}
        }                                             for r in page.rows
      }                                           ]
    }                                         }

A list within a list is read by another statement, for all the rows above at once; the function finds what came of it
by their ids, as in `"registrations": nested[0].get(r[0])`.

    fields.py       where the value of a field comes from; the contract declares each field with one of these
    selection.py    what the operation selects, with fragments, aliases and directives resolved
    code.py         from a selection to the columns to be read, and to the function
    nested.py       records and connections below rows
    root_fields.py  what a query reads first; queries.py  all root fields together
    introspection.py  what the schema says of itself
    objects.py      outcomes of changes and problems, with the records in them; mutations.py  one change after another
    arguments.py    what a field is asked for
    failures.py     failed fields become null, with an error at each path
    planning.py     from an operation to its plan

graphql-core parses, validates and coerces what comes in. All that is executed has a plan.
"""
