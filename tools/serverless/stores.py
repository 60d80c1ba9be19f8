"""Does what generated functions do to their database, with the driver that they name, and prints what came of it.

    python stores.py notices|runs      in a directory of a project; the secret of the database in SECRET

One JSON document. `stores.mjs` does the same in JavaScript and prints the same.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import pymysql

sys.path.insert(0, str(Path.cwd() / "src"))

from connection import connection_options  # noqa: E402
from log import Log  # noqa: E402

AT_ONCE = 8


def connect():
    return pymysql.connect(**connection_options(os.environ["SECRET"]))


def notices():
    from notice import Notice
    from notices import Arrival, Notices

    store = Notices(connect, Log())

    def save(key, sent_ms, *, body=None, title="점검 안내 🛠", id="n-1", source="", sequencer="", keep=True):
        notice = Notice(id=id, title=title, body="본문", expires_at="2030-01-31 09:00:00")
        arrival = Arrival(key=key, sent_ms=sent_ms, body=body, source=source, sequencer=sequencer)
        return store.save(notice, arrival, keep)

    said = {
        "first": save("k1", 1000, body="a" * 64),
        "again": save("k1", 1000, body="a" * 64),
        "another body": save("k1", 1000, body="b" * 64),
        "tried": save("k2", 2000, title="시험", keep=False),
        "kept after the trial": save("k2", 2000, title="둘째"),
        "late": save("k3", 1500, title="늦음"),
        "of a source": save("k4", 3000, title="셋째", source="s" * 64, sequencer="0A"),
        "newer of it, by an older clock": save("k5", 2500, title="넷째", source="s" * 64, sequencer="0B"),
        "older of it": save("k6", 4000, title="다섯째", source="s" * 64, sequencer="09"),
        "another case": save("k7", 10, id="N-1", title="대문자"),
        "announced at first": [store.is_announced(key) for key in ("k1", "k3", "nowhere")],
    }
    store.mark_announced("k1")
    said["announced then"] = [store.is_announced(key) for key in ("k1", "k2")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        same = pool.map(lambda _: save("same", 1, id="at-once"), range(AT_ONCE))
        said["one key at once"] = sorted(same)
        others = pool.map(lambda one: save(f"o{one}", 100 + one, id="other", title=str(one)), range(AT_ONCE))
        said["others at once"] = sorted({state for state in others} - {"older"})
    return said


def runs():
    from runs import Runs

    store = Runs(connect, Log())
    time = datetime.now(timezone.utc).strftime("%Y-%m-%d 00:00:00")
    said = {
        "first": store.claim("job", time, 60),
        "again": store.claim("job", time, 60),
        "another job": store.claim("Job", time, 60),
    }
    store.release("job", time)
    said["given back"] = store.claim("job", time, 60)
    store.finish("job", time, 7)
    said["finished"] = store.claim("job", time, 60)
    store.release("job", time)
    said["finished for good"] = store.claim("job", time, 60)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        claims = list(pool.map(lambda _: store.claim("at-once", time, 60), range(AT_ONCE)))
        said["at once"] = sorted(claims)
    said["expired"] = store.count_expired(time)
    said["removed"] = [list(store.remove_expired(time)), list(store.remove_expired(time))]
    said["left"] = store.count_expired(time)
    return said


print(json.dumps({"notices": notices, "runs": runs}[sys.argv[1]](), ensure_ascii=False))
