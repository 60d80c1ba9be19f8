// Does what generated functions do to their database, with the driver that they name, and prints what came of it.
//
//   node stores.mjs notices|runs      from a project's `src`; the secret of the database in SECRET
//
// One JSON document. `stores.py` does the same in Python and prints the same.

import mysql from "mysql2/promise";

import { connectionOptions } from "./connection.mjs";

const AT_ONCE = 8;
const connect = async () => mysql.createConnection(await connectionOptions(process.env.SECRET));
const atOnce = (work) => Promise.all(Array.from({ length: AT_ONCE }, (_, one) => work(one)));

async function notices() {
  const { createNotices } = await import("./notices.mjs");
  const store = createNotices(connect, console);
  const save = (key, sentMs, { body = null, title = "점검 안내 🛠", id = "n-1", source = "", sequencer = "", keep = true } = {}) =>
    store.save({ id, title, body: "본문", expiresAt: "2030-01-31 09:00:00" }, { key, body, source, sequencer, sentMs }, keep);
  const announced = async (...keys) => {
    const answers = [];
    for (const key of keys) answers.push(await store.isAnnounced(key));
    return answers;
  };
  const source = "s".repeat(64);
  const said = {
    "first": await save("k1", 1000, { body: "a".repeat(64) }),
    "again": await save("k1", 1000, { body: "a".repeat(64) }),
    "another body": await save("k1", 1000, { body: "b".repeat(64) }),
    "tried": await save("k2", 2000, { title: "시험", keep: false }),
    "kept after the trial": await save("k2", 2000, { title: "둘째" }),
    "late": await save("k3", 1500, { title: "늦음" }),
    "of a source": await save("k4", 3000, { title: "셋째", source, sequencer: "0A" }),
    "newer of it, by an older clock": await save("k5", 2500, { title: "넷째", source, sequencer: "0B" }),
    "older of it": await save("k6", 4000, { title: "다섯째", source, sequencer: "09" }),
    "another case": await save("k7", 10, { id: "N-1", title: "대문자" }),
    "announced at first": await announced("k1", "k3", "nowhere"),
  };
  await store.markAnnounced("k1");
  said["announced then"] = await announced("k1", "k2");
  said["one key at once"] = (await atOnce(() => save("same", 1, { id: "at-once" }))).sort();
  const others = await atOnce((one) => save(`o${one}`, 100 + one, { id: "other", title: String(one) }));
  said["others at once"] = [...new Set(others)].filter((state) => state !== "older").sort();
  return said;
}

async function runs() {
  const { createRuns } = await import("./runs.mjs");
  const store = createRuns(connect, console);
  const time = `${new Date().toISOString().slice(0, 10)} 00:00:00`;
  const claim = (job) => store.claim(job, time, 60);
  const batch = async () => {
    const { removed, isAll } = await store.removeExpired(time);
    return [removed, isAll];
  };
  const said = {
    "first": await claim("job"),
    "again": await claim("job"),
    "another job": await claim("Job"),
  };
  await store.release("job", time);
  said["given back"] = await claim("job");
  await store.finish("job", time, 7);
  said["finished"] = await claim("job");
  await store.release("job", time);
  said["finished for good"] = await claim("job");
  said["at once"] = (await atOnce(() => claim("at-once"))).sort();
  said["expired"] = await store.countExpired(time);
  said["removed"] = [await batch(), await batch()];
  said["left"] = await store.countExpired(time);
  return said;
}

console.log(JSON.stringify(await { notices, runs }[process.argv[2]]()));
