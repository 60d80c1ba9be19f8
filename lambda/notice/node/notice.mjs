// A file of JSON: one notice or several.

const CHANNELS = ["push", "slack", "sns"];

/** Returns the notices of a file, or what is wrong with it. */
export function readNotices(text, arrived) {
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { kind: "refused", problems: [{ reason: `is not JSON: ${error.message}` }] };
  }
  const problems = [];
  const notices = [];
  for (const entry of Array.isArray(parsed) ? parsed : [parsed]) {
    const problem = (field, reason) => problems.push({ field, reason });
    const notice = {
      id: entry.id,
      title: entry.title,
      body: entry.body,
      language: entry.language ?? "ko",
      from: entry.publish_from ? new Date(entry.publish_from) : arrived,
      until: entry.publish_until ? new Date(entry.publish_until) : null,
      audience: [entry.audience].flat().join(" "),
      channels: [entry.channels].flat().sort(),
    };
    if (!/^[a-z0-9-]{1,64}$/.test(notice.id ?? "")) problem("id", "is not 1 to 64 small letters, digits and hyphens");
    if (!notice.title || [...notice.title].length > 200) problem("title", "is empty or too long");
    if (!notice.body || [...notice.body].length > 20_000) problem("body", "is empty or too long");
    if (Number.isNaN(notice.from.getTime())) problem("publish_from", "is no time");
    if (notice.until && !(notice.until > notice.from)) problem("publish_until", "is not after `publish_from`");
    if (!notice.channels.every((channel) => CHANNELS.includes(channel))) problem("channels", "has an unknown channel");
    notices.push(notice);
  }
  return problems.length > 0 ? { kind: "refused", problems } : { kind: "published", notices };
}
