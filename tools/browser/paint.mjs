// Times how soon pages of a running server are painted, and how much comes over the wire for them.
//
//   node paint.mjs ADDRESS_WITH_TOKEN TIMES THROTTLE PATH…      prints one JSON object a page

import { chromium } from "playwright-core";

const [address, times, throttle, ...paths] = process.argv.slice(2);
const origin = new URL(address).origin;
const browser = await chromium.launch({
  executablePath: process.env.TRIMTAB_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// In the page: the first paint, the moment at which every chart that came with it has been painted, long tasks, bytes.
const figures = () => new Promise((resolve) => {
  const [entry] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const scripts = files.filter((one) => one.initiatorType === "script");
  const sum = (entries) => entries.reduce((all, one) => all + one.transferSize, 0);
  resolve({
    paint: paint?.startTime ?? null,
    charts: Math.max(paint?.startTime ?? 0, entry.domContentLoadedEventEnd, window.trimtabDrawn ?? 0),
    drawn: document.querySelectorAll("main svg").length,
    blocked: (window.trimtabTasks ?? []).reduce((all, one) => all + Math.max(0, one - 50), 0),
    bytes: entry.transferSize + sum(files),
    script: sum(scripts),
    requests: files.length + 1,
  });
});

for (const path of paths) {
  const runs = [];
  for (let run = 0; run < Number(times); run += 1) {
    // A context of its own: nothing is in its cache.
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    const response = await page.goto(address);
    if (!response.ok()) throw new Error(`${response.status()} of the first page`);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.clearBrowserCache");
    await session.send("Emulation.setCPUThrottlingRate", { rate: Number(throttle) });
    await page.addInitScript(() => {
      window.trimtabTasks = [];
      new PerformanceObserver((list) => {
        for (const one of list.getEntries()) window.trimtabTasks.push(one.duration);
      }).observe({ type: "longtask", buffered: true });
      // Charts are in the page as it comes: they are painted with the frame behind the last of them.
      addEventListener("DOMContentLoaded", () => {
        requestAnimationFrame(() => setTimeout(() => { window.trimtabDrawn = performance.now(); }));
      });
    });
    await page.goto(origin + path, { waitUntil: "load" });
    await page.waitForFunction(() => window.trimtabDrawn && performance.getEntriesByName("first-contentful-paint").length);
    runs.push(await page.evaluate(figures));
    await context.close();
  }
  console.log(JSON.stringify({ path, runs }));
}
await browser.close();
