"""Queries compiled to functions that turn rows into answers.

graphql-core answers a list of 50 registrations by calling a resolver, a type check and a serializer for each of some
600 values. But all that differs from one registration to the next is a row. So for an operation that is seen again,
what graphql-core would do with *any* row is worked out once and written down as Python::

    query ($n: Int!) {                    SELECT page.id, page.status, registered.username, …
      registrations(first: $n) {     ──►                      │ rows
        nodes {                           def complete(page, …):
          id                                  return {
          state: status              ──►          "nodes": [
          user { username }                           {"id": r[5], "state": r[6], "user": {"username": r[7]}}
        }                                             for r in page.rows
      }                                           ]
    }                                         }

A list within a list is a level of its own: one statement reads it for all the rows above, whose function finds what
came of it by their ids, as in `"registrations": below[0].get(r[0])`.

    plan.py       what the operation selects, with fragments, aliases and directives seen through
    bindings.py   what each field is made of: a column, a record read along, a function of columns, a level below
    code.py       from both to the columns to be read, and to the function
    levels.py     what is read for all the rows of a level at once: arguments, rows, what is below, the function
    roots.py      what is read first, a record or a connection; nodes.py  or records of which the kind is asked before
    reading.py    plans of queries, of such root fields
    changing.py   plans of mutations, whose answer is completed from the record that was changed
    failures.py   what failed becomes null, and an error at each of its places
    arguments.py  what a field is asked for; variables.py  with which values
    cache.py      documents that are used again and again stay, those sent once pass through

graphql-core stays the judge. It parses, validates and coerces what comes in. Whatever this package does not know (a
union, a directive, a field without a binding) has no plan, and the operation is executed as ever. What a change is
refused for becomes an answer by it, too. `REGISTRATIONS_COMPILED=false` has all executed so, to the same answers.
"""
