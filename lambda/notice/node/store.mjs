// One change of one file, written in one transaction together with the messages that it calls for.

import { createHash } from "node:crypto";

/** Returns a name of 64 digits made of its parts, as the other handler makes it. */
function digest(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(Buffer.byteLength(part)));
    hash.update(length).update(part);
  }
  return hash.digest("hex");
}

const isLater = (left, right) => (left.length === right.length ? left > right : left.length > right.length);

/** Writes a change unless it or a later one was written before, and says what it came to. */
export async function writeChange(database, change, content) {
  const fileId = digest(change.bucket, change.key);
  await database.beginTransaction();
  try {
    const now = new Date();
    await database.execute(
      `INSERT INTO files (file_id, bucket, object_key, state, applied_sequencer, refused_sequencer, changed_at)
       VALUES (?, ?, ?, 'new', '', '', ?) ON DUPLICATE KEY UPDATE file_id = file_id`,
      [fileId, change.bucket, change.key, now],
    );
    const [[file]] = await database.execute(
      "SELECT applied_sequencer, refused_sequencer FROM files WHERE file_id = ? FOR UPDATE",
      [fileId],
    );
    const isNews =
      isLater(change.sequencer, file.applied_sequencer) &&
      (content.kind !== "refused" || isLater(change.sequencer, file.refused_sequencer));
    if (!isNews) {
      await database.rollback();
      return "known";
    }
    if (content.kind === "refused") await refuse(database, fileId, change, content.problems, now);
    else await apply(database, fileId, change, content, now);
    await database.commit();
    return content.kind;
  } catch (error) {
    await database.rollback().catch(() => {});
    throw error;
  }
}

async function apply(database, fileId, change, content, now) {
  await database.execute(
    "UPDATE notices SET state = 'withdrawn', changed_at = ? WHERE file_id = ? AND state = 'published'",
    [now, fileId],
  );
  for (const notice of content.notices ?? []) await publish(database, fileId, notice, now);
  await database.execute(
    `UPDATE outbox JOIN notices ON notices.notice_key = outbox.notice_key
     SET outbox.state = 'cancelled', outbox.changed_at = ? WHERE notices.file_id = ? AND outbox.state = 'pending'
     AND (notices.state = 'withdrawn' OR FIND_IN_SET(outbox.channel, REPLACE(notices.channels, ' ', ',')) = 0)`,
    [now, fileId],
  );
  await database.execute(
    "UPDATE files SET state = ?, applied_sequencer = ?, version_id = ?, etag = ?, changed_at = ? WHERE file_id = ?",
    [content.kind, change.sequencer, change.versionId, change.etag, now, fileId],
  );
}

async function publish(database, fileId, notice, now) {
  const noticeKey = digest(fileId, notice.id);
  await database.execute(
    `INSERT INTO notices (notice_key, file_id, id, state, title, body, language, publish_from, publish_until, audience,
     channels, revision, changed_at) VALUES (?, ?, ?, 'published', ?, ?, ?, ?, ?, ?, ?, 1, ?)
     ON DUPLICATE KEY UPDATE state = VALUES(state), title = VALUES(title), body = VALUES(body),
     language = VALUES(language), publish_from = VALUES(publish_from), publish_until = VALUES(publish_until),
     audience = VALUES(audience), channels = VALUES(channels), revision = revision + 1, changed_at = VALUES(changed_at)`,
    [noticeKey, fileId, notice.id, notice.title, notice.body, notice.language, notice.from, notice.until,
      notice.audience, notice.channels.join(" "), now],
  );
  for (const channel of notice.channels) {
    await database.execute(
      `INSERT INTO outbox (message_key, notice_key, channel, state, due_at, changed_at)
       VALUES (?, ?, ?, 'pending', ?, ?) ON DUPLICATE KEY UPDATE
       due_at = IF(state IN ('pending', 'cancelled', 'expired'), VALUES(due_at), due_at),
       state = IF(state IN ('cancelled', 'expired'), 'pending', state), changed_at = VALUES(changed_at)`,
      [digest(noticeKey, channel), noticeKey, channel, notice.from, now],
    );
  }
}

async function refuse(database, fileId, change, problems, now) {
  await database.execute(
    "INSERT INTO refusals (file_id, sequencer, version_id, etag, problems, refused_at) VALUES (?, ?, ?, ?, ?, ?)",
    [fileId, change.sequencer, change.versionId, change.etag, JSON.stringify(problems), now],
  );
  const message = JSON.stringify({ bucket: change.bucket, key: change.key, sequencer: change.sequencer, problems });
  await database.execute(
    "INSERT INTO outbox (message_key, channel, payload, state, due_at, changed_at) VALUES (?, 'dead-letter', ?, 'pending', ?, ?)",
    [digest(`${fileId}/${change.sequencer}`, "dead-letter"), message, now, now],
  );
  await database.execute(
    "UPDATE files SET refused_sequencer = ?, changed_at = ?, state = IF(state = 'new', 'refused', state) WHERE file_id = ?",
    [change.sequencer, now, fileId],
  );
}
