// Secrets of SSM Parameter Store, kept in memory for a few minutes.
//
// A parameter that is changed is read again after the time to live; no secret is in the
// environment, in a file or in a log.

export const TIME_TO_LIVE_MS = 5 * 60 * 1000;

export function createSecrets(fetchParameter, now = Date.now) {
  const kept = new Map();
  return async function secret(name) {
    const known = kept.get(name);
    if (known && now() < known.until) return known.value;
    const value = await fetchParameter(name);
    if (typeof value !== "string" || value === "") throw new Error(`parameter ${name} is empty`);
    kept.set(name, { value, until: now() + TIME_TO_LIVE_MS });
    return value;
  };
}
