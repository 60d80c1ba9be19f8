// A connection to MySQL by what the secret says.
//
// The secret is JSON: {"host", "port", "user", "password", "schema"} and, to connect without
// TLS, "tls": "off". The certificate authority of the database lies beside this file.

import { readFile } from "node:fs/promises";

const AUTHORITY = new URL("./database-ca.pem", import.meta.url);

export async function connectionOptions(secret, readAuthority = () => readFile(AUTHORITY, "utf8")) {
  let value;
  try {
    value = JSON.parse(secret);
  } catch {
    // The secret itself must not be part of the message.
    throw new Error("the secret of the database is not JSON");
  }
  for (const field of ["host", "user", "password", "schema"]) {
    if (typeof value?.[field] !== "string" || value[field] === "") {
      throw new Error(`the secret of the database has no ${field}`);
    }
  }
  const options = {
    host: value.host,
    port: value.port ?? 3306,
    user: value.user,
    password: value.password,
    database: value.schema,
    timezone: "Z",
    connectTimeout: 5000,
  };
  if (value.tls !== "off") {
    options.ssl = {
      ca: await readAuthority(),
      minVersion: "TLSv1.2",
      rejectUnauthorized: true,
      // The authority signs for every database of RDS: the name says that it is this one.
      verifyIdentity: true,
    };
  }
  return options;
}
