import assert from "node:assert/strict";
import { test } from "node:test";

import { createRuns } from "../src/runs.mjs";

const TAKEN = Object.assign(new Error("Duplicate entry"), { errno: 1062 });

// A database that answers each statement by the first word of it.
function runs(answers, lines = []) {
  const connect = async () => ({
    execute: async (statement) => {
      const answer = answers[statement.split(" ")[0]];
      if (answer instanceof Error) throw answer;
      return [answer];
    },
    end: async () => {},
  });
  return createRuns(connect, { error: (line) => lines.push(line) });
}

const claim = (answers) => runs(answers).claim("job", "2030-01-31 18:00:00", 330);

test("who inserts the row has the run", async () => {
  assert.equal(await claim({ insert: { affectedRows: 1 } }), "ours");
});

test("a lease that is over is taken over", async () => {
  assert.equal(await claim({ insert: TAKEN, update: { affectedRows: 1 } }), "ours");
});

test("a run of another is left", async () => {
  const answers = { insert: TAKEN, update: { affectedRows: 0 }, select: [{ finished_at: null }] };
  assert.equal(await claim(answers), "running");
});

test("a finished run is left", async () => {
  const select = [{ finished_at: new Date(0) }];
  assert.equal(await claim({ insert: TAKEN, update: { affectedRows: 0 }, select }), "finished");
});

test("another failure is thrown on", async () => {
  await assert.rejects(claim({ insert: new Error("gone") }), /gone/);
});

test("a run is finished though old ones cannot be forgotten", async () => {
  const lines = [];
  const answers = { update: { affectedRows: 1 }, delete: new Error("gone") };
  await runs(answers, lines).finish("job", "2030-01-31 18:00:00", 3);
  assert.deepEqual(lines, ["could not forget old runs"]);
});

test("the last batch is the one that is not full", async () => {
  for (const [affectedRows, isAll] of [[500, false], [3, true]]) {
    const answer = await runs({ delete: { affectedRows } }).removeExpired("2030-01-31 18:00:00");
    assert.deepEqual(answer, { removed: affectedRows, isAll });
  }
});
