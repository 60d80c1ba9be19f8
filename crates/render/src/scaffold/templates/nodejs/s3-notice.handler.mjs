// An object in the bucket becomes a notice in the database and a message on the topic.

import { createHash } from "node:crypto";

import { InvalidNotice, parseNotice } from "./notice.mjs";

const MAX_BYTES = 256 * 1024;

export function createHandler({ mode, readObject, notices, announce, log }) {
  const isLive = mode === "live";

  async function handle(record) {
    const { bucket, key, version, size, sequencer, sentMs } = objectOf(record);
    if (size > MAX_BYTES) throw new InvalidNotice(`the object has more than ${MAX_BYTES} bytes`);
    // The object as it is now, or null where it is gone.
    const text = await readObject(bucket, key);
    if (text === null) {
      log.info("the object is gone", { bucket, key });
      return;
    }
    const notice = parseNotice(text);
    const once = idempotencyKey(bucket, key, version, sequencer);
    const source = digest(`${bucket}/${key}`);
    const arrival = { key: once, body: null, source, sequencer, sentMs };
    const state = await notices.save(notice, arrival, isLive);
    if (!isLive) {
      log.info("would be written", { bucket, key, id: notice.id, state });
      return;
    }
    if (state === "older") {
      log.info("a newer one is there", { bucket, key, id: notice.id });
      return;
    }
    // An invocation that ended between the transaction and the topic is made good here, so a
    // message may come twice and is never lost.
    if (state === "repeated" && (await notices.isAnnounced(once))) {
      log.info("was handled before", { bucket, key, id: notice.id });
      return;
    }
    await announce({ id: notice.id, title: notice.title });
    await notices.markAnnounced(once);
    log.info("written and announced", { bucket, key, id: notice.id });
  }

  return async function handler(event) {
    if (!Array.isArray(event?.Records)) throw new Error("the event has no records");
    for (const record of event.Records) {
      try {
        await handle(record);
      } catch (cause) {
        log.error("could not handle the object", {
          key: record?.s3?.object?.key,
          reason: cause.message,
        });
        // Lambda tries twice more, and then keeps the event in the dead-letter queue.
        throw cause;
      }
    }
  };
}

// Returns what an event says of its object. Keys come URL-encoded, with + for a space.
export function objectOf(record) {
  const bucket = record?.s3?.bucket?.name;
  const object = record?.s3?.object;
  if (typeof bucket !== "string" || typeof object?.key !== "string") {
    throw new Error("the record names no object");
  }
  const sentMs = Date.parse(record.eventTime);
  if (Number.isNaN(sentMs)) throw new Error("the record has no eventTime");
  return {
    bucket,
    key: decodeURIComponent(object.key.replaceAll("+", " ")),
    version: object.versionId ?? object.eTag ?? null,
    size: object.size ?? 0,
    sequencer: ordered(object.sequencer),
    sentMs,
  };
}

// One object, and one version of it, is handled once. The sequencer tells versions apart that have one name: those of a
// bucket whose versioning is suspended.
export function idempotencyKey(bucket, key, version, sequencer) {
  return digest(JSON.stringify([bucket, key, version, sequencer]));
}

// Returns a sequencer so that later ones of the same object come later as text: S3 says to put zeros
// behind the shorter. Without one, times decide.
function ordered(sequencer) {
  const isHex = typeof sequencer === "string" && /^[0-9A-Fa-f]{1,64}$/.test(sequencer);
  return isHex ? sequencer.toUpperCase().padEnd(64, "0") : "";
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}
