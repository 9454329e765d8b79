"""From an answer to what logs and metrics record of its operation."""

from registrations.graphql.context import Context
from registrations.graphql.operations.execution import Answer
from registrations.telemetry.operations import OperationRecord, Outcome


def operation_record(answer: Answer, context: Context, seconds: float) -> OperationRecord:
    operation = answer.operation
    return OperationRecord(
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
