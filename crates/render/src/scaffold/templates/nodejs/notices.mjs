// What is written to the database, in transactions.

const DUPLICATE = 1062;

export function createNotices(connect) {
  async function within(work) {
    const connection = await connect();
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  }

  return {
    // Writes a notice once for a key. Returns "new", or "repeated" where the key was there.
    // Where `keep` is false, everything is rolled back: the database is asked and not changed.
    save: (notice, key, keep) =>
      within(async (connection) => {
        await connection.beginTransaction();
        try {
          try {
            await connection.execute("insert into handled (idempotency_key) values (?)", [key]);
          } catch (cause) {
            if (cause?.errno !== DUPLICATE) throw cause;
            await connection.rollback();
            return "repeated";
          }
          await connection.execute(
            "insert into notice (id, title, body, expires_at) values (?, ?, ?, ?)" +
              " on duplicate key update title = values(title), body = values(body)," +
              " expires_at = values(expires_at)",
            [notice.id, notice.title, notice.body, notice.expiresAt],
          );
          if (keep) await connection.commit();
          else await connection.rollback();
          return "new";
        } catch (cause) {
          await connection.rollback();
          throw cause;
        }
      }),

    isAnnounced: (key) =>
      within(async (connection) => {
        const [rows] = await connection.execute(
          "select announced_at from handled where idempotency_key = ?",
          [key],
        );
        return rows.length === 1 && rows[0].announced_at !== null;
      }),

    markAnnounced: (key) =>
      within((connection) =>
        connection.execute(
          "update handled set announced_at = utc_timestamp() where idempotency_key = ?",
          [key],
        ),
      ),
  };
}
