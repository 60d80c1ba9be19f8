// Looks at the pages of running servers with a real browser, and prints what is wrong with them.
//
//   node pages.mjs '[{"name": "demo", "address": "http://127.0.0.1:7070/login?token=…"}]' [DIRECTORY]
//
// One line of JSON for each fault, and at last one with the counts. With a directory, a picture of each
// page is left there. Exit code 1 where anything was found.

import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const servers = JSON.parse(process.argv[2]);
const pictures = process.argv[3];
const MOST_SCRIPT = 60 * 1024;
const MOST_PAGE = 40 * 1024;
const PATHS = [
  "/", "/cost", "/cost?group_by=account&basis=billed", "/cost?group_by=environment", "/recommendations", "/plans", "/runs", "/savings", "/waste",
  "/commitments", "/modernize", "/anomalies", "/budgets", "/unit", "/allocation", "/resources", "/reports",
  "/coverage", "/views", "/settings", "/settings?list=audit", "/find", "/find?q=game",
  "/recommendations?environment=prod", "/nowhere",
];

let faults = 0;
let looked = 0;
const fault = (about) => {
  faults += 1;
  console.log(JSON.stringify(about));
};

const browser = await chromium.launch({
  executablePath: process.env.TRIMTAB_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// What of a page is wrong, whatever is on it.
async function look(context, server, path, how) {
  const page = await context.newPage();
  const origin = new URL(server.address).origin;
  const say = (kind, detail) => fault({ kind, server: server.name, path, how, detail });
  const scripts = new Map();
  page.on("console", (message) => {
    // A page that is not there is told by its status as well.
    const isStatus = /status of [45]\d\d/.test(message.text());
    if (message.type() === "error" && !isStatus) say("console", message.text());
  });
  page.on("pageerror", (error) => say("script", String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) say("off-origin", request.url());
  });
  page.on("response", async (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (!type.includes("javascript")) return;
    try {
      scripts.set(response.url(), gzipSync(await response.body()).length);
    } catch { /* the page has gone on */ }
  });
  const response = await page.goto(origin + path, { waitUntil: "load" });
  const isFailing = server.failing?.includes(path) ?? false;
  const expected = path === "/nowhere" ? 404 : isFailing ? 500 : 200;
  if (response.status() !== expected) say("status", response.status());
  const html = await response.text();
  const size = gzipSync(html).length;
  if (size > MOST_PAGE) say("page-size", size);
  const size_of_scripts = [...scripts.values()].reduce((sum, one) => sum + one, 0);
  if (size_of_scripts > MOST_SCRIPT) say("script-size", size_of_scripts);
  const keys = html.match(/\[[a-z]+-[a-z-]+\]/g);
  if (keys) say("untranslated", keys);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (isFailing && !html.includes("failure")) say("no-reason", html.slice(0, 200));
  if (wide > 0) say("horizontal-scroll", wide);
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== how.lang) say("language", lang);
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return run.violations.map((one) => ({ id: one.id, nodes: one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)), count: one.nodes.length }));
  });
  for (const one of found) say("axe", one);
  if (pictures) {
    const name = path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "overview";
    await page.screenshot({ path: `${pictures}/${server.name}-${name}-${how.lang}-${how.theme}-${how.width}.png`, fullPage: true });
  }
  looked += 1;
  await page.close();
}

async function entered(server, options, how) {
  const context = await browser.newContext(options);
  const origin = new URL(server.address).origin;
  const page = await context.newPage();
  await page.goto(server.address);
  await page.goto(`${origin}/preferences?lang=${how.lang}`);
  await page.close();
  return context;
}

if (pictures) mkdirSync(pictures, { recursive: true });
// A server with everything is looked at in every way on every page; one that lacks something, on the pages that
// show what it lacks, and on the rest in two of the ways.
const MAIN = ["/", "/cost", "/recommendations"];
const tasks = [];
for (const server of servers) {
  for (const lang of ["ko", "en"]) {
    for (const theme of ["light", "dark"]) {
      for (const width of [1440, 390]) {
        const isUsual = (lang === "ko" && theme === "light" && width === 390) || (lang === "en" && theme === "dark" && width === 1440);
        const paths = server.name === "demo" || isUsual ? [...PATHS, ...(server.paths ?? [])] : MAIN;
        tasks.push({ server, paths, how: { lang, theme, width } });
      }
    }
  }
}
async function work() {
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    const { server, paths, how } = task;
    const options = { viewport: { width: how.width, height: 900 }, colorScheme: how.theme, reducedMotion: "reduce" };
    const context = await entered(server, options, how);
    for (const path of paths) await look(context, server, path, how);
    await context.close();
  }
}
await Promise.all([work(), work(), work()]);

