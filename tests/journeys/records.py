"""What is on record, read as the administrator."""


class Records:
    """
    :param call: JSON-2 client
    """

    def __init__(self, call):
        self.call = call

    def find(self, model, domain, fields, **more):
        """Rows of a model of the suite, by the name that follows `utility.`"""
        return self.call(f"utility.{model}", "search_read", domain=domain, fields=fields, **more)

    def one(self, model, domain, fields, **more):
        (found,) = self.find(model, domain, fields, **more)
        return found
