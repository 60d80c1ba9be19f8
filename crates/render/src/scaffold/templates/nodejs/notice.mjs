// A notice: what is accepted, and why something is not.

export class InvalidNotice extends Error {}

const FIELDS = ["id", "title", "body", "expires_at"];
const MAX_TITLE = 200;
const MAX_BODY = 20000;

export function parseNotice(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidNotice("the notice is not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new InvalidNotice("the notice is not an object");
  }
  const unknown = Object.keys(value).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw new InvalidNotice(`there is no field ${JSON.stringify(unknown)}`);
  if (typeof value.id !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(value.id)) {
    throw new InvalidNotice("id has 1 to 64 letters, digits, - or _");
  }
  return {
    id: value.id,
    title: textOf(value, "title", MAX_TITLE),
    body: textOf(value, "body", MAX_BODY),
    expiresAt: timeOf(value, "expires_at"),
  };
}

function textOf(value, field, longest) {
  const text = value[field];
  const length = typeof text === "string" ? [...text].length : 0;
  if (length < 1 || length > longest || text.trim() === "") {
    throw new InvalidNotice(`${field} has 1 to ${longest} characters`);
  }
  return text;
}

// Returns the time as MySQL writes it, in UTC, or null where there is none.
function timeOf(value, field) {
  const text = value[field];
  if (text === undefined || text === null) return null;
  const wanted = typeof text === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text);
  const time = wanted ? new Date(text) : undefined;
  // The 31st of February is read as a day of March: what comes back must be what was given.
  if (!time || Number.isNaN(time.getTime()) || time.toISOString() !== text.replace("Z", ".000Z")) {
    throw new InvalidNotice(`${field} is a time such as 2030-01-31T09:00:00Z`);
  }
  return text.slice(0, 19).replace("T", " ");
}
