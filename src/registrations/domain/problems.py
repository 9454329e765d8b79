"""The reasons for which a change is refused. Each names the field at fault, as the v5 REST API's `fieldErrors` did."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from registrations.domain.records import Registration


class ErrorCode(StrEnum):
    """Stable codes of problems, for programs."""

    ALREADY_REGISTERED = "ALREADY_REGISTERED"
    COMMENT_TOO_LONG = "COMMENT_TOO_LONG"
    GRADE_OUT_OF_RANGE = "GRADE_OUT_OF_RANGE"
    NOT_ACTIVE = "NOT_ACTIVE"
    OFFERING_NOT_FOUND = "OFFERING_NOT_FOUND"
    REGISTRATION_NOT_FOUND = "REGISTRATION_NOT_FOUND"
    REGISTRATION_NOT_OPEN = "REGISTRATION_NOT_OPEN"
    RETAKE_NOT_ALLOWED = "RETAKE_NOT_ALLOWED"
    USER_NOT_FOUND = "USER_NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Problem(ABC):
    """A reason for which a change is refused. Its message is English text for a person, its code is for programs."""

    code: ClassVar[ErrorCode]
    field: ClassVar[str]

    @property
    @abstractmethod
    def message(self) -> str: ...

    @property
    def argument(self) -> str:
        """The input field that is at fault: the one of that name, if the caller gave one."""
        return self.field


@dataclass(frozen=True, slots=True)
class UserNotFound(Problem):
    code = ErrorCode.USER_NOT_FOUND
    field = "userId"
    message = "There is no such user."


@dataclass(frozen=True, slots=True)
class OfferingNotFound(Problem):
    code = ErrorCode.OFFERING_NOT_FOUND
    field = "offeringId"
    message = "There is no such offering."


@dataclass(frozen=True, slots=True)
class RegistrationNotFound(Problem):
    code = ErrorCode.REGISTRATION_NOT_FOUND
    field = "registrationId"
    message = "There is no such registration."


@dataclass(frozen=True, slots=True)
class AlreadyRegistered(Problem):
    code = ErrorCode.ALREADY_REGISTERED
    field = "offeringId"
    registration: Registration
    message = "The user has an active registration in this offering."


@dataclass(frozen=True, slots=True)
class RetakeNotAllowed(Problem):
    code = ErrorCode.RETAKE_NOT_ALLOWED
    field = "offeringId"
    registration: Registration
    message = "The user has taken this offering before, and it allows no retakes."


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationNotOpen(Problem):
    """The offering takes registrations in `[opens_at, closes_at)`; a bound that is None does not limit it."""

    code = ErrorCode.REGISTRATION_NOT_OPEN
    field = "offeringId"
    opens_at: datetime | None
    closes_at: datetime | None
    message = "The offering takes no registrations now."


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeOutOfRange(Problem):
    code = ErrorCode.GRADE_OUT_OF_RANGE
    field = "gradePercentage"
    minimum: float
    maximum: float

    @property
    def message(self) -> str:
        return f"A grade is a percentage from {self.minimum:g} to {self.maximum:g}."


@dataclass(frozen=True, slots=True)
class CommentTooLong(Problem):
    code = ErrorCode.COMMENT_TOO_LONG
    field = "comment"
    maximum_length: int

    @property
    def message(self) -> str:
        return f"A comment has at most {self.maximum_length:,} characters."


@dataclass(frozen=True, slots=True)
class NotActive(Problem):
    """The change needs an ACTIVE registration, and this one is not."""

    code = ErrorCode.NOT_ACTIVE
    field = "status"
    argument = "registrationId"  # the status is none; what was given is the registration that has it
    registration: Registration
    message: str


class Rejected(Exception):
    """A change that breaks rules, so that nothing may change. Carries every problem found, at least one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = tuple(problems)
