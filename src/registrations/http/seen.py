"""What the gateway's operators are told of an operation: the one place that picks it from what is known of it."""

from registrations.graphql.context import Context
from registrations.graphql.operations.execution import Answer
from registrations.telemetry.seen import OperationSeen, Outcome


def seen(answer: Answer, context: Context, seconds: float) -> OperationSeen:
    operation = answer.operation
    return OperationSeen(
        _outcome(answer, context),
        name=operation.name if operation else None,
        type=operation.type if operation else None,
        cost=operation.cost if operation else None,
        errors=answer.error_codes,
        field_errors=tuple(context.field_errors),
        viewer=context.viewer.user_id if context.viewer else None,
        seconds=seconds,
        is_known=context.viewer is not None,
    )


def _outcome(answer: Answer, context: Context) -> Outcome:
    if not answer.was_executed:
        return Outcome.REFUSED
    if answer.error_codes:
        return Outcome.ERRORS
    return Outcome.FIELD_ERRORS if context.field_errors else Outcome.OK
