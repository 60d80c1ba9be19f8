import assert from "node:assert/strict";
import { test } from "node:test";

import { createHandler, timeOf } from "../src/handler.mjs";

const EVENT = { time: "2030-01-31T18:00:00Z" };
const CONTEXT = { getRemainingTimeInMillis: () => 60000 };

function world({ mode = "live", expired = 3, batch = 2 } = {}) {
  const claimed = new Map();
  const state = { claimed, expired, finished: [], lines: [] };
  state.handler = createHandler({
    mode,
    leaseSeconds: 300,
    runs: {
      claim: async (job, time) => {
        if (claimed.has(time)) return claimed.get(time);
        claimed.set(time, "running");
        return "ours";
      },
      finish: async (job, time, removed) => {
        claimed.set(time, "finished");
        state.finished.push(removed);
      },
      release: async (job, time) => claimed.delete(time),
      countExpired: async () => state.expired,
      removeExpired: async () => {
        const removed = Math.min(batch, state.expired);
        state.expired -= removed;
        return { removed, isAll: removed < batch };
      },
    },
    log: { info: (line) => state.lines.push(line), error: (line) => state.lines.push(line) },
  });
  return state;
}

test("what has expired is removed in batches", async () => {
  const state = world();
  assert.deepEqual(await state.handler(EVENT, CONTEXT), { state: "finished", removed: 3 });
  assert.equal(state.expired, 0);
});

test("one time is run once", async () => {
  const state = world();
  await state.handler(EVENT, CONTEXT);
  assert.deepEqual(await state.handler(EVENT, CONTEXT), { state: "repeated" });
  assert.deepEqual(state.finished, [3]);
});

test("a run that another invocation has comes again", async () => {
  const state = world();
  state.claimed.set("2030-01-31 18:00:00", "running");
  await assert.rejects(state.handler(EVENT, CONTEXT), /another invocation/);
  assert.equal(state.expired, 3);
});

test("what was not finished is given back and goes on", async () => {
  const state = world({ expired: 5 });
  await assert.rejects(state.handler(EVENT, { getRemainingTimeInMillis: () => 0 }), /time is over/);
  assert.deepEqual(await state.handler(EVENT, CONTEXT), { state: "finished", removed: 3 });
});

test("in shadow it is counted and nothing is removed", async () => {
  const state = world({ mode: "shadow" });
  assert.deepEqual(await state.handler(EVENT, CONTEXT), { state: "shadow", expired: 3 });
  assert.equal(state.expired, 3);
});

test("an event without a time fails", () => {
  assert.throws(() => timeOf({}), /no time/);
  assert.equal(timeOf(EVENT), "2030-01-31 18:00:00");
});
