"""The runs of a job, one row each: whoever claims a run does its work, and nobody else."""

from contextlib import closing, contextmanager

from duplicate import is_duplicate

BATCH = 500
# A run is forgotten after so many days, finished or not.
KEPT_DAYS = 30
FORGOTTEN_AT_ONCE = 100


class Runs:
    """Each statement is a transaction of its own: what finds a row there holds no lock on it."""

    def __init__(self, connect, log):
        self._connect = connect
        self._log = log

    @contextmanager
    def _cursor(self):
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            yield cursor

    def claim(self, job, scheduled_for, lease_seconds):
        """Returns "ours", "finished", or "running" where another invocation has it.

        A run whose lease is over is taken over.
        """
        with self._cursor() as cursor:
            try:
                cursor.execute(
                    "insert into job_run (job, scheduled_for, lease_until)"
                    " values (%s, %s, utc_timestamp() + interval %s second)",
                    (job, scheduled_for, lease_seconds),
                )
                return "ours"
            except Exception as cause:
                if not is_duplicate(cause):
                    raise
            taken = cursor.execute(
                "update job_run set lease_until = utc_timestamp() + interval %s second"
                " where job = %s and scheduled_for = %s and finished_at is null"
                " and lease_until < utc_timestamp()",
                (lease_seconds, job, scheduled_for),
            )
            if taken == 1:
                return "ours"
            cursor.execute(
                "select finished_at from job_run where job = %s and scheduled_for = %s",
                (job, scheduled_for),
            )
            row = cursor.fetchone()
            return "finished" if row and row[0] is not None else "running"

    def finish(self, job, scheduled_for, removed):
        with self._cursor() as cursor:
            cursor.execute(
                "update job_run set finished_at = utc_timestamp(), removed = %s"
                " where job = %s and scheduled_for = %s",
                (removed, job, scheduled_for),
            )
            # What it leaves, the next run removes: a failure of it is none of the run.
            try:
                cursor.execute(
                    "delete from job_run where job = %s"
                    " and scheduled_for < utc_timestamp() - interval %s day limit %s",
                    (job, KEPT_DAYS, FORGOTTEN_AT_ONCE),
                )
            except Exception as cause:
                self._log.error("could not forget old runs", reason=str(cause))

    def release(self, job, scheduled_for):
        """Gives the run back, so that the next try may claim it at once."""
        with self._cursor() as cursor:
            cursor.execute(
                "update job_run set lease_until = utc_timestamp() - interval 1 second"
                " where job = %s and scheduled_for = %s and finished_at is null",
                (job, scheduled_for),
            )

    def count_expired(self, before):
        with self._cursor() as cursor:
            cursor.execute("select count(*) from notice where expires_at < %s", (before,))
            return cursor.fetchone()[0]

    def remove_expired(self, before):
        """Removes a batch, so that no lock is held for long. Returns how many, and whether that was all."""
        with self._cursor() as cursor:
            removed = cursor.execute(
                "delete from notice where expires_at < %s limit %s", (before, BATCH)
            )
            return removed, removed < BATCH
