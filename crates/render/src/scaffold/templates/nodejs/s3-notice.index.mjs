// Ties the handler to AWS and to the database. Lambda calls `handler`.

import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import mysql from "mysql2/promise";

import { connectionOptions } from "./connection.mjs";
import { createHandler } from "./handler.mjs";
import { createLog } from "./log.mjs";
import { createNotices } from "./notices.mjs";
import { createSecrets } from "./secrets.mjs";

const s3 = new S3Client();
const sns = new SNSClient();
const ssm = new SSMClient();

const secret = createSecrets(async (Name) => {
  const answer = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return answer.Parameter?.Value;
});

const log = createLog();

export const handler = createHandler({
  mode: process.env.MODE,
  readObject: async (Bucket, Key) => {
    try {
      const answer = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return await answer.Body.transformToString("utf-8");
    } catch (cause) {
      // Told from a refusal because the role may list the bucket.
      if (cause?.name === "NoSuchKey") return null;
      throw cause;
    }
  },
  notices: createNotices(
    async () =>
      mysql.createConnection(await connectionOptions(await secret(process.env.DATABASE_PARAMETER))),
    log,
  ),
  announce: (message) =>
    sns.send(
      new PublishCommand({ TopicArn: process.env.TOPIC_ARN, Message: JSON.stringify(message) }),
    ),
  log,
});
