// Ties the handler to AWS and to the database. Lambda calls `handler`.

import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import mysql from "mysql2/promise";

import { connectionOptions } from "./connection.mjs";
import { createHandler } from "./handler.mjs";
import { createLog } from "./log.mjs";
import { createNotices } from "./notices.mjs";
import { createSecrets } from "./secrets.mjs";

const ssm = new SSMClient();

const secret = createSecrets(async (Name) => {
  const answer = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return answer.Parameter?.Value;
});

const log = createLog();

export const handler = createHandler({
  mode: process.env.MODE,
  token: () => secret(process.env.TOKEN_PARAMETER),
  notices: createNotices(
    async () =>
      mysql.createConnection(await connectionOptions(await secret(process.env.DATABASE_PARAMETER))),
    log,
  ),
  log,
});
