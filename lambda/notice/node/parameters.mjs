// Secrets from the Parameter Store, held for five minutes.

import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

const ssm = new SSMClient({});
const held = new Map();
const LIFETIME_MILLISECONDS = 300_000;

/** Returns the value of a parameter. */
export async function parameter(name) {
  const known = held.get(name);
  if (known && Date.now() - known.since < LIFETIME_MILLISECONDS) return known.value;
  const answer = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  held.set(name, { value: answer.Parameter.Value, since: Date.now() });
  return answer.Parameter.Value;
}
