// The one connection to the database that an environment has, over TLS.

import { readFileSync } from "node:fs";
import mysql from "mysql2/promise";
import { parameter } from "./parameters.mjs";

let held = null;

/** Returns the connection, made now unless one is there and lives. The tables are made by the other handler. */
export async function connection() {
  if (held) {
    try {
      await held.ping();
      return held;
    } catch {
      held = null;
    }
  }
  const address = JSON.parse(await parameter(process.env.NOTICE_DATABASE_PARAMETER));
  const certificates = process.env.NOTICE_DATABASE_CERTIFICATES;
  held = await mysql.createConnection({
    host: address.host,
    port: address.port ?? 3306,
    user: address.user,
    password: address.password,
    database: address.database,
    connectTimeout: 5000,
    timezone: "Z",
    ssl: certificates ? { ca: readFileSync(certificates), verifyIdentity: true } : { verifyIdentity: true },
  });
  await held.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  return held;
}
