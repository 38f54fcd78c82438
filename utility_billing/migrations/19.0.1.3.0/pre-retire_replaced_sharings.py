# a period is shared once, by what is in force on its last day: what was shared by something else is
# taken back before the database forbids it, and is shared again by the next billing run
REASON = "The building is shared otherwise since"


def migrate(cr, version):
    cr.execute("ALTER TABLE utility_allocation_run ADD COLUMN IF NOT EXISTS is_outdated boolean")
    cr.execute(
        """
        UPDATE utility_allocation_run run
        SET state = 'cancelled', is_outdated = TRUE, cancel_reason = %s
        FROM utility_allocation_assignment assignment
        WHERE assignment.id = run.assignment_id AND run.state <> 'cancelled'
        AND (assignment.voided_at IS NOT NULL OR assignment.date_end < run.date_end
             OR EXISTS (
                SELECT FROM utility_allocation_run later
                WHERE later.id > run.id AND later.state <> 'cancelled'
                AND later.assignment_id IS NOT NULL
                AND later.service_point_id = run.service_point_id
                AND later.service_id = run.service_id AND later.purpose = run.purpose
                AND later.date_start <= run.date_end AND later.date_end >= run.date_start))
        """,
        [REASON],
    )
    cr.execute(
        """
        UPDATE utility_allocation_share share SET voided_at = now() AT TIME ZONE 'UTC'
        FROM utility_allocation_run run
        WHERE run.id = share.run_id AND run.is_outdated AND share.voided_at IS NULL
        """
    )
