// Notices over HTTP: POST /notices writes one, GET /health says that the function answers.

import { createHash, timingSafeEqual } from "node:crypto";

import { InvalidNotice, parseNotice } from "./notice.mjs";

export function createHandler({ mode, token, notices, log }) {
  const isLive = mode === "live";

  async function write(event) {
    if (!isSame(bearerOf(event), await token())) return answer(401, { error: "a token is needed" });
    const once = event.headers?.["idempotency-key"];
    if (typeof once !== "string" || !/^[\x21-\x7e]{8,128}$/.test(once)) {
      return answer(400, { error: "the header Idempotency-Key has 8 to 128 characters" });
    }
    const body = bodyOf(event);
    const notice = parseNotice(body);
    const arrival = {
      key: digest(once).toString("hex"),
      body: digest(body).toString("hex"),
      source: "",
      sequencer: "",
      sentMs: timeOf(event),
    };
    const state = await notices.save(notice, arrival, isLive);
    if (state === "other") {
      return answer(422, { error: "this Idempotency-Key was sent with another body before" });
    }
    log.info(isLive ? "written" : "would be written", { id: notice.id, state });
    return answer(state === "new" ? 201 : 200, { id: notice.id, state });
  }

  return async function handler(event) {
    const route = `${event?.requestContext?.http?.method} ${event?.rawPath}`;
    try {
      if (route === "GET /health") return answer(200, { status: "ok", mode });
      if (route === "POST /notices") return await write(event);
      return answer(404, { error: "there is no such route" });
    } catch (cause) {
      if (cause instanceof InvalidNotice) return answer(400, { error: cause.message });
      log.error("could not answer", { route, reason: cause.message });
      // Thrown on: API Gateway answers 500, and the alarm of errors counts it.
      throw cause;
    }
  };
}

function answer(statusCode, body) {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { statusCode, headers, body: JSON.stringify(body) };
}

function bearerOf(event) {
  return /^Bearer (.+)$/i.exec(event.headers?.authorization ?? "")?.[1] ?? "";
}

function bodyOf(event) {
  const body = event.body ?? "";
  return event.isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
}

// Returns when the API took the request, in milliseconds: of two notices of one id the later stays.
function timeOf(event) {
  const time = event.requestContext.timeEpoch;
  if (!Number.isSafeInteger(time) || time < 1) throw new Error("the request has no time");
  return time;
}

// Digests have one length, so that the time of comparing tells nothing of the token.
function isSame(given, expected) {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text) {
  return createHash("sha256").update(text).digest();
}
