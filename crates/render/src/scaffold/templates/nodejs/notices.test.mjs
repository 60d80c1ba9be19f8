import assert from "node:assert/strict";
import { test } from "node:test";

import { createNotices } from "../src/notices.mjs";

const NOTICE = { id: "n-1", title: "t", body: "b", expiresAt: null };
const ARRIVAL = { key: "k", body: "d", source: "", sequencer: "", sentMs: 1 };

function database({ ours = 1, known = "d", ...failures } = {}) {
  const steps = [];
  const statements = [];
  const connect = async () => ({
    beginTransaction: async () => steps.push("begin"),
    commit: async () => steps.push("commit"),
    rollback: async () => steps.push("rollback"),
    end: async () => steps.push("end"),
    execute: async (statement, values = []) => {
      assert.equal(statement.split("?").length - 1, values.length, statement);
      const [, verb, table] = /^(\w+).*?\b(handled|notice)\b/.exec(statement);
      statements.push(statement);
      steps.push(`${verb} ${table}`);
      const failure = failures[`${verb}_${table}`];
      if (failure) throw failure;
      if (verb !== "select") return [{}];
      return [table === "handled" ? [{ body_sha256: known }] : [{ ours }]];
    },
  });
  const lines = [];
  const log = { error: (line) => lines.push(line) };
  return { notices: createNotices(connect, log), steps, statements, lines };
}

const WRITTEN = ["insert handled", "insert notice", "update notice", "select notice"];

test("the key and the notice are one transaction, and what is old is forgotten after it", async () => {
  const { notices, steps } = database();
  assert.equal(await notices.save(NOTICE, ARRIVAL, true), "new");
  assert.deepEqual(steps, ["begin", ...WRITTEN, "commit", "delete handled", "end"]);
});

test("a notice is written though what is old cannot be forgotten", async () => {
  const { notices, lines } = database({ delete_handled: new Error("gone") });
  assert.equal(await notices.save(NOTICE, ARRIVAL, true), "new");
  assert.deepEqual(lines, ["could not forget what is old"]);
});

test("what is not kept is rolled back, and nothing is forgotten", async () => {
  const { notices, steps } = database();
  assert.equal(await notices.save(NOTICE, ARRIVAL, false), "new");
  assert.deepEqual(steps, ["begin", ...WRITTEN, "rollback", "end"]);
});

test("what is older than what is there is remembered, and never announced", async () => {
  const { notices, steps, statements } = database({ ours: 0 });
  assert.equal(await notices.save(NOTICE, ARRIVAL, true), "older");
  assert.deepEqual(steps, ["begin", ...WRITTEN, "update handled", "commit", "delete handled", "end"]);
  assert.match(statements[2], /where id = \? and if\(source = \?.* sequencer <= \?, sent_ms <= \?\)$/);
});

test("a key that is there writes nothing", async () => {
  const there = { insert_handled: Object.assign(new Error(), { errno: 1062 }) };
  const asked = ["begin", "insert handled", "select handled", "rollback", "end"];
  for (const [known, state] of [["d", "repeated"], [null, "repeated"], ["e", "other"]]) {
    const { notices, steps } = database({ ...there, known });
    assert.equal(await notices.save(NOTICE, ARRIVAL, true), state);
    assert.deepEqual(steps, asked);
  }
  const { notices } = database({ ...there, known: "e" });
  assert.equal(await notices.save(NOTICE, { ...ARRIVAL, body: null }, true), "repeated");
});

test("a failure is rolled back and thrown on", async () => {
  const { notices, steps } = database({ insert_notice: new Error("gone") });
  await assert.rejects(notices.save(NOTICE, ARRIVAL, true), /gone/);
  assert.deepEqual(steps, ["begin", "insert handled", "insert notice", "rollback", "end"]);
});