// What a page says and draws: its title, its figures, its tables with their rows, and its drawings with their size.
async function content(page) {
  return page.evaluate(() => {
    const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent.trim());
    const isSeen = (one) => one.checkVisibility?.() ?? one.getClientRects().length > 0;
    const drawings = [...document.querySelectorAll("main svg")].filter(isSeen);
    return {
      title: document.querySelector("h1")?.textContent.trim() ?? "",
      figures: texts("main .figure .value"),
      tables: [...document.querySelectorAll("main table")].map((one) => one.querySelectorAll("tbody tr").length),
      drawings: drawings.map((one) => ({
        shapes: one.querySelectorAll("rect, path, line, circle, polygon, polyline, text").length,
        hasSize: one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().height > 0,
      })),
    };
  });
}

// Without a script a page has the same title, figures, tables and drawings, and its filters filter when they are sent.
// Of a server with everything these pages must have some of them.
const HAVE = {
  figures: ["/", "/cost", "/recommendations", "/savings", "/commitments", "/unit", "/allocation", "/coverage"],
  rows: ["/cost", "/recommendations", "/plans", "/savings", "/commitments", "/modernize", "/unit", "/allocation", "/resources", "/coverage", "/settings"],
  drawings: ["/", "/cost", "/budgets", "/reports"],
};
for (const server of servers) {
  const how = { lang: "ko", theme: "light", width: 1440 };
  const options = { viewport: { width: how.width, height: 900 }, colorScheme: how.theme };
  const context = await entered(server, { ...options, javaScriptEnabled: false }, how);
  const scripted = await entered(server, { ...options, reducedMotion: "reduce" }, how);
  const origin = new URL(server.address).origin;
  for (const path of [...PATHS, ...(server.paths ?? [])]) {
    const say = (detail) => fault({ kind: "without-script", server: server.name, path, detail });
    const [page, other] = [await context.newPage(), await scripted.newPage()];
    await Promise.all([page.goto(origin + path), other.goto(origin + path)]);
    const [found, expected] = [await content(page), await content(other)];
    if (!found.title) say("no title");
    for (const part of ["title", "figures", "tables", "drawings"]) {
      const [own, with_script] = [JSON.stringify(found[part]), JSON.stringify(expected[part])];
      if (own !== with_script) say(`${part}: ${own} instead of ${with_script}`);
    }
    if (found.figures.some((text) => !text)) say("a figure without a value");
    for (const one of found.drawings) if (!one.hasSize || one.shapes === 0) say("an empty drawing");
    if (server.keyboard) {
      if (HAVE.figures.includes(path) && found.figures.length === 0) say("no figures");
      if (HAVE.rows.includes(path) && !found.tables.some((rows) => rows > 0)) say("no rows");
      if (HAVE.drawings.includes(path) && found.drawings.length === 0) say("no drawing");
    }
    await page.close();
    await other.close();
  }
  if (server.keyboard) {
    const page = await context.newPage();
    const say = (path, detail) => fault({ kind: "without-script", server: server.name, path, detail });
    const rows = () => page.locator("#list tbody tr").count();
    // The line that the command line has, too.
    await page.goto(`${origin}/recommendations`);
    const all = await rows();
    await page.locator("#filter").fill("risk<=low and env!=prod");
    await page.locator(".filter-line button[type=submit]").click();
    const few = await rows();
    if (!new URL(page.url()).searchParams.get("filter")) say("/recommendations", `the filter was not sent: ${page.url()}`);
    if (few === 0 || few >= all) say("/recommendations", `${few} of ${all} rows after the filter`);
    // The boxes of a table are sent by a button that only those without a script have.
    await page.goto(`${origin}/resources`);
    const before = await rows();
    const wanted = "AWS::EC2::Volume";
    await page.locator('#list input[name="f.kind"]').fill(wanted);
    await page.locator("#list .sheet-buttons button[type=submit]").click();
    const kinds = await page.locator("#list tbody tr").allTextContents();
    if (new URL(page.url()).searchParams.get("f.kind") !== wanted) say("/resources", `the box was not sent: ${page.url()}`);
    if (kinds.length === 0 || kinds.length >= before) say("/resources", `${kinds.length} of ${before} rows after the filter`);
    if (kinds.some((text) => !text.includes(wanted))) say("/resources", "a row of another kind");
    await page.close();
  }
  await context.close();
  await scripted.close();
}

