// The runs of a job, one row each: whoever claims a run does its work, and nobody else.

const DUPLICATE = 1062;
const BATCH = 500;
// A run is forgotten after so many days, finished or not.
const KEPT_DAYS = 30;
const FORGOTTEN_AT_ONCE = 100;

export function createRuns(connect, log) {
  async function within(work) {
    const connection = await connect();
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  }

  return {
    // Returns "ours", "finished", or "running" where another invocation has it. A run whose lease is
    // over is taken over.
    claim: (job, scheduledFor, leaseSeconds) =>
      within(async (connection) => {
        try {
          await connection.execute(
            "insert into job_run (job, scheduled_for, lease_until)" +
              " values (?, ?, utc_timestamp() + interval ? second)",
            [job, scheduledFor, leaseSeconds],
          );
          return "ours";
        } catch (cause) {
          if (cause?.errno !== DUPLICATE) throw cause;
        }
        const [taken] = await connection.execute(
          "update job_run set lease_until = utc_timestamp() + interval ? second" +
            " where job = ? and scheduled_for = ? and finished_at is null" +
            " and lease_until < utc_timestamp()",
          [leaseSeconds, job, scheduledFor],
        );
        if (taken.affectedRows === 1) return "ours";
        const [rows] = await connection.execute(
          "select finished_at from job_run where job = ? and scheduled_for = ?",
          [job, scheduledFor],
        );
        return rows[0]?.finished_at ? "finished" : "running";
      }),

    finish: (job, scheduledFor, removed) =>
      within(async (connection) => {
        await connection.execute(
          "update job_run set finished_at = utc_timestamp(), removed = ?" +
            " where job = ? and scheduled_for = ?",
          [removed, job, scheduledFor],
        );
        // What it leaves, the next run removes: a failure of it is none of the run.
        try {
          await connection.execute(
            "delete from job_run where job = ?" +
              ` and scheduled_for < utc_timestamp() - interval ${KEPT_DAYS} day` +
              ` limit ${FORGOTTEN_AT_ONCE}`,
            [job],
          );
        } catch (cause) {
          log.error("could not forget old runs", { reason: cause.message });
        }
      }),

    // Gives the run back, so that the next try may claim it at once.
    release: (job, scheduledFor) =>
      within((connection) =>
        connection.execute(
          "update job_run set lease_until = utc_timestamp() - interval 1 second" +
            " where job = ? and scheduled_for = ? and finished_at is null",
          [job, scheduledFor],
        ),
      ),

    countExpired: (before) =>
      within(async (connection) => {
        const [rows] = await connection.execute(
          "select count(*) as expired from notice where expires_at < ?",
          [before],
        );
        return Number(rows[0].expired);
      }),

    // Removes a batch, so that no lock is held for long. Returns how many, and whether that was all.
    removeExpired: (before) =>
      within(async (connection) => {
        const [answer] = await connection.execute(
          `delete from notice where expires_at < ? limit ${BATCH}`,
          [before],
        );
        return { removed: answer.affectedRows, isAll: answer.affectedRows < BATCH };
      }),
  };
}
