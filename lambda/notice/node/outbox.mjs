// Takes messages out of the outbox, sends them, and writes down what became of them.

import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { parameter } from "./parameters.mjs";

const sns = new SNSClient({ maxAttempts: 1 });
const sqs = new SQSClient({ maxAttempts: 1 });
const LEASE_MILLISECONDS = 60_000;
const TIMEOUT_MILLISECONDS = 10_000;
const RESERVE_MILLISECONDS = 20_000;
// How long a channel drops a second message of the same key; 0 where it delivers it.
const WINDOWS = { push: 24 * 3_600_000, sns: 270_000, slack: 0, "dead-letter": Number.POSITIVE_INFINITY };

/** Sends what is due until nothing is, or until time runs short. */
export async function deliver(database, remaining) {
  const counts = { sent: 0, failed: 0, uncertain: 0, expired: 0, again: 0 };
  while (remaining() > RESERVE_MILLISECONDS) {
    const claims = await claim(database);
    if (claims.length === 0) break;
    const marks = await Promise.all(claims.map(attempt));
    for (const [index, mark] of marks.entries()) {
      await writeMark(database, claims[index], mark);
      counts[mark.state === "pending" ? "again" : mark.state] += 1;
    }
  }
  return counts;
}

async function claim(database) {
  const now = new Date();
  await database.beginTransaction();
  const [rows] = await database.execute(
    `SELECT message_key, notice_key, channel, payload, attempts + 1 AS attempts, tried_at FROM outbox
     WHERE state IN ('pending', 'sending') AND due_at <= ? ORDER BY due_at LIMIT 10 FOR UPDATE SKIP LOCKED`,
    [now],
  );
  for (const row of rows) {
    if (row.notice_key) {
      const [[notice]] = await database.execute(
        "SELECT id, title, body, language, audience, publish_until FROM notices WHERE notice_key = ?",
        [row.notice_key],
      );
      row.notice = notice;
    }
    await database.execute(
      `UPDATE outbox SET state = 'sending', due_at = ?, attempts = attempts + 1, tried_at = COALESCE(tried_at, ?),
       changed_at = ? WHERE message_key = ?`,
      [new Date(now.getTime() + LEASE_MILLISECONDS), now, now, row.message_key],
    );
  }
  await database.commit();
  return rows;
}

async function attempt(row) {
  const began = new Date();
  const window = WINDOWS[row.channel] ?? 0;
  if (row.tried_at && began - row.tried_at >= window) return { state: "uncertain", reason: "the sender stopped" };
  if (row.notice?.publish_until && row.notice.publish_until <= began) return { state: "expired" };
  try {
    return { state: "sent", receipt: await send(row) };
  } catch (error) {
    const isRefused = error.status >= 400 && error.status < 500;
    if (isRefused) return { state: row.tried_at ? "uncertain" : "failed", reason: error.message };
    if (window === 0) return { state: "uncertain", reason: error.message };
    return { state: "pending", due: new Date(Date.now() + 10_000), triedAt: row.tried_at ?? began, reason: error.message };
  }
}

async function send(row) {
  if (row.channel === "dead-letter") {
    const command = new SendMessageCommand({ QueueUrl: process.env.NOTICE_DEAD_LETTER_URL, MessageBody: row.payload });
    return (await sqs.send(command)).MessageId;
  }
  const { id, title, body, language, audience } = row.notice;
  if (row.channel === "sns") {
    const answer = await sns.send(
      new PublishCommand({
        TopicArn: process.env.NOTICE_TOPIC,
        Message: JSON.stringify({ id, title, body, language, audience, key: row.message_key }),
        MessageAttributes: { audience: { DataType: "String", StringValue: audience } },
        MessageGroupId: row.notice_key,
        MessageDeduplicationId: row.message_key,
      }),
    );
    return answer.MessageId;
  }
  if (row.channel === "slack") {
    const url = await parameter(process.env.NOTICE_SLACK_PARAMETER);
    await post(url, {}, { text: `*${title}*\n${body}` });
    return null;
  }
  const service = JSON.parse(await parameter(process.env.NOTICE_PUSH_PARAMETER));
  const headers = { authorization: `Bearer ${service.token}`, "idempotency-key": row.message_key };
  const message = {
    topic: audience,
    notification: { title, body: body.slice(0, 200) },
    data: { notice: id, language, key: row.message_key },
    android: { notification: { tag: row.message_key } },
    apns: { headers: { "apns-collapse-id": row.message_key } },
  };
  return (await post(service.url, headers, { message })).name ?? null;
}

async function post(url, headers, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  const text = await answer.text();
  if (!answer.ok) throw Object.assign(new Error(`answered ${answer.status}`), { status: answer.status });
  return text.startsWith("{") ? JSON.parse(text) : {};
}

async function writeMark(database, row, mark) {
  const now = new Date();
  await database.execute(
    `UPDATE outbox SET state = ?, due_at = ?, tried_at = ?, receipt = ?, reason = ?, changed_at = ?
     WHERE message_key = ? AND attempts = ?`,
    [mark.state, mark.due ?? now, mark.triedAt ?? row.tried_at, mark.receipt ?? null, mark.reason ?? null, now,
      row.message_key, row.attempts],
  );
}
