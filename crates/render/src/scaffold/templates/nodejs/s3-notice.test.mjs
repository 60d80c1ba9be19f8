import assert from "node:assert/strict";
import { test } from "node:test";

import { createHandler, idempotencyKey, objectOf } from "../src/handler.mjs";

const NOTICE = JSON.stringify({ id: "n-1", title: "Maintenance", body: "From 02:00" });

const TIME = "2030-01-31T18:00:00.123Z";

function event(key = "in/a.json", versionId = "v1", sequencer = "00A1") {
  const s3 = { bucket: { name: "notices" }, object: { key, versionId, size: 60, sequencer } };
  return { Records: [{ eventTime: TIME, s3 }] };
}

function world({ mode = "live", text = NOTICE, announcing = async () => {} } = {}) {
  const saved = new Map();
  const announced = new Set();
  const arrivals = [];
  const messages = [];
  const lines = [];
  const handler = createHandler({
    mode,
    readObject: async () => text,
    notices: {
      save: async (notice, arrival, keep) => {
        const { key, sequencer } = arrival;
        if (saved.has(key)) return "repeated";
        const isOlder = arrivals.some((known) => known.sequencer > sequencer);
        if (keep) saved.set(key, notice);
        arrivals.push(arrival);
        return isOlder ? "older" : "new";
      },
      isAnnounced: async (key) => announced.has(key),
      markAnnounced: async (key) => announced.add(key),
    },
    announce: async (message) => {
      await announcing();
      messages.push(message);
    },
    log: { info: (line) => lines.push(line), error: (line) => lines.push(line) },
  });
  return { handler, saved, arrivals, messages, lines };
}

test("an object is written and announced", async () => {
  const { handler, saved, messages } = world();
  await handler(event());
  assert.equal(saved.size, 1);
  assert.deepEqual(messages, [{ id: "n-1", title: "Maintenance" }]);
});

test("the same object again changes nothing", async () => {
  const { handler, saved, messages } = world();
  await handler(event());
  await handler(event());
  assert.equal(saved.size, 1);
  assert.equal(messages.length, 1);
});

test("another version of it is handled", async () => {
  const { handler, saved } = world();
  await handler(event("in/a.json", "v1"));
  await handler(event("in/a.json", "v2"));
  assert.equal(saved.size, 2);
});

test("an event that comes late is not announced", async () => {
  const { handler, arrivals, messages, lines } = world();
  await handler(event("in/a.json", "v2", "00a10"));
  await handler(event("in/a.json", "v1", "009FF"));
  assert.equal(messages.length, 1);
  assert.equal(lines.at(-1), "a newer one is there");
  assert.deepEqual(arrivals.map(({ sequencer }) => sequencer), ["00A1".padEnd(64, "0"), "009FF".padEnd(64, "0")]);
  assert.equal(arrivals[0].source, arrivals[1].source);
  assert.equal(arrivals[0].sentMs, Date.UTC(2030, 0, 31, 18, 0, 0, 123));
});

test("without a sequencer the time of the event is what is left, and it has to be there", () => {
  const [record] = event("in/a.json", "v1", "not hex").Records;
  assert.equal(objectOf(record).sequencer, "");
  assert.throws(() => objectOf({ ...record, eventTime: undefined }), /no eventTime/);
});

test("an object that is gone is nothing to be written", async () => {
  const { handler, saved, messages, lines } = world({ text: null });
  await handler(event());
  assert.deepEqual([saved.size, messages.length, lines], [0, 0, ["the object is gone"]]);
});

test("what was written and not announced is announced when it comes again", async () => {
  let isBroken = true;
  const { handler, messages } = world({
    announcing: async () => {
      if (isBroken) throw new Error("the topic does not answer");
    },
  });
  await assert.rejects(handler(event()), /does not answer/);
  isBroken = false;
  await handler(event());
  assert.equal(messages.length, 1);
});

test("in shadow nothing is kept and nothing is announced", async () => {
  const { handler, saved, messages, lines } = world({ mode: "shadow" });
  await handler(event());
  assert.equal(saved.size, 0);
  assert.deepEqual(messages, []);
  assert.deepEqual(lines, ["would be written"]);
});

test("a notice that is not valid fails, so that it reaches the dead-letter queue", async () => {
  const { handler, saved } = world({ text: '{"id": "n 1"}' });
  await assert.rejects(handler(event()), /id has 1 to 64/);
  assert.equal(saved.size, 0);
});

test("an event without records fails", async () => {
  await assert.rejects(world().handler({}), /no records/);
});

test("keys are decoded", () => {
  const { key } = objectOf(event("in/%EA%B3%B5%EC%A7%80+1.json").Records[0]);
  assert.equal(key, "in/공지 1.json");
});

test("keys of other places differ", () => {
  assert.notEqual(idempotencyKey("a", "b/c", null, ""), idempotencyKey("a/b", "c", null, ""));
  assert.notEqual(idempotencyKey("a", "b", "null", "0A"), idempotencyKey("a", "b", "null", "0B"));
  assert.match(idempotencyKey("a", "b", null, ""), /^[0-9a-f]{64}$/);
});
