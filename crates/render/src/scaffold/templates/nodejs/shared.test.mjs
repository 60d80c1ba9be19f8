import assert from "node:assert/strict";
import { test } from "node:test";

import { connectionOptions } from "../src/connection.mjs";
import { createLog } from "../src/log.mjs";
import { createSecrets, TIME_TO_LIVE_MS } from "../src/secrets.mjs";

const SECRET = { host: "db", port: 3307, user: "u", password: "p", schema: "s" };

test("a secret is read again when its time is over", async () => {
  let now = 0;
  let reads = 0;
  const secret = createSecrets(async () => `value ${(reads += 1)}`, () => now);
  assert.equal(await secret("/a"), "value 1");
  now = TIME_TO_LIVE_MS - 1;
  assert.equal(await secret("/a"), "value 1");
  now = TIME_TO_LIVE_MS;
  assert.equal(await secret("/a"), "value 2");
});

test("a secret that is empty fails, and is asked for again", async () => {
  const values = ["", "value"];
  const secret = createSecrets(async () => values.shift());
  await assert.rejects(secret("/a"), /\/a is empty/);
  assert.equal(await secret("/a"), "value");
});

test("the database is reached over TLS unless the secret says otherwise", async () => {
  const authority = async () => "PEM";
  const safe = await connectionOptions(JSON.stringify(SECRET), authority);
  assert.equal(safe.ssl.ca, "PEM");
  assert.equal(safe.ssl.rejectUnauthorized, true);
  assert.equal(safe.ssl.verifyIdentity, true);
  assert.equal(safe.port, 3307);
  const bare = await connectionOptions(JSON.stringify({ ...SECRET, tls: "off" }), authority);
  assert.equal(bare.ssl, undefined);
});

test("a broken secret fails without being repeated", async () => {
  await assert.rejects(connectionOptions("hunter2"), (cause) => !cause.message.includes("hunter2"));
  await assert.rejects(connectionOptions('{"host": "db"}'), /has no user/);
});

test("a line of the log is one JSON object", () => {
  const lines = [];
  createLog((line) => lines.push(line)).info("written", { id: "a\nb" });
  assert.equal(lines[0].includes("\n"), false);
  assert.deepEqual(JSON.parse(lines[0]), { level: "info", message: "written", id: "a\nb" });
});
