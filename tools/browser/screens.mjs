// Takes a picture of every page of a running server, in both languages and from top to bottom.
//
//   node screens.mjs ADDRESS_WITH_TOKEN DIRECTORY [PATH…]
//
// A PATH that begins with an address of another server, such as http://127.0.0.1:7071/?token=…#/runs/RUN-1, is
// taken there.

import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [address, directory, ...more] = process.argv.slice(2);
const PATHS = [
  "/", "/cost", "/recommendations", "/plans", "/runs", "/savings", "/waste", "/commitments", "/modernize", "/anomalies",
  "/budgets", "/unit", "/allocation", "/resources", "/reports", "/reports?period=monthly", "/reports?period=quarterly",
  "/reports/archive", "/coverage", "/views", "/find?q=lobby", "/settings", ...more,
];
// The first page stands for the rest on a phone and in the dark.
const EXTRA = [
  { path: "/", name: "overview-dark", width: 1280, theme: "dark" },
  { path: "/", name: "overview-phone", width: 390, theme: "light" },
];

// Returns the page's first word, with `-one` for one thing of a list and with the period of a report.
function named(path) {
  const parts = path.split("?")[0].split("/").filter(Boolean);
  const period = new URLSearchParams(path.split("?")[1] ?? "").get("period");
  const second = parts[1] === "archive" ? "archive" : parts.length > 1 ? "one" : null;
  const name = [parts[0] ?? "overview", second, period].filter(Boolean).join("-");
  return name;
}

// Returns a look at a page, on the server that its path names.
function look(path) {
  const cut = path.startsWith("http") ? path.indexOf("#") : -1;
  const [entrance, rest] = cut < 0 ? [address, path] : [path.slice(0, cut), path.slice(cut + 1)];
  return { entrance, path: rest, name: named(rest), width: 1280, theme: "light" };
}
const looks = [...PATHS.map(look), ...EXTRA.map((one) => ({ entrance: address, ...one }))];

const browser = await chromium.launch({
  executablePath: process.env.TRIMTAB_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// Opens a context that has entered, runs `use` with its page, and takes a picture under `name`.
async function picture(lang, { entrance, name, width, theme }, use) {
  const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme: theme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const origin = new URL(entrance).origin;
  await page.goto(entrance);
  await page.goto(`${origin}/preferences?lang=${lang}`);
  await use(page, origin, context);
  // Long lists go on as they begin.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(860, Math.min(height, 1800)) });
  await page.screenshot({ path: `${directory}/${lang}/${name}.png` });
  await context.close();
}

const plain = { entrance: address, width: 1280, theme: "light" };
for (const lang of ["ko", "en"]) {
  mkdirSync(`${directory}/${lang}`, { recursive: true });
  for (const one of looks) {
    await picture(lang, one, (page, origin) => page.goto(origin + one.path, { waitUntil: "load" }));
  }
  // A resource and an anomaly are reached as a reader reaches them: by the first link of the list. An instance says
  // more than most resources.
  const reached = [
    ["resource", "/resources?f.kind=EC2::Instance", "/resource?"],
    ["anomalies-one", "/anomalies", "/anomalies/"],
  ];
  for (const [name, list, link] of reached) {
    await picture(lang, { ...plain, name }, async (page, origin) => {
      await page.goto(origin + list, { waitUntil: "load" });
      const first = await page.locator(`main a[href^="${link}"]`).first().getAttribute("href");
      await page.goto(origin + first, { waitUntil: "load" });
    });
  }
  // The page of somebody who has not entered.
  await picture(lang, { ...plain, name: "login" }, async (page, origin, context) => {
    const kept = await context.cookies();
    const isPreference = (cookie) => /lang|theme|currency|preference/.test(cookie.name);
    await context.clearCookies();
    await context.addCookies(kept.filter(isPreference));
    await page.goto(`${origin}/login`, { waitUntil: "load" });
  });
}
await browser.close();
