// What is written to the database, in transactions.

const DUPLICATE = 1062;
// What was handled is forgotten after so many days: longer than a dead-letter queue keeps anything.
const KEPT_DAYS = 30;
const BATCH = 100;

export function createNotices(connect, log) {
  async function within(work) {
    const connection = await connect();
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  }

  return {
    // Writes a notice once for the key of its arrival, unless a newer one is there. Returns "new",
    // "older" where a newer one is there, "repeated" where the key was there, or "other" where it was
    // there with another body. Where `keep` is false, everything is rolled back: the database is asked
    // and not changed.
    //
    // An arrival is {key, body, source, sequencer, sentMs}: `body` is a digest or null, `sequencer`
    // orders what comes of one source and is empty where there is none.
    save: (notice, arrival, keep) =>
      within(async (connection) => {
        let state;
        let isKept = false;
        await connection.beginTransaction();
        try {
          state = await write(connection, notice, arrival);
          isKept = keep && (state === "new" || state === "older");
          if (isKept) await connection.commit();
          else await connection.rollback();
        } catch (cause) {
          await connection.rollback();
          throw cause;
        }
        if (isKept) await forget(connection, log);
        return state;
      }),

    isAnnounced: (key) =>
      within(async (connection) => {
        const [rows] = await connection.execute(
          "select announced_at from handled where idempotency_key = ?",
          [key],
        );
        return rows.length === 1 && rows[0].announced_at !== null;
      }),

    markAnnounced: (key) => within((connection) => announced(connection, key)),
  };
}

async function write(connection, notice, arrival) {
  const { key, body, source, sequencer, sentMs } = arrival;
  try {
    await connection.execute(
      "insert into handled (idempotency_key, body_sha256) values (?, ?)",
      [key, body],
    );
  } catch (cause) {
    if (cause?.errno !== DUPLICATE) throw cause;
    const [rows] = await connection.execute(
      "select body_sha256 from handled where idempotency_key = ?",
      [key],
    );
    const known = rows[0]?.body_sha256 ?? null;
    return known !== null && body !== null && known !== body ? "other" : "repeated";
  }
  // Whoever inserts it, or finds it there, has its row until the end of the transaction.
  await connection.execute(
    "insert into notice (id, title, body, expires_at, source, sequencer, sent_ms)" +
      " values (?, ?, ?, ?, ?, ?, ?) on duplicate key update id = id",
    [notice.id, notice.title, notice.body, notice.expiresAt, source, sequencer, sentMs],
  );
  await connection.execute(
    "update notice set title = ?, body = ?, expires_at = ?, source = ?, sequencer = ?, sent_ms = ?" +
      " where id = ? and if(source = ? and sequencer <> '' and ? <> '', sequencer <= ?, sent_ms <= ?)",
    [
      notice.title,
      notice.body,
      notice.expiresAt,
      source,
      sequencer,
      sentMs,
      notice.id,
      source,
      sequencer,
      sequencer,
      sentMs,
    ],
  );
  const [rows] = await connection.execute(
    "select count(*) as ours from notice" +
      " where id = ? and source = ? and sequencer = ? and sent_ms = ?",
    [notice.id, source, sequencer, sentMs],
  );
  if (Number(rows[0].ours) === 1) return "new";
  // There is nothing left to announce of it.
  await announced(connection, key);
  return "older";
}

// Removes what is old, by itself, so that its locks are held for no longer than it takes. What it
// leaves, the next notice removes: a failure of it is none of the notice.
async function forget(connection, log) {
  try {
    await connection.execute(
      `delete from handled where handled_at < current_timestamp - interval ${KEPT_DAYS} day` +
        ` limit ${BATCH}`,
    );
  } catch (cause) {
    log.error("could not forget what is old", { reason: cause.message });
  }
}

function announced(connection, key) {
  return connection.execute(
    "update handled set announced_at = utc_timestamp() where idempotency_key = ?",
    [key],
  );
}
