"""What is written to the database, in transactions."""

from contextlib import closing

from duplicate import is_duplicate


class Notices:
    def __init__(self, connect):
        self._connect = connect

    def save(self, notice, key, keep):
        """Writes a notice once for a key. Returns "new", or "repeated" where the key was there.

        Where `keep` is false, everything is rolled back: the database is asked and not changed.
        """
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            try:
                connection.begin()
                try:
                    cursor.execute("insert into handled (idempotency_key) values (%s)", (key,))
                except Exception as cause:
                    if not is_duplicate(cause):
                        raise
                    connection.rollback()
                    return "repeated"
                cursor.execute(
                    "insert into notice (id, title, body, expires_at) values (%s, %s, %s, %s)"
                    " on duplicate key update title = values(title), body = values(body),"
                    " expires_at = values(expires_at)",
                    (notice.id, notice.title, notice.body, notice.expires_at),
                )
                if keep:
                    connection.commit()
                else:
                    connection.rollback()
                return "new"
            except Exception:
                connection.rollback()
                raise

    def is_announced(self, key):
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("select announced_at from handled where idempotency_key = %s", (key,))
            row = cursor.fetchone()
            return row is not None and row[0] is not None

    def mark_announced(self, key):
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute(
                "update handled set announced_at = utc_timestamp() where idempotency_key = %s", (key,)
            )
            connection.commit()
