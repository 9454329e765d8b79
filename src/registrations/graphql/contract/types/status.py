from enum import Enum

import strawberry


@strawberry.enum(description="Where a registration stands.")
class RegistrationStatus(Enum):
    ACTIVE = strawberry.enum_value("ACTIVE", description="Registered and not yet completed.")
    PASSED = strawberry.enum_value("PASSED", description="Completed at or above the course's passing grade.")
    FAILED = strawberry.enum_value("FAILED", description="Completed below the course's passing grade.")
    EJECTED = strawberry.enum_value("EJECTED", description="Removed from the offering while active, without a grade.")
