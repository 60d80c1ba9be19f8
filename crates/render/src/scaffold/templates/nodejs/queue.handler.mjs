// Messages of the queue become notices in the database; those that fail are named one by one.

import { createHash } from "node:crypto";

import { parseNotice } from "./notice.mjs";

export function createHandler({ mode, notices, log }) {
  const isLive = mode === "live";

  async function handle(record) {
    const notice = parseNotice(record.body);
    // A queue delivers a message once or more, and by the same id each time.
    const once = createHash("sha256").update(record.messageId).digest("hex");
    const sentMs = timeOf(record);
    const arrival = { key: once, body: null, source: "", sequencer: "", sentMs };
    const state = await notices.save(notice, arrival, isLive);
    const message = isLive ? "written" : "would be written";
    log.info(message, { message_id: record.messageId, id: notice.id, state });
  }

  return async function handler(event) {
    if (!Array.isArray(event?.Records)) throw new Error("the event has no records");
    const batchItemFailures = [];
    for (const record of event.Records) {
      try {
        await handle(record);
      } catch (cause) {
        log.error("could not handle the message", {
          message_id: record.messageId,
          reason: cause.message,
        });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    // Where none was handled, the invocation fails: the same messages come again, and it is counted.
    if (batchItemFailures.length > 0 && batchItemFailures.length === event.Records.length) {
      throw new Error("no message of the batch could be handled");
    }
    // Only these come again; after five times they go to the dead-letter queue.
    return { batchItemFailures };
  };
}

// Returns when the message was sent, in milliseconds: of two notices of one id the later stays.
function timeOf(record) {
  const time = Number(record.attributes?.SentTimestamp);
  if (!Number.isSafeInteger(time) || time < 1) throw new Error("the message has no SentTimestamp");
  return time;
}
