from odoo import fields, models


class ReminderMixin(models.AbstractModel):
    """Records of which somebody is reminded once for every deadline they get."""

    _name = "utility.reminder.mixin"
    _description = "Reminder of a Deadline"
    _inherit = ["mail.activity.mixin"]

    reminded_for = fields.Date(
        readonly=True, copy=False, help="The deadline of which the responsible was reminded last."
    )

    def _remind(self, activity_type, deadline_field, text):
        """Give the responsible an activity, unless there was one for the same deadline.

        :param activity_type: XML id of the activity type
        :param deadline_field: name of the date field that holds the deadline
        :param text: function of a record that returns the activity's summary
        :return: the records of which somebody was reminded
        """
        due = self.filtered(lambda record: record.reminded_for != record[deadline_field])
        for record in due:
            user = record._reminded_user()
            record.with_context(lang=user.lang).activity_schedule(
                activity_type,
                date_deadline=record[deadline_field],
                summary=text(record.with_context(lang=user.lang)),
                user_id=user.id,
            )
            record.reminded_for = record[deadline_field]
        return due

    def _reminded_user(self):
        user = self.user_id or self.create_uid
        return user if user.active else self.env.user
