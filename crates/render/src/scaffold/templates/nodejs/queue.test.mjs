import assert from "node:assert/strict";
import { test } from "node:test";

import { createHandler } from "../src/handler.mjs";

const body = (id) => JSON.stringify({ id, title: "Maintenance", body: "From 02:00" });
const message = (messageId, text, sent = "1000") => ({
  messageId,
  body: text,
  attributes: { SentTimestamp: sent },
});

function world({ mode = "live", failing = () => false } = {}) {
  const saved = new Map();
  const times = [];
  const lines = [];
  const handler = createHandler({
    mode,
    notices: {
      save: async (notice, { key, sentMs }, keep) => {
        times.push(sentMs);
        if (failing(notice)) throw new Error("the database does not answer");
        if (saved.has(key)) return "repeated";
        if (keep) saved.set(key, notice);
        return "new";
      },
    },
    log: { info: (line) => lines.push(line), error: (line) => lines.push(line) },
  });
  return { handler, saved, times, lines };
}

test("a batch is written", async () => {
  const { handler, saved } = world();
  const answer = await handler({ Records: [message("1", body("a")), message("2", body("b"))] });
  assert.deepEqual(answer, { batchItemFailures: [] });
  assert.equal(saved.size, 2);
});

test("only those that fail come again", async () => {
  const { handler, saved } = world({ failing: (notice) => notice.id === "b" });
  const answer = await handler({
    Records: [message("1", body("a")), message("2", body("b")), message("3", "{"), message("4", body("c"))],
  });
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "2" }, { itemIdentifier: "3" }] });
  assert.equal(saved.size, 2);
});

test("a batch of which nothing could be handled fails, and is counted", async () => {
  const { handler } = world({ failing: () => true });
  await assert.rejects(handler({ Records: [message("1", body("a")), message("2", body("b"))] }), /no message/);
});

test("the same message again changes nothing", async () => {
  const { handler, saved } = world();
  await handler({ Records: [message("1", body("a")), message("1", body("a"))] });
  assert.equal(saved.size, 1);
});

test("a message says when it was sent, so that the older of two loses", async () => {
  const { handler, saved, times } = world();
  const batch = [message("1", body("a"), "2000"), message("2", body("a"), "1000")];
  await handler({ Records: batch });
  assert.deepEqual(times, [2000, 1000]);
  const answer = await handler({ Records: [message("3", body("a")), message("4", body("a"), "")] });
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "4" }] });
  assert.equal(saved.size, 3);
});

test("in shadow nothing is kept", async () => {
  const { handler, saved, lines } = world({ mode: "shadow" });
  await handler({ Records: [message("1", body("a"))] });
  assert.equal(saved.size, 0);
  assert.deepEqual(lines, ["would be written"]);
});

test("an event without records fails", async () => {
  await assert.rejects(world().handler({}), /no records/);
});
