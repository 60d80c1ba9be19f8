// The job that runs by the clock: it removes notices that have expired, once for every time.

export const JOB = "remove-expired-notices";
// What is left for the last batch, in milliseconds.
const MARGIN_MS = 5000;

export function createHandler({ mode, leaseSeconds, runs, log }) {
  const isLive = mode === "live";

  return async function handler(event, context) {
    const scheduledFor = timeOf(event);
    if (!isLive) {
      const expired = await runs.countExpired(scheduledFor);
      log.info("would be removed", { scheduled_for: scheduledFor, expired });
      return { state: "shadow", expired };
    }
    // The clock may call twice for one time, and Lambda tries again after a failure.
    const state = await runs.claim(JOB, scheduledFor, leaseSeconds);
    if (state === "finished") {
      log.info("was run before", { scheduled_for: scheduledFor });
      return { state: "repeated" };
    }
    // Failing brings this try back later: by then the other one has finished, or its lease is over.
    if (state === "running") throw new Error("another invocation runs the job");
    try {
      const removed = await removeAll(scheduledFor, context);
      await runs.finish(JOB, scheduledFor, removed);
      log.info("removed", { scheduled_for: scheduledFor, removed });
      return { state: "finished", removed };
    } catch (cause) {
      log.error("could not finish the job", { scheduled_for: scheduledFor, reason: cause.message });
      await runs.release(JOB, scheduledFor);
      throw cause;
    }
  };

  async function removeAll(before, context) {
    let removed = 0;
    for (;;) {
      const batch = await runs.removeExpired(before);
      removed += batch.removed;
      if (batch.isAll) return removed;
      if (context.getRemainingTimeInMillis() < MARGIN_MS) {
        throw new Error(`the time is over after ${removed}; the next try goes on`);
      }
    }
  }
}

// Returns the time for which the clock called, as MySQL writes it.
export function timeOf(event) {
  if (typeof event?.time !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(event.time)) {
    throw new Error("the event has no time");
  }
  return event.time.slice(0, 19).replace("T", " ");
}
