import assert from "node:assert/strict";
import { test } from "node:test";

import { createHandler } from "../src/handler.mjs";

const NOTICE = JSON.stringify({ id: "n-1", title: "Maintenance", body: "From 02:00" });

function post(body = NOTICE, headers = {}, timeEpoch = 1000) {
  return {
    rawPath: "/notices",
    requestContext: { http: { method: "POST" }, timeEpoch },
    headers: { authorization: "Bearer right", "idempotency-key": "request-1", ...headers },
    body,
  };
}

function world({ mode = "live", failing = false } = {}) {
  const saved = new Map();
  const times = [];
  const lines = [];
  const handler = createHandler({
    mode,
    token: async () => "right",
    notices: {
      save: async (notice, { key, body, sentMs }, keep) => {
        if (failing) throw new Error("the database does not answer");
        if (saved.has(key)) return saved.get(key) === body ? "repeated" : "other";
        if (keep) saved.set(key, body);
        times.push(sentMs);
        return times.some((time) => time > sentMs) ? "older" : "new";
      },
    },
    log: { info: (line) => lines.push(line), error: (line) => lines.push(line) },
  });
  return { handler, saved, times, lines };
}

test("a notice is written once for a key", async () => {
  const { handler, saved } = world();
  assert.equal((await handler(post())).statusCode, 201);
  const again = await handler(post());
  assert.equal(again.statusCode, 200);
  assert.deepEqual(JSON.parse(again.body), { id: "n-1", state: "repeated" });
  assert.equal(saved.size, 1);
});

test("the same key with another body is refused", async () => {
  const { handler, saved } = world();
  await handler(post());
  const answer = await handler(post(NOTICE.replace("Maintenance", "Another")));
  assert.equal(answer.statusCode, 422);
  assert.match(JSON.parse(answer.body).error, /another body/);
  assert.equal(saved.size, 1);
});

test("what the API took earlier is told that a newer notice is there", async () => {
  const { handler, times } = world();
  await handler(post(NOTICE, {}, 2000));
  const late = await handler(post(NOTICE, { "idempotency-key": "request-2" }, 1000));
  assert.equal(late.statusCode, 200);
  assert.deepEqual(JSON.parse(late.body), { id: "n-1", state: "older" });
  assert.deepEqual(times, [2000, 1000]);
  await assert.rejects(handler(post(NOTICE, {}, null)), /has no time/);
});

test("a body in base64 is read", async () => {
  const event = { ...post(Buffer.from(NOTICE).toString("base64")), isBase64Encoded: true };
  assert.equal((await world().handler(event)).statusCode, 201);
});

test("whoever has no token or another one is refused", async () => {
  for (const authorization of [undefined, "", "right", "Bearer wrong", "Bearer right "]) {
    const { handler, saved } = world();
    assert.equal((await handler(post(NOTICE, { authorization }))).statusCode, 401);
    assert.equal(saved.size, 0);
  }
});

test("what is not valid is refused with its reason", async () => {
  for (const [body, reason] of [
    ["{", /not JSON/],
    ["[]", /not an object/],
    ['{"id": "n-1", "title": " ", "body": "b"}', /title has/],
    ['{"id": "n-1", "title": "t", "body": "b", "more": 1}', /no field "more"/],
    ['{"id": "n-1", "title": "t", "body": "b", "expires_at": "2030-02-31T00:00:00Z"}', /a time such/],
  ]) {
    const answer = await world().handler(post(body));
    assert.equal(answer.statusCode, 400, body);
    assert.match(JSON.parse(answer.body).error, reason);
  }
});

test("a key is needed", async () => {
  assert.equal((await world().handler(post(NOTICE, { "idempotency-key": "short" }))).statusCode, 400);
});

test("health answers without a token", async () => {
  const event = { rawPath: "/health", requestContext: { http: { method: "GET" } } };
  const answer = await world({ mode: "shadow" }).handler(event);
  assert.deepEqual(JSON.parse(answer.body), { status: "ok", mode: "shadow" });
});

test("other routes are not there", async () => {
  const event = { rawPath: "/health", requestContext: { http: { method: "PUT" } } };
  assert.equal((await world().handler(event)).statusCode, 404);
});

test("in shadow nothing is kept", async () => {
  const { handler, saved, lines } = world({ mode: "shadow" });
  assert.equal((await handler(post())).statusCode, 201);
  assert.equal(saved.size, 0);
  assert.deepEqual(lines, ["would be written"]);
});

test("a failure is thrown on, so that it is counted", async () => {
  await assert.rejects(world({ failing: true }).handler(post()), /does not answer/);
});