// From the list to an approved plan, by the keyboard alone.
for (const server of servers.filter((one) => one.keyboard)) {
  const how = { lang: "en", theme: "light", width: 1440 };
  const context = await entered(server, { viewport: { width: 1440, height: 900 } }, how);
  const origin = new URL(server.address).origin;
  const page = await context.newPage();
  const say = (detail) => fault({ kind: "keyboard", server: server.name, path: page.url(), detail });
  const reach = async (selector) => {
    for (let step = 0; step < 400; step += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return true;
    }
    say(`never reached ${selector}`);
    return false;
  };
  await page.goto(`${origin}/recommendations?filter=${encodeURIComponent(server.keyboard)}`);
  if (await reach('tbody a[href^="/recommendations/"]')) {
    await page.keyboard.press("Enter");
    await page.waitForURL("**/recommendations/*");
    if (await reach('form[action="/plans"] input[name="by"]')) {
      await page.keyboard.type("kim");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/plans/*");
      const hash = await page.locator(".hash").textContent();
      if (await reach('form.approve input[name="hash"]')) {
        await page.keyboard.type(hash.trim());
        for (const [selector, text] of [['form.approve input[name="aliases"]', server.alias ?? ""], ['form.approve input[name="by"]', "lee"]]) {
          if ((await page.locator(selector).count()) === 0) continue;
          if (await reach(selector)) await page.keyboard.type(text);
        }
        await page.keyboard.press("Enter");
        await page.waitForSelector(".approved, .failure", { timeout: 15000 }).catch(() => {});
        if ((await page.locator(".approved").count()) === 0) say((await page.locator("main").textContent()).slice(0, 400));
      }
    }
  }
  await context.close();
}

// The search of every page by the keyboard, a part of everything by its form, and a view that is saved of it. What
// opens above a page is held against axe while it is open.
for (const server of servers.filter((one) => one.keyboard)) {
  for (const width of [1440, 390]) {
    const how = { lang: "ko", theme: "light", width };
    const context = await entered(server, { viewport: { width, height: 900 }, reducedMotion: "reduce" }, how);
    const origin = new URL(server.address).origin;
    const page = await context.newPage();
    const say = (detail) => fault({ kind: "head", server: server.name, path: page.url(), how, detail });
    page.on("pageerror", (error) => say(String(error)));
    const held = async () => {
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
      for (const one of found.violations) say({ id: one.id, nodes: one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)) });
      if ((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) > 0) say("horizontal scroll");
    };
    const focused = (selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

    await page.goto(`${origin}/cost`);
    await page.keyboard.press("/");
    await page.keyboard.type("settings");
    await page.waitForSelector('#palette-found a[href="/settings"]').catch(() => say("the page of settings was not found"));
    await held();
    await page.keyboard.press("ArrowDown");
    if (!(await focused('#palette-found a[href="/settings"]'))) say("the arrow did not lead to what was found");
    await page.keyboard.press("ArrowUp");
    if (!(await focused("#palette input"))) say("the arrow did not lead back");
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press("Tab");
      if (await focused("main *, nav *")) say("the focus left the dialog");
    }
    await page.keyboard.press("Escape");
    if (await page.evaluate(() => document.getElementById("palette").open)) say("Escape did not close the search");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/settings").catch(() => say("Enter did not lead there"));

    await page.goto(`${origin}/recommendations`);
    const before = await page.locator("#list tbody tr").count();
    await page.locator(".bar details.popover summary").first().click();
    await held();
    await page.locator('.bar select[name="environment"]').selectOption("staging");
    await page.locator('.bar form[action="/preferences"] button.primary').click();
    await page.waitForURL("**/recommendations");
    const after = await page.locator("#list tbody tr").count();
    if (after === 0 || after >= before) say(`${after} of ${before} rows in staging`);
    if ((await page.locator(".scope-line").count()) !== 1) say("nothing says that it is a part");
    await page.goto(`${origin}/commitments`);
    if ((await page.locator(".scope-line").count()) !== 1) say("nothing says that it is all of it");

    // A list that was narrowed is saved as it is, although the page has not been made anew.
    await page.goto(`${origin}/recommendations`);
    await page.locator('#list input[name="f.type"]').fill("Rightsize");
    await page.waitForURL(/f\.type=/);
    await page.locator(".bar details.popover summary").nth(1).click();
    await held();
    await page.locator('form[action="/views"] input[name="name"]').fill(`Rightsizing ${width}`);
    await page.locator('form[action="/views"] button').click();
    await page.waitForLoadState("load");
    await page.goto(`${origin}/views`);
    const saved = await page.locator("#list tbody tr", { hasText: `Rightsizing ${width}` }).textContent().catch(() => "");
    if (!saved.includes("f.type=Rightsize") || !saved.includes("environment=staging")) say(`saved: ${saved}`);
    await context.close();
  }
}

await browser.close();
console.log(JSON.stringify({ looked, faults }));
process.exit(faults === 0 ? 0 : 1);
