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
        self.arrivals = []
        self.announced = set()
        self.failing = failing

    def save(self, notice, arrival, keep):
        if notice.id in self.failing:
            raise ConnectionError("the database does not answer")
        known = [one for one in self.arrivals if one.key == arrival.key]
        if known:
            return "other" if known[0].body != arrival.body else "repeated"
        is_older = any(
            (one.sequencer, one.sent_ms) > (arrival.sequencer, arrival.sent_ms)
            for one in self.arrivals
        )
        if keep:
            self.saved[arrival.key] = notice
            self.arrivals.append(arrival)
        return "older" if is_older else "new"

    def is_announced(self, key):
        return key in self.announced

    def mark_announced(self, key):
        self.announced.add(key)
