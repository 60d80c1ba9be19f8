// Drives the handler over Lambda's Runtime API, one event at a time, as the managed runtime of Node.js does.

import http from "node:http";
import { handler } from "./handler.mjs";

const agent = new http.Agent({ keepAlive: true });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

function exchange(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path: `/2018-06-01/runtime/${path}`, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ headers: answer.headers, text: Buffer.concat(parts).toString("utf-8") }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (;;) {
  const { headers, text } = await exchange("GET", "invocation/next");
  const id = headers["lambda-runtime-aws-request-id"];
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  try {
    const report = await handler(JSON.parse(text), { getRemainingTimeInMillis: () => deadline - Date.now() });
    await exchange("POST", `invocation/${id}/response`, JSON.stringify(report));
  } catch (error) {
    const told = JSON.stringify({ errorType: error.name, errorMessage: error.message });
    await exchange("POST", `invocation/${id}/error`, told);
  }
}
