"""What schemathesis is told of the gateway beside its schema, which can't say it; it imports this by its name."""

import re
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.graphql import nodes
from schemathesis.graphql.checks import GraphQLClientError

from registrations.data.seed.organisation import Organisation, Sizes
from registrations.domain.records import Record
from tests.support.records import NOW

ORGANISATION = Organisation(Sizes(users=50, courses=5, offerings=12, registrations=300), 1, NOW)

REFUSED_PAGING = re.compile(
    r"Pass a `(first|last)` from 0 to 100; it was -?\d+\."
    r"|Pass `first` or `last`, not both\."
    r"|`(after|before)` is not a cursor of this list: .*"
)

records: tuple[Record, ...] = (
    *ORGANISATION.users,
    *ORGANISATION.courses,
    *ORGANISATION.offerings,
    *ORGANISATION.registrations(),
)
ids = st.sampled_from([record.id for record in records])

# Of all that these types can hold, next to nothing would name a record, or be a size of pages that are cheap enough.
schemathesis.graphql.scalar("ID", (ids | ids | st.text()).map(nodes.String))
schemathesis.graphql.scalar("Int", st.integers(-1, 10).map(nodes.Int))


@schemathesis.hook
def filter_failure(_context: HookContext, failure: Failure, _case: Case[Any], _response: Response) -> bool:
    """Whether a failure is one. It is none that paging arguments which the schema's types allow are refused."""
    return not (
        isinstance(failure, GraphQLClientError)
        and all(REFUSED_PAGING.fullmatch(error["message"]) for error in failure.errors)
    )
