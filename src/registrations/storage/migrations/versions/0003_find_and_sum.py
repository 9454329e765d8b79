"""Finding and summing."""

from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER INDEX registrations_by_offering RENAME TO registrations_by_offering_and_created_date")


def downgrade() -> None:
    op.execute("ALTER INDEX registrations_by_offering_and_created_date RENAME TO registrations_by_offering")
