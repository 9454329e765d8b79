"""Users, courses, offerings and registrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("passing_grade_percentage", sa.Float(), nullable=False),
        sa.CheckConstraint("passing_grade_percentage BETWEEN 0 AND 100", name="courses_passing_grade_is_percentage"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("username"),
    )
    op.create_table(
        "offerings",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("course_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("retakes_allowed", sa.Boolean(), nullable=False),
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begin_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_begin_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_end_date", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["courses.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("offerings_by_course", "offerings", ["course_id"], unique=False)
    op.create_index(
        "offerings_by_title", "offerings", [sa.literal_column("lower(title COLLATE pg_c_utf8)"), "id"], unique=False
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("offering_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grade_percentage", sa.Float(), nullable=True),
        sa.Column("grader_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("grader_comment", sa.Text(), nullable=True),
        sa.Column("begin_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_active_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_date", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status <> 'ACTIVE' OR end_date IS NULL", name="registrations_active_has_no_end"),
        sa.CheckConstraint("status IN ('ACTIVE', 'PASSED', 'FAILED', 'EJECTED')", name="registrations_status_known"),
        sa.CheckConstraint(
            "status IN ('PASSED', 'FAILED') OR grade_percentage IS NULL", name="registrations_ungraded_has_no_grade"
        ),
        sa.CheckConstraint("grade_percentage BETWEEN 0 AND 100", name="registrations_grade_is_percentage"),
        sa.ForeignKeyConstraint(
            ["grader_id"],
            ["users.id"],
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"],
            ["offerings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("registrations_by_begin_date", "registrations", ["begin_date", "id"], unique=False)
    op.create_index("registrations_by_created_date", "registrations", ["created_date", "id"], unique=False)
    op.create_index("registrations_by_end_date", "registrations", ["end_date", "id"], unique=False)
    op.create_index("registrations_by_last_active_date", "registrations", ["last_active_date", "id"], unique=False)
    op.create_index("registrations_by_offering", "registrations", ["offering_id", "created_date", "id"], unique=False)
    op.create_index(
        "registrations_by_offering_and_begin_date",
        "registrations",
        ["offering_id", "begin_date", "id"],
        unique=False,
    )
    op.create_index(
        "registrations_by_offering_and_end_date", "registrations", ["offering_id", "end_date", "id"], unique=False
    )
    op.create_index(
        "registrations_by_offering_and_last_active_date",
        "registrations",
        ["offering_id", "last_active_date", "id"],
        unique=False,
    )
    op.create_index("registrations_by_status", "registrations", ["status", "created_date", "id"], unique=False)
    op.create_index("registrations_by_user", "registrations", ["user_id", "created_date", "id"], unique=False)
    op.create_index(
        "registrations_one_active",
        "registrations",
        ["user_id", "offering_id"],
        unique=True,
        postgresql_where=sa.text("status = 'ACTIVE'"),
    )


def downgrade() -> None:
    op.drop_index("registrations_one_active", table_name="registrations", postgresql_where=sa.text("status = 'ACTIVE'"))
    op.drop_index("registrations_by_user", table_name="registrations")
    op.drop_index("registrations_by_status", table_name="registrations")
    op.drop_index("registrations_by_offering_and_last_active_date", table_name="registrations")
    op.drop_index("registrations_by_offering_and_end_date", table_name="registrations")
    op.drop_index("registrations_by_offering_and_begin_date", table_name="registrations")
    op.drop_index("registrations_by_offering", table_name="registrations")
    op.drop_index("registrations_by_last_active_date", table_name="registrations")
    op.drop_index("registrations_by_end_date", table_name="registrations")
    op.drop_index("registrations_by_created_date", table_name="registrations")
    op.drop_index("registrations_by_begin_date", table_name="registrations")
    op.drop_table("registrations")
    op.drop_index("offerings_by_title", table_name="offerings")
    op.drop_index("offerings_by_course", table_name="offerings")
    op.drop_table("offerings")
    op.drop_table("users")
    op.drop_table("courses")
