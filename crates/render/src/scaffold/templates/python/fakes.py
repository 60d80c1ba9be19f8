"""What stands for the outside in the tests."""


class FakeLog:
    def __init__(self):
        self.lines = []

    def info(self, message, **_fields):
        self.lines.append(message)

    def error(self, message, **_fields):
        self.lines.append(message)


class FakeNotices:
    def __init__(self, failing=()):
        self.saved = {}
        self.announced = set()
        self.failing = failing

    def save(self, notice, key, keep):
        if notice.id in self.failing:
            raise ConnectionError("the database does not answer")
        if key in self.saved:
            return "repeated"
        if keep:
            self.saved[key] = notice
        return "new"

    def is_announced(self, key):
        return key in self.announced

    def mark_announced(self, key):
        self.announced.add(key)
