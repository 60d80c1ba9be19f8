// The same handler in Node.js: it exists to be measured beside the one in Rust, and does the same steps on the same
// tables for files of JSON and the channels push, slack, sns and the dead-letter queue.

import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { connection } from "./connection.mjs";
import { deliver } from "./outbox.mjs";
import { readNotices } from "./notice.mjs";
import { writeChange } from "./store.mjs";

const s3 = new S3Client({ forcePathStyle: true });

/** Handles an event of S3, or the sweep of every minute. */
export async function handler(event, context) {
  const report = { published: 0, withdrawn: 0, refused: 0, known: 0, messages: {} };
  const isSweep = event.sweep === true || event["detail-type"] === "Scheduled Event";
  if (!isSweep && !Array.isArray(event.Records)) throw new Error("event is neither a notification of S3 nor a sweep");
  const database = await connection();
  for (const record of isSweep ? [] : event.Records) {
    const change = readRecord(record);
    const content = await readContent(change);
    const outcome = content ? await writeChange(database, change, content) : "known";
    report[outcome] += 1;
  }
  report.messages = await deliver(database, context.getRemainingTimeInMillis);
  return report;
}

function readRecord(record) {
  const { bucket, object } = record.s3;
  if (!/^[0-9a-fA-F]{1,64}$/.test(object.sequencer ?? "")) throw new Error("record has no usable sequencer");
  return {
    bucket: bucket.name,
    key: decodeURIComponent(object.key.replaceAll("+", " ")),
    sequencer: object.sequencer.replace(/^0+/, "").toLowerCase(),
    at: new Date(record.eventTime),
    isDeleted: record.eventName.startsWith("ObjectRemoved:"),
    versionId: object.versionId ?? null,
    etag: object.eTag ?? null,
  };
}

/** Returns what a change comes to; null when the file has changed again since. */
async function readContent(change) {
  if (change.isDeleted) return { kind: "withdrawn" };
  try {
    const object = await s3.send(
      new GetObjectCommand({
        Bucket: change.bucket,
        Key: change.key,
        ...(change.versionId ? { VersionId: change.versionId } : { IfMatch: change.etag ?? undefined }),
      }),
    );
    return readNotices(await object.Body.transformToString("utf-8"), change.at);
  } catch (error) {
    if (["NoSuchKey", "NoSuchVersion", "PreconditionFailed"].includes(error.name)) return null;
    throw error;
  }
}
