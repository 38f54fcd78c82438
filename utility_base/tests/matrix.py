"""What each role may do with what: one matrix a module."""

from .common import ROLES

ALL = "rwcu"
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


def rights(records):
    """Letters of what their user may do with such records."""
    return "".join(
        letter for letter, operation in OPERATIONS.items() if records.has_access(operation)
    )


def is_question(model):
    """Whether records of the model only ask something: whoever reads may create them, and nothing
    of them stays."""
    return model._transient and getattr(model, "_is_question", False)


class MatrixChecks:
    """For test cases of a module: `matrix` is {model: rights by role, in the order of `ROLES`},
    rights being letters of read, write, create, unlink; `module` is the module's name."""

    matrix = {}
    module = ""

    def test_what_each_role_may(self):
        users = {role: self.make_user(role) for role in ROLES}
        for model, row in self.matrix.items():
            for role, expected in zip(ROLES, row, strict=True):
                records = self.env[model].with_user(users[role])
                self.assertEqual(rights(records), expected, f"{role} on {model}")

    def test_the_matrix_is_whole(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("utility.")
            and not model._abstract
            and self.env[name]._original_module == self.module
        }
        self.assertEqual(ours, set(self.matrix))
