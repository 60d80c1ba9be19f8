// Takes a picture of every page of a running server, in both languages.
//
//   node screens.mjs ADDRESS_WITH_TOKEN DIRECTORY [PATH…]

import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [address, directory, ...more] = process.argv.slice(2);
const origin = new URL(address).origin;
const PATHS = [
  "/", "/cost", "/recommendations", "/plans", "/runs", "/savings", "/waste", "/commitments", "/modernize", "/anomalies",
  "/budgets", "/unit", "/allocation", "/resources", "/reports", "/coverage", "/settings", ...more,
];
// The first page stands for the rest on a phone and in the dark.
const EXTRA = [
  { path: "/", name: "overview-dark", width: 1280, theme: "dark" },
  { path: "/", name: "overview-phone", width: 390, theme: "light" },
];
const named = (path) => path.split("?")[0].split("/").filter(Boolean)[0] ?? "overview";
const looks = PATHS.map((path) => ({
  path,
  name: path.split("/").length > 2 ? `${named(path)}-one` : named(path),
  width: 1280,
  theme: "light",
}));

const browser = await chromium.launch({
  executablePath: process.env.TRIMTAB_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
for (const lang of ["ko", "en"]) {
  mkdirSync(`${directory}/${lang}`, { recursive: true });
  for (const { path, name, width, theme } of [...looks, ...EXTRA]) {
    const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme: theme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(address);
    await page.goto(`${origin}/preferences?lang=${lang}`);
    await page.goto(origin + path, { waitUntil: "load" });
    await page.screenshot({ path: `${directory}/${lang}/${name}.png` });
    await context.close();
  }
}
await browser.close();
