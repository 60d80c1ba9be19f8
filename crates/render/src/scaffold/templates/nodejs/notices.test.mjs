import assert from "node:assert/strict";
import { test } from "node:test";

import { createNotices } from "../src/notices.mjs";

const NOTICE = { id: "n-1", title: "t", body: "b", expiresAt: null };

function database(answers = {}) {
  const steps = [];
  const connect = async () => ({
    beginTransaction: async () => steps.push("begin"),
    commit: async () => steps.push("commit"),
    rollback: async () => steps.push("rollback"),
    end: async () => steps.push("end"),
    execute: async (statement) => {
      const table = /(handled|notice)/.exec(statement)[1];
      steps.push(table);
      if (answers[table]) throw answers[table];
      return [[]];
    },
  });
  return { notices: createNotices(connect), steps };
}

test("the key and the notice are one transaction", async () => {
  const { notices, steps } = database();
  assert.equal(await notices.save(NOTICE, "k", true), "new");
  assert.deepEqual(steps, ["begin", "handled", "notice", "commit", "end"]);
});

test("what is not kept is rolled back", async () => {
  const { notices, steps } = database();
  assert.equal(await notices.save(NOTICE, "k", false), "new");
  assert.deepEqual(steps, ["begin", "handled", "notice", "rollback", "end"]);
});

test("a key that is there writes nothing", async () => {
  const { notices, steps } = database({ handled: Object.assign(new Error(), { errno: 1062 }) });
  assert.equal(await notices.save(NOTICE, "k", true), "repeated");
  assert.deepEqual(steps, ["begin", "handled", "rollback", "end"]);
});

test("a failure is rolled back and thrown on", async () => {
  const { notices, steps } = database({ notice: new Error("gone") });
  await assert.rejects(notices.save(NOTICE, "k", true), /gone/);
  assert.deepEqual(steps, ["begin", "handled", "notice", "rollback", "end"]);
});
