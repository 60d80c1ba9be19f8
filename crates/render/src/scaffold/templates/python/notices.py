"""What is written to the database, in transactions."""

from contextlib import closing
from dataclasses import dataclass

from duplicate import is_duplicate

# What was handled is forgotten after so many days: longer than a dead-letter queue keeps anything.
KEPT_DAYS = 30
BATCH = 100


@dataclass(frozen=True)
class Arrival:
    """What a notice came with: by what it is known again, and what tells older from newer."""

    key: str
    # When it was sent, in milliseconds since 1970.
    sent_ms: int
    # A digest of what was sent, where another body under the same key is a fault.
    body: str | None = None
    # What it comes from, and what orders all that comes from there; empty where nothing does.
    source: str = ""
    sequencer: str = ""


class Notices:
    def __init__(self, connect, log):
        self._connect = connect
        self._log = log

    def save(self, notice, arrival, keep):
        """Writes a notice once for the key of its arrival, unless a newer one is there.

        Returns "new", "older" where a newer one is there, "repeated" where the key was there, or
        "other" where it was there with another body. Where `keep` is false, everything is rolled
        back: the database is asked and not changed.
        """
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            try:
                connection.begin()
                state = _write(cursor, notice, arrival)
                is_kept = keep and state in ("new", "older")
                if is_kept:
                    connection.commit()
                else:
                    connection.rollback()
            except Exception:
                connection.rollback()
                raise
            if is_kept:
                self._forget(cursor)
            return state

    def _forget(self, cursor):
        """Removes what is old, by itself, so that its locks are held for no longer than it takes.

        What it leaves, the next notice removes: a failure of it is none of the notice.
        """
        try:
            cursor.execute(
                "delete from handled where handled_at < current_timestamp - interval %s day"
                " limit %s",
                (KEPT_DAYS, BATCH),
            )
        except Exception as cause:
            self._log.error("could not forget what is old", reason=str(cause))

    def is_announced(self, key):
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("select announced_at from handled where idempotency_key = %s", (key,))
            row = cursor.fetchone()
            return row is not None and row[0] is not None

    def mark_announced(self, key):
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            _announced(cursor, key)


def _write(cursor, notice, arrival):
    try:
        cursor.execute(
            "insert into handled (idempotency_key, body_sha256) values (%s, %s)",
            (arrival.key, arrival.body),
        )
    except Exception as cause:
        if not is_duplicate(cause):
            raise
        cursor.execute("select body_sha256 from handled where idempotency_key = %s", (arrival.key,))
        row = cursor.fetchone()
        known = row[0] if row else None
        is_other = known is not None and arrival.body is not None and known != arrival.body
        return "other" if is_other else "repeated"
    order = (arrival.source, arrival.sequencer, arrival.sent_ms)
    # Whoever inserts it, or finds it there, has its row until the end of the transaction.
    cursor.execute(
        "insert into notice (id, title, body, expires_at, source, sequencer, sent_ms)"
        " values (%s, %s, %s, %s, %s, %s, %s) on duplicate key update id = id",
        (notice.id, notice.title, notice.body, notice.expires_at, *order),
    )
    cursor.execute(
        "update notice set title = %s, body = %s, expires_at = %s, source = %s, sequencer = %s,"
        " sent_ms = %s where id = %s"
        " and if(source = %s and sequencer <> '' and %s <> '', sequencer <= %s, sent_ms <= %s)",
        (
            notice.title,
            notice.body,
            notice.expires_at,
            *order,
            notice.id,
            arrival.source,
            arrival.sequencer,
            arrival.sequencer,
            arrival.sent_ms,
        ),
    )
    cursor.execute(
        "select count(*) from notice where id = %s and source = %s and sequencer = %s and sent_ms = %s",
        (notice.id, *order),
    )
    if cursor.fetchone()[0] == 1:
        return "new"
    # There is nothing left to announce of it.
    _announced(cursor, arrival.key)
    return "older"


def _announced(cursor, key):
    cursor.execute(
        "update handled set announced_at = utc_timestamp() where idempotency_key = %s", (key,)
    )
