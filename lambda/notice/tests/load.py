"""A thousand files at once, with events that come twice and out of order, and environments that are killed.

Counts what the receivers got: every notice is in the database once; every message of a channel that knows a key is
delivered once; every message of another is delivered once or is listed as uncertain, and never twice.
"""

import argparse
import json
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from scene import notice
from stage import Function, Stage

CHANNELS = (("push",), ("sns",), ("push", "slack"), ("sns", "email"))


def events_of(stage, files):
    """Writes the files and returns their events."""
    def put(number):
        stage.cloud.s3.put_object(Bucket="service-notifications", Key=f"in/{number}.json",
                                  Body=notice(str(number), channels=CHANNELS[number % len(CHANNELS)]).encode())

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(put, range(files)))
    events = []
    while len(events) < files:
        texts = [json.loads(text) for text in stage.cloud.drain(stage.cloud.events_url)]
        events += [stage.cloud.with_sequencer(event) for event in texts if "Records" in event]
    return events


def kill_some(environments, pause, luck, stop):
    """Kills one environment after another until it is stopped."""
    while not stop.wait(pause):
        luck.choice(environments).kill()


def run(stage, files, count, pause, seed, command=None):
    """Gives the events and returns how long they took and how many processes were killed."""
    luck = random.Random(seed)
    events = events_of(stage, files)
    given = events + luck.sample(events, len(events) // 5)
    luck.shuffle(given)
    environments = [stage.environment(command) for _ in range(count)]
    function = Function(environments)
    stop = threading.Event()
    killer = threading.Thread(target=kill_some, args=(environments, pause, luck, stop))
    began = time.monotonic()
    killer.start()
    for event in given:
        function.send(event)
    function.wait(900)
    stop.set()
    killer.join()
    settle(stage, function)
    return {"events": len(given), "seconds": round(time.monotonic() - began, 1), "killed": function.killed,
            "starts": sum(environment.starts for environment in environments), "dropped": len(function.dropped)}


def settle(stage, function):
    """Sweeps as the schedule does, with minutes that pass at once, until nothing waits."""
    for _ in range(30):
        waiting = stage.database.value("SELECT COUNT(*) FROM outbox WHERE state IN ('pending', 'sending')")
        if waiting == "0":
            return
        stage.database.run("UPDATE outbox SET due_at = due_at - INTERVAL 61 SECOND "
                           "WHERE state IN ('pending', 'sending')")
        function.send({"sweep": True})
        function.wait(300)
    raise AssertionError(f"{waiting} messages still wait")


def judge(stage, files):
    """Compares what the database says with what the receivers got; returns the counts and what is wrong."""
    database, wrong = stage.database, []
    counts = {"notices": int(database.value("SELECT COUNT(*) FROM notices WHERE state = 'published'")),
              "revisions": int(database.value("SELECT COALESCE(MAX(revision), 0) FROM notices"))}
    if counts != {"notices": files, "revisions": 1}:
        wrong.append(f"{counts} in the database")
    got = {"push": stage.push.delivered, "sns": stage.cloud.published(), "email": stage.cloud.mails}
    titles = dict(database.run("SELECT outbox.message_key, CONCAT('*', title, '*') "
                               "FROM outbox JOIN notices USING (notice_key) WHERE channel = 'slack'"))
    shown = {text.split("\n")[0]: number for text, number in stage.slack.shown.items()}
    got["slack"] = {key: shown.get(title, 0) for key, title in titles.items()}
    for channel, arrived in got.items():
        states = dict(database.run(f"SELECT message_key, state FROM outbox WHERE channel = '{channel}'"))
        uncertain = [key for key, state in states.items() if state == "uncertain"]
        twice = [key for key in states if arrived.get(key, 0) > 1]
        lost = [key for key, state in states.items() if state == "sent" and arrived.get(key, 0) != 1]
        other = [key for key, state in states.items() if state not in ("sent", "uncertain")]
        counts[channel] = {"messages": len(states), "delivered": sum(arrived.get(key, 0) for key in states),
                           "uncertain": len(uncertain),
                           "uncertain and delivered": sum(arrived.get(key, 0) for key in uncertain)}
        for what, keys in (("twice", twice), ("marked as sent and not there once", lost), ("in another state", other)):
            if keys:
                wrong.append(f"{channel}: {len(keys)} {what}, such as {keys[0]}")
        if channel in ("push", "sns") and uncertain:
            wrong.append(f"{channel}: {len(uncertain)} uncertain though it knows a key")
    counts["repeats that push dropped"] = sum(stage.push.requests.values()) - sum(stage.push.delivered.values())
    return counts, wrong


def main():
    """Runs the load and prints what came of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--files", type=int, default=1000)
    arguments.add_argument("--environments", type=int, default=6)
    arguments.add_argument("--pause", type=float, default=0.25, help="seconds between two kills")
    arguments.add_argument("--seed", type=int, default=20261201)
    chosen = arguments.parse_args()
    stage = Stage()
    try:
        figures = run(stage, chosen.files, chosen.environments, chosen.pause, chosen.seed)
        counts, wrong = judge(stage, chosen.files)
    finally:
        stage.close()
    print(json.dumps({"load": vars(chosen), "run": figures, "counts": counts, "wrong": wrong}, indent=2))
    sys.exit(1 if wrong or figures["dropped"] else 0)


if __name__ == "__main__":
    main()
