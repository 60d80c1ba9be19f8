"""Fits the forecast of the sizing analysis to traces of real machines, and validates it.

    python sizing_train.py SAMPLES [CATALOG] [--out DIRECTORY]

SAMPLES has a directory for each trace (bitbrains, planetlab) with metrics/metrics.parquet and
.map.json; CATALOG has ec2_types.parquet and ec2_ondemand_linux.parquet, and is SAMPLES/../catalog
unless given. Writes params.json and vectors.json; prints the tables of the validation.
Needs numpy, pandas and pyarrow; with OMP_NUM_THREADS=1 it is faster, and takes some minutes.

The share of the coming time with demand above a level is a pool of many pasts: all samples of the
history, those of its last 14 and last 3 days, and the peaks of its days, each multiplied by 14
factors, and the curve of the population. The weights follow a smooth density of the factor and are
fitted by expectation-maximisation. A correction of the log-odds, piecewise linear, is then fitted
on predictions for machines that the weights had not seen. The chance that a level is exceeded at
least once is a logistic regression, with a correction of its own for memory.

Levels are fractions of the present capacity throughout: 1.0 is all of the present vCPUs or memory.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

PASTS = ("all", "d14", "d3", "dm")
FACTORS = np.array([.35, .5, .7, .85, 1, 1.15, 1.35, 1.6, 2, 2.5, 3.2, 4.2, 6, 10])
POPULATION_LEVELS = 2.0 ** (-np.arange(17)[::-1] / 2)
CHANCE_KNOTS = (-.3, 0, .2, .5, 1., 1.7, 2.6)
# Where the log-odds are corrected. No correction of processor shares held on both traces, so that
# there is none: its single shift stays 0. The chance is shifted by one number.
MAP_KNOTS = dict(cpu=np.array([.03]), memory=np.array([.007, .02, .06, .2]), chance=np.array([.03]))
# Spread of the peaks of days up to which a history is calm, and from which it is not.
CALM = (.04, .16)
# Corrections are fitted on predictions from here on.
MAP_FROM = .003
# Levels at which the fit compares the forecast with what came, besides those of real candidates.
GRID = np.sort(np.r_[[2 ** (-k / 2) for k in range(1, 16)], .8, .4])[::-1]
NOTHING = 5e-4
SLOTS = 288
HISTORIES = (2, 4, 7, 14, 28, 91)
HORIZON = 14
WEIGHTS = (1, 10, 100)
BASELINE = {"nano": .05, "micro": .10, "small": .20, "medium": .20, "large": .30, "xlarge": .40,
            "2xlarge": .40}
SURPLUS = 0.05
REGION = "ap-northeast-2"
FOLDS = 5
BINS = ((.007, .014, "1 %"), (.014, .032, "2 %"), (.032, .07, "5 %"), (.07, .14, "10 %"))
# Expectation-maximisation starts from equal weights and is stopped early, which keeps the tables
# broad: a machine may do what none of the sample did. PlanetLab machines have this weight.
STEPS = dict(cpu=60, memory=150)
# Calm histories stay as they are, which no broad table says: theirs goes on alone and free of the
# smooth shape, for so long.
CALM_STEPS = 300
PLANETLAB_WEIGHT = 4.
# Histories for the fit end this many days apart.
STEP_DAYS = 7


# ---- Data

def read_trace(directory):
    """Returns processor and memory in percent as [machine, day, slot], and the machines."""
    columns = ["resource_id", "metric", "timestamp", "value"]
    metrics = pd.read_parquet(directory / "metrics" / "metrics.parquet", columns=columns)
    types = json.loads((directory / ".map.json").read_text())["types"]
    machines = pd.DataFrame(types.values(), columns=["id", "type", "vcpu", "memory", "price"])
    rows = {name: row for row, name in enumerate(machines.id)}
    seconds = metrics.timestamp.astype("int64").to_numpy() // 1000
    slot = (seconds - seconds.min()) // 300
    days = (slot.max() + 1) // SLOTS
    names = metrics.resource_id.astype("category")
    row = np.array([rows[name] for name in names.cat.categories])[names.cat.codes]
    series = []
    for metric in ("CPUUtilization", "mem_used_percent"):
        mine = (metrics.metric == metric).to_numpy() & (slot < days * SLOTS)
        values = np.full((len(machines), days * SLOTS), np.nan, np.float32)
        values[row[mine], slot[mine]] = metrics.value.to_numpy()[mine]
        series.append(values.reshape(len(machines), days, SLOTS) if mine.any() else None)
    return series[0], series[1], machines


def read_catalog(directory):
    """Returns the candidates by price: without those that another beats in every respect."""
    types = pd.read_parquet(directory / "ec2_types.parquet")
    prices = pd.read_parquet(directory / "ec2_ondemand_linux.parquet")
    prices = prices[prices.region == REGION].drop_duplicates("instance_type")
    types = types.merge(prices[["instance_type", "usd_hour"]], on="instance_type")
    types = types[(types.arch == "x86_64") & types.current_generation & ~types.bare_metal]
    burstable = (types.series == "t") | types.burstable
    types = types[~burstable | types.family.isin(["t3", "t3a"])].copy()
    types["burst"] = types.family.isin(["t3", "t3a"])
    types["mem"] = types.memory_mib / 1024
    types["base"] = [BASELINE[size] * vcpu if burst else np.inf
                     for size, vcpu, burst in zip(types["size"], types.vcpu, types.burst)]
    types = types.sort_values(["usd_hour", "instance_type"]).reset_index(drop=True)
    kept = []
    for index, one in types.iterrows():
        covers = (types.vcpu >= one.vcpu) & (types.mem >= one.mem) & (types.base >= one.base)
        cheaper = (types.usd_hour < one.usd_hour) | (
            (types.usd_hour == one.usd_hour) & (types.index < index))
        kept.append(not (covers & cheaper).any())
    return types[kept].reset_index(drop=True)


# ---- The forecast

def summarize(days):
    """Summarizes [day, slot] in percent, NaN where nothing was measured."""
    days = days[np.isfinite(days).any(1)].astype(float) / 100
    finite = lambda part: np.sort(part[np.isfinite(part)])
    peaks = np.nanmax(days, 1)
    one = dict(all=finite(days), d14=finite(days[-14:]), d3=finite(days[-3:]), dm=np.sort(peaks),
               day_means=np.nanmean(days, 1), days=len(days), usual=np.median(peaks))
    one.update(highest=one["all"][-1], lately=one["d3"][-1], mean=one["all"].mean(),
               calmness=calmness(peaks))
    return one


def share_above(values, levels):
    """The share of the sorted values strictly above each level."""
    return 1 - np.searchsorted(values, levels, side="right") / len(values)


def experts(past, levels, population):
    """The share above each level, by each past with each factor, and by the population."""
    shares = [share_above(past[name], levels[:, None] / FACTORS) for name in PASTS]
    of_all = np.interp(np.log(levels), np.log(POPULATION_LEVELS), population)
    return np.concatenate(shares + [of_all[:, None]], 1)


def shortness(days):
    """How much the table of short histories counts: 1 up to 2 days, 0 from 14."""
    return np.clip(np.log(14 / np.maximum(days, 1)) / np.log(7), 0, 1)


def calmness(peaks):
    """How alike the peaks of the days are: 1 up to a spread of 4 %, 0 from 16 %.

    Fewer than five days do not tell.
    """
    if len(peaks) < 5:
        return 0.
    spread = np.log(np.maximum(peaks, NOTHING)).std()
    few, many = CALM
    return float(np.clip(np.log(many / max(spread, 1e-3)) / np.log(many / few), 0, 1))


def mixture(days, calm):
    """How much each table counts: that of short histories, of changing ones, of calm ones."""
    short = shortness(days)
    return np.column_stack([short, (1 - short) * (1 - calm), (1 - short) * calm])


def logit(p):
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return np.log(p / (1 - p))


def corrected(p, knots, shifts):
    """Adds to the log-odds a shift: linear in them between the knots, flat outside."""
    odds = logit(p)
    moved = 1 / (1 + np.exp(-(odds + np.interp(odds, logit(knots), shifts))))
    return np.where(p <= 0, 0., np.where(p >= 1, 1., moved))


def features(past, levels):
    """What the chance of exceeding a level at least once within 14 days depends on."""
    size = np.log(levels)
    beyond = lambda seen: size - np.log(max(seen, NOTHING))
    peak, days = beyond(past["highest"]), np.log(min(past["days"], 28) / 14)
    return np.column_stack(
        [np.clip(peak, -3, 5)] + [np.maximum(peak - knot, 0) for knot in CHANCE_KNOTS]
        + [np.clip(beyond(past["lately"]), -3, 5), np.clip(beyond(past["usual"]), -3, 5),
           np.clip(beyond(past["mean"]), -3, 6), size, days + 0 * size,
           days * np.clip(peak, 0, 2), days * np.clip(-peak, 0, 1)])


def is_off(cpu, memory):
    """Nothing was used at all: the past says nothing of the next use, and nothing is changed."""
    return cpu["highest"] <= NOTHING and (memory is None or memory["highest"] <= NOTHING)


# ---- Fitting

def shape_of_tables():
    """The logarithm of a weight is linear in these: a smooth density of the factor's logarithm.

    A column for each past and the population; and, once for the three pasts of samples and once
    for the peaks: a point at 1, an exponential decay on either side, and a heavier tail on each.
    """
    x = np.log(FACTORS)
    up, down = np.maximum(x, 0), np.maximum(-x, 0)
    shape = np.column_stack([x == 0, up, down, np.log1p(up / .1), np.log1p(down / .1)])
    k, n = len(FACTORS), shape.shape[1]
    columns = np.zeros((4 * k + 1, 5 + 2 * n))
    for past in range(4):
        rows = slice(past * k, (past + 1) * k)
        columns[rows, past] = 1
        start = 5 + (n if past == 3 else 0)
        columns[rows, start:start + n] = shape
    columns[-1, 4] = 1
    return columns, np.r_[np.tile(np.log(np.gradient(x)), 4), 0.]


def smooth_table(counts, start, columns, width, ridge=1.):
    """The smooth table that is likeliest for the expected counts of each cell."""
    theta, total = start, counts.sum()
    penalty = np.r_[np.full(5, 1e-3), np.full(columns.shape[1] - 5, ridge)]

    def value(theta):
        score = columns @ theta + width
        top = score.max()
        return counts @ score - total * (top + np.log(np.exp(score - top).sum())) \
            - .5 * (penalty * theta ** 2).sum()
    def weights(theta):
        score = columns @ theta + width
        w = np.exp(score - score.max())
        return w / w.sum()
    best = value(theta)
    for _ in range(4):
        w = weights(theta)
        gradient = columns.T @ (counts - total * w) - penalty * theta
        mean = columns.T @ w
        hessian = total * ((columns.T * w) @ columns - np.outer(mean, mean)) + np.diag(penalty)
        step, size = np.linalg.solve(hessian, gradient), 1.
        while value(theta + size * step) < best and size > 1e-3:
            size /= 2
        theta = theta + size * step
        best = value(theta)
    return theta, weights(theta)


def fit_tables(shares, came, weight, mix, steps):
    """Tables of weights, for short, changing and calm histories, by expectation-maximisation."""
    shares = np.clip(shares, 1e-7, 1 - 1e-7)
    came, weight, mix = (np.asarray(v, np.float32) for v in (came, weight, mix))
    columns, width = shape_of_tables()
    theta = np.zeros((mix.shape[1], columns.shape[1]))
    tables = np.full((mix.shape[1], shares.shape[1]), 1 / shares.shape[1])
    above, below = weight * came, weight * (1 - came)
    for step in range(steps + CALM_STEPS):
        if step == steps:
            calm = mix[:, 2] > .05
            shares, mix, above, below = (v[calm] for v in (shares, mix, above, below))
        p = np.clip(((shares @ tables.T.astype(np.float32)) * mix).sum(1), 1e-9, 1 - 1e-7)
        one, zero = above / p, below / (1 - p)
        gain = (mix * (one - zero)[:, None]).T @ shares + (mix.T @ zero)[:, None]
        counts = (tables * gain).astype(float)
        if step >= steps:
            tables[2] = counts[2] / counts[2].sum()
            continue
        for t in range(mix.shape[1]):
            theta[t], tables[t] = smooth_table(counts[t], theta[t], columns, width)
    return tables


def fit_logistic(x, y, weight, penalty=3., steps=40):
    """A logistic regression on standardized features; the constant is first."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.c_[np.ones(len(x)), (x - mean) / spread]
    ridge = np.eye(z.shape[1]) * penalty
    ridge[0, 0] = 0

    def loss(b):
        score = z @ b
        return (weight * (np.logaddexp(0, score) - y * score)).sum() + .5 * b @ ridge @ b
    b = np.zeros(z.shape[1])
    best = loss(b)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-z @ b))
        hessian = (z * (weight * p * (1 - p))[:, None]).T @ z + ridge
        step, size = np.linalg.solve(hessian, z.T @ (weight * (p - y)) + ridge @ b), 1.
        while loss(b - size * step) > best and size > 1e-4:
            size /= 2
        b = b - size * step
        now = loss(b)
        if best - now < 1e-7 * abs(best):
            break
        best = now
    slopes = b[1:] / spread
    return np.r_[b[0] - (slopes * mean).sum(), slopes]


def fit_map(p, came, knots, penalty=10.):
    """The shifts of the log-odds at the knots; neighbours are pulled together a little."""
    odds, came = logit(p[p > MAP_FROM]), came[p > MAP_FROM]
    at = logit(knots)
    hats = np.column_stack([np.interp(odds, at, one) for one in np.eye(len(knots))])
    between = np.diff(np.eye(len(knots)), axis=0)
    ridge = penalty * between.T @ between + 1e-3 * np.eye(len(knots))
    shifts = np.zeros(len(knots))
    for _ in range(30):
        q = 1 / (1 + np.exp(-np.clip(odds + hats @ shifts, -30, 30)))
        hessian = (hats * (q * (1 - q))[:, None]).T @ hats + ridge
        step = np.linalg.solve(hessian, hats.T @ (q - came) + ridge @ shifts)
        shifts = shifts - np.clip(step, -1, 1)
    # The map has to rise: its slope is one more than that of the shifts.
    for i in range(1, len(knots)):
        shifts[i] = max(shifts[i], shifts[i - 1] - .9 * (at[i] - at[i - 1]))
    return shifts


# ---- Histories and what came after them

class Study:
    """Every history of every machine, with what came after it, at all levels of interest."""

    def __init__(self, traces, catalog):
        self.catalog, self.traces = catalog, traces
        self.vcpu, self.memory = catalog.vcpu.to_numpy(float), catalog.mem.to_numpy(float)
        self.price, self.base = catalog.usd_hour.to_numpy(float), catalog.base.to_numpy(float)
        self.burst = catalog.burst.to_numpy(bool)
        self.items = []
        for trace in range(len(traces)):
            self._histories(trace)
        field = lambda name: np.array([item[name] for item in self.items])
        self.trace, self.machine, self.length = field("trace"), field("machine"), field("length")
        self.end, self.scored, self.now = field("end"), field("scored"), field("price")
        self.days = np.array([item["cpu"]["days"] for item in self.items])
        self.calm = {key: np.array([i[key]["calmness"] if i[key] else 0. for i in self.items])
                     for key in ("cpu", "memory")}
        self.off = np.array([is_off(i["cpu"], i["memory"]) for i in self.items])
        self.unmeasured = np.array([i["memory"] is None or i["memory"]["highest"] <= NOTHING
                                    for i in self.items])
        order = [np.random.RandomState(seed).permutation(1000) % FOLDS for seed in (5, 6)]
        self.fold = np.array(order)[self.trace, self.machine]
        first = lambda key, of: np.mean([share_above(i[key]["all"], POPULATION_LEVELS)
                                         for i in self.items if i["trace"] == of and i[key]], 0)
        self.population = dict(cpu=(first("cpu_came", 0) + first("cpu_came", 1)) / 2,
                               memory=first("memory_came", 0))
        self.rows = {key: self._rows(key) for key in ("cpu", "memory")}
        self.tests = self._tests()

    def _histories(self, trace):
        cpu, memory, machines = self.traces[trace]
        summaries = {}

        def add(m, end, length, past, future, scored):
            key = (m, int(future[0]), len(future))
            if key not in summaries:
                summaries[key] = tuple(None if s is None else summarize(s[m][future])
                                       for s in (cpu, memory))
            one = machines.iloc[m]
            self.items.append(dict(
                trace=trace, machine=m, end=end, length=length, scored=scored, first=int(past[0]),
                cpu=summarize(cpu[m][past]), cpu_came=summaries[key][0],
                memory=None if memory is None else summarize(memory[m][past]),
                memory_came=summaries[key][1], future=future,
                vcpu=float(one.vcpu), gib=float(one.memory), price=float(one.price)))
        for m in range(len(cpu)):
            measured = np.isfinite(cpu[m]).sum(1)
            if trace == 0:
                ends = sorted({int(e) for e in np.arange(14, len(measured) - HORIZON + 1, STEP_DAYS)})
                for end in ends:
                    if (measured[end - 14:end].sum() < 1000
                            or measured[end:end + HORIZON].sum() < 1000):
                        continue
                    for length in HISTORIES:
                        start = max(0, end - length)
                        if (length == 28 and end < 28) or (length == 91 and end < 42) \
                                or measured[start:end].sum() < 200:
                            continue
                        add(m, end, length, np.arange(start, end), np.arange(end, end + HORIZON),
                            end % 14 == 0 and end <= 70)
            else:
                days = np.flatnonzero(measured)
                for end in (5, 4, 6):
                    past, future = days[days < end], days[days >= end]
                    for length in (2, 14):
                        if len(past) < 1 or len(future) < (1 if end == 5 else 2) \
                                or (length == 2 and len(past) <= 2):
                            continue
                        add(m, end, length, past[-length:], future, end == 5)

    def levels(self, item, key):
        """The levels that real candidates have."""
        if key == "cpu":
            sizes = np.unique(self.vcpu[self.vcpu < item["vcpu"]]) / item["vcpu"]
            return np.unique(np.r_[sizes, .8 * sizes, .8])
        sizes = np.unique(self.memory[self.memory < item["gib"]]) / item["gib"]
        return sizes if len(sizes) else np.array([.5])

    def _rows(self, key):
        parts = dict(shares=[], came=[], features=[], item=[], level=[], real=[], horizon=[])
        for index, item in enumerate(self.items):
            if item[key] is None:
                continue
            real = self.levels(item, key)
            level = np.r_[GRID, real]
            came = share_above(item[key + "_came"]["all"], level)
            parts["shares"].append(experts(item[key], level, self.population[key])
                                   .astype(np.float32))
            parts["came"].append(came)
            parts["features"].append(features(item[key], level))
            parts["item"].append(np.full(len(level), index))
            parts["level"].append(level)
            parts["real"].append(np.where(np.arange(len(level)) < len(GRID), 0, len(real)))
            parts["horizon"].append(np.full(len(level), item[key + "_came"]["days"]))
        return {name: np.concatenate(part) for name, part in parts.items()}

    def _tests(self):
        """For the scored histories: the rows of each candidate, and what it really costs."""
        scored = np.flatnonzero(self.scored)
        count, size = len(scored), len(self.price)
        test = dict(items=scored, row80=np.zeros((count, size), int), keep=np.zeros(count, int),
                    row100=np.full((count, size), -1), row_memory=np.full((count, size), -1),
                    surplus=np.zeros((count, size)), allowed=np.zeros((count, size), bool),
                    cost=np.zeros((count, size)), over80=np.zeros((count, size)),
                    over100=np.zeros((count, size)), over_memory=np.zeros((count, size)),
                    keep80=np.zeros(count))
        where = {key: np.searchsorted(self.rows[key]["item"], np.arange(len(self.items) + 1))
                 for key in self.rows}
        truth = {}
        for n, index in enumerate(scored):
            item = self.items[index]
            ok = (self.price < item["price"] - 1e-12) & (self.vcpu <= item["vcpu"])
            if self.unmeasured[index]:
                ok &= self.memory >= item["gib"]
            test["allowed"][n] = ok
            first, last = where["cpu"][index:index + 2]
            real, first = self.rows["cpu"]["level"][first + len(GRID):last], first + len(GRID)
            size = np.minimum(self.vcpu / item["vcpu"], 1)
            find = lambda x: first + np.abs(real[None] - x[:, None]).argmin(1)
            test["row80"][n], test["keep"][n] = find(.8 * size), find(np.array([.8]))[0]
            test["row100"][n] = np.where(self.vcpu < item["vcpu"], find(size), -1)
            if not self.unmeasured[index]:
                first, last = where["memory"][index:index + 2]
                real, first = self.rows["memory"]["level"][first + len(GRID):last], first + len(GRID)
                test["row_memory"][n] = np.where(self.memory < item["gib"],
                                                 find(self.memory / item["gib"]), -1)
            use = item["cpu"]["day_means"][-28:] * item["vcpu"]
            for c in np.flatnonzero(self.burst):
                test["surplus"][n, c] = SURPLUS * np.maximum(use - self.base[c], 0).mean()
            key = (item["trace"], item["machine"], item["end"])
            if key not in truth:
                truth[key] = self._truth(item)
            for name, value in zip(("cost", "over80", "over100", "over_memory", "keep80"),
                                   truth[key]):
                test[name][n] = value
        return test

    def _truth(self, item):
        cpu, memory, _ = self.traces[item["trace"]]
        came = item["cpu_came"]["all"] * item["vcpu"]
        over80, over100 = share_above(came, .8 * self.vcpu), share_above(came, self.vcpu)
        over_memory = np.zeros(len(self.price))
        if item["memory_came"]:
            over_memory = share_above(item["memory_came"]["all"] * item["gib"], self.memory)
        days = cpu[item["machine"]][item["future"]]
        count = np.isfinite(days).sum(1)
        use, count = item["cpu_came"]["day_means"] * item["vcpu"], count[count > 0]
        surplus = np.zeros(len(self.price))
        for c in np.flatnonzero(self.burst):
            surplus[c] = SURPLUS * (np.maximum(use - self.base[c], 0) * count).sum() / count.sum()
        return (self.price + surplus, over80, over100, over_memory,
                share_above(item["cpu_came"]["all"], np.array([.8]))[0])

    # -- Fitting and forecasting

    def fit(self, chosen):
        """Fits tables and chances on the chosen histories."""
        model = {}
        for key in ("cpu", "memory"):
            rows = self.rows[key]
            pick = chosen[rows["item"]]
            item, real = rows["item"][pick], rows["real"][pick]
            # The grid of levels weighs 1 in each history, and the levels of candidates too.
            weight = np.where(real > 0, 1 / np.maximum(real, 1), 1 / len(GRID))
            weight = weight * np.where(self.trace[item] == 1, PLANETLAB_WEIGHT, 1) * STEP_DAYS / 14
            tables = fit_tables(rows["shares"][pick], rows["came"][pick], weight,
                                mixture(self.days[item], self.calm[key][item]), STEPS[key])
            # The horizon of the other trace is shorter, so the chance is fitted on Bitbrains.
            first = self.trace[item] == 0
            chance = None
            if first.any():
                chance = fit_logistic(
                    rows["features"][pick][first], (rows["came"][pick][first] > 0) * 1.,
                    (np.where(real > 0, weight, .05 * weight) * 10)[first])
            model[key] = dict(tables=tables, chance=chance, population=self.population[key])
        return model

    def pooled(self, key, model):
        """The pooled share of every row, before the correction."""
        rows = self.rows[key]
        each = rows["shares"] @ model[key]["tables"].T.astype(np.float32)
        mix = mixture(self.days[rows["item"]], self.calm[key][rows["item"]])
        return np.clip((mix * each).sum(1), 0, 1).astype(float)

    def chances(self, key, model):
        b = model[key]["chance"]
        return 1 / (1 + np.exp(-(b[0] + self.rows[key]["features"] @ b[1:])))

    def counted(self, key):
        """The rows that calibration is about: levels of real candidates of machines in use."""
        rows = self.rows[key]
        counted = (rows["real"] > 0) & ~self.off[rows["item"]]
        return counted & ~self.unmeasured[rows["item"]] if key == "memory" else counted

    def fit_maps(self, pooled, chances, chosen):
        """The corrections, from predictions for machines that the weights had not seen."""
        rows = self.rows["memory"]
        mine = self.counted("memory") & chosen[rows["item"]] & np.isfinite(pooled["memory"])
        came = rows["came"][mine]
        return dict(cpu=np.zeros(1),
                    memory=fit_map(pooled["memory"][mine], came, MAP_KNOTS["memory"]),
                    chance=fit_map(chances[mine], (came > 0) * 1., MAP_KNOTS["chance"]))

    # -- Deciding and scoring

    def decide(self, shares, weights=WEIGHTS, burstable=True, which=None):
        """The candidate of least expected J of each scored history, or -1 to keep."""
        test = self.tests
        take = slice(None) if which is None else which
        items = test["items"][take]
        now = self.now[items][:, None]
        over80 = shares["cpu"][test["row80"][take]]
        over100 = np.where(test["row100"][take] < 0, 0, shares["cpu"][test["row100"][take]])
        memory = np.where(test["row_memory"][take] < 0, 0,
                          shares["memory"][test["row_memory"][take]])
        figure = self.price + test["surplus"][take] + now * (
            weights[0] * over80 + weights[1] * over100 + weights[2] * memory)
        ok = test["allowed"][take] & (burstable | ~self.burst)
        figure = np.where(ok, figure, np.inf)
        keep = now[:, 0] * (1 + weights[0] * shares["cpu"][test["keep"][take]])
        best = figure.argmin(1)
        change = (figure.min(1) < keep) & ~self.off[items]
        return np.where(change, best, -1)

    def each(self, choice, which, weights=WEIGHTS):
        """What each choice really came to, and its parts."""
        test, row = self.tests, np.arange(len(choice))
        keep, c = choice < 0, np.maximum(choice, 0)
        now = self.now[test["items"][which]]
        part = lambda name, kept: np.where(keep, kept, test[name][which][row, c])
        parts = [part("cost", now), now * weights[0] * part("over80", test["keep80"][which]),
                 now * weights[1] * part("over100", 0), now * weights[2] * part("over_memory", 0)]
        return np.column_stack(parts), now

    def oracle(self, which, weights=WEIGHTS):
        test = self.tests
        now = self.now[test["items"][which]]
        figure = test["cost"][which] + now[:, None] * (
            weights[0] * test["over80"][which] + weights[1] * test["over100"][which]
            + weights[2] * test["over_memory"][which])
        figure = np.where(test["allowed"][which], figure, np.inf)
        return np.where(figure.min(1) < now * (1 + weights[0] * test["keep80"][which]),
                        figure.argmin(1), -1)

    def sets(self):
        """Scored histories by trace and length, as positions in the tests."""
        items = self.tests["items"]
        trace, length, end = self.trace[items], self.length[items], self.end[items]
        sets = {f"B{n}": np.flatnonzero((trace == 0) & (length == n)) for n in (4, 7, 14, 28, 91)}
        for n in (7, 14, 28):
            sets[f"B{n} late"] = np.flatnonzero((trace == 0) & (length == n) & (end >= 42))
        sets["B14 early"] = np.flatnonzero((trace == 0) & (length == 14) & (end <= 28))
        sets.update({f"P{n}": np.flatnonzero((trace == 1) & (length == n)) for n in (2, 14)})
        return sets

    def figure(self, choice, which, weights=WEIGHTS):
        parts, now = self.each(choice, which, weights)
        return np.r_[parts.sum(), parts.sum(0)] / now.sum()


# ---- Validation

def guarded(study, which, choice):
    return np.where(study.off[study.tests["items"][which]], -1, choice)


def rules(study, which):
    """The rules to beat: the cheapest candidate that covers what the rule says is needed."""
    items = [study.items[i] for i in study.tests["items"][which]]
    now = np.array([item["price"] for item in items])[:, None]
    vcpu = np.array([item["vcpu"] for item in items])
    gib = np.array([item["gib"] for item in items])
    known = np.array([item["memory"] is not None for item in items])

    def used(key, percent):
        return np.array([np.percentile(item[key]["all"], percent) if item[key] else 1.
                         for item in items])

    def choose(cpu, memory):
        cpu = np.minimum(cpu, 1) * vcpu
        memory = np.where(known, np.minimum(memory, 1), 1) * gib
        ok = (study.price < now - 1e-12) & (study.vcpu <= vcpu[:, None])
        ok &= (study.vcpu >= cpu[:, None] - 1e-9) & (study.memory >= memory[:, None] - 1e-9)
        return np.where(ok.any(1), ok.argmax(1), -1)
    return {"P98 x 1.25, memory P99.9 x 1.1":
            choose(used("cpu", 98) * 1.25, used("memory", 99.9) * 1.1),
            "maximum": choose(used("cpu", 100), used("memory", 100)),
            "P99.5 / 0.8, memory maximum x 1.2":
            choose(used("cpu", 99.5) / .8, used("memory", 100) * 1.2)}


def resampled(machines, over, under, times=2000):
    """The 5th and 95th percentile of a ratio of sums where machines are drawn again."""
    _, group = np.unique(machines, return_inverse=True)
    over, under = np.bincount(group, over), np.bincount(group, under)
    draws = np.random.RandomState(1).randint(0, len(over), (times, len(over)))
    return np.percentile(over[draws].sum(1) / np.maximum(under[draws].sum(1), 1e-12), [5, 95])


def print_figures(study, title, choices, names, reference):
    """J and its parts; and the difference to a reference, with its interval."""
    sets = study.sets()
    print(f"\n## {title}\n")
    print("| history | | J | 90 % | minus guarded P98 | cost | CPU > 80 % | CPU > 100 % | memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
        which = sets[name]
        base, now = study.each(reference[which], which)
        machine = study.machine[study.tests["items"][which]]
        for label, choice in choices.items():
            parts, _ = study.each(choice[which], which)
            low, high = resampled(machine, parts.sum(1), now)
            less, more = resampled(machine, parts.sum(1) - base.sum(1), now)
            figure = study.figure(choice[which], which)
            print(f"| {name} | {label} | {figure[0]:.4f} | {low:.3f} to {high:.3f} | "
                  f"{less:+.3f} to {more:+.3f} | " + " | ".join(f"{v:.3f}" for v in figure[1:])
                  + " |")


def print_calibration(study, title, forecasts, chosen):
    """Observed over predicted at four levels: ratio (interval by machine; rows/machines)."""
    print(f"\n## {title}\n\nObserved/predicted (90 % by resampling machines; rows/machines).\n")
    print("| | | " + " | ".join(name for _, _, name in BINS) + " |\n|---|---|---|---|---|---|")
    gathered = {}
    for kind, key, p in forecasts:
        rows = study.rows[key]
        mine = study.counted(key) & (study.scored & chosen)[rows["item"]] & np.isfinite(p)
        item, came = rows["item"][mine], rows["came"][mine]
        y = came if kind == "share" else (came > 0) * 1.
        gathered.setdefault(kind, []).append((key, item, p[mine], y))
    for kind, parts in gathered.items():
        groups = []
        if len(parts) > 1:
            joined = [np.concatenate([part[i] for part in parts]) for i in (1, 2, 3)]
            groups.append(("all", *joined))
        for key, item, p, y in parts:
            groups.append((f"{key}, all", item, p, y))
            for trace, letter in ((0, "B"), (1, "P")):
                lengths = np.unique(study.length[study.trace == trace])
                for length in lengths:
                    one = (study.trace[item] == trace) & (study.length[item] == length)
                    if one.any():
                        groups.append((f"{key}, {letter}{length}", item[one], p[one], y[one]))
        for label, item, p, y in groups:
            cells = []
            for low, high, _ in BINS:
                one = (p >= low) & (p < high)
                machines = study.trace[item[one]] * 1000 + study.machine[item[one]]
                count = len(np.unique(machines))
                if count < 5:
                    cells.append(f"- ({one.sum()}/{count})")
                    continue
                less, more = resampled(machines, y[one], p[one])
                cells.append(f"{y[one].sum() / p[one].sum():.2f} ({less:.2f} to {more:.2f}; "
                             f"{one.sum()}/{count})")
            print(f"| {kind} | {label} | " + " | ".join(cells) + " |")


def out_of_fold(study, models, by_fold):
    """For each row, the forecast of the model that did not see its machine."""
    pooled, chance = {}, {}
    for key in study.rows:
        fold = study.fold[study.rows[key]["item"]]
        pooled[key], chance[key] = np.full(len(fold), np.nan), np.full(len(fold), np.nan)
        for f in by_fold:
            mine = fold == f
            pooled[key][mine] = study.pooled(key, models[f])[mine]
            chance[key][mine] = study.chances(key, models[f])[mine]
    return pooled, chance


def apply_maps(maps, pooled, chance):
    shares = {key: corrected(pooled[key], MAP_KNOTS[key], maps[key]) for key in pooled}
    return shares, dict(cpu=chance["cpu"],
                        memory=corrected(chance["memory"], MAP_KNOTS["chance"], maps["chance"]))


def validate_by_machine(study):
    """Outer folds of machines; in each, the corrections come from inner folds. Their models last.

    The model that saw neither fold f nor fold g predicts g when f is the outer fold and f when
    g is, so that ten fits serve all inner folds.
    """
    every = np.ones(len(study.items), bool)
    outer = {f: study.fit(study.fold != f) for f in range(FOLDS)}
    inner = {frozenset((f, g)): study.fit((study.fold != f) & (study.fold != g))
             for f in range(FOLDS) for g in range(f)}
    raw, raw_chance = out_of_fold(study, outer, range(FOLDS))
    shares = {key: np.full(len(p), np.nan) for key, p in raw.items()}
    chances = {key: np.full(len(p), np.nan) for key, p in raw.items()}
    for f in range(FOLDS):
        others = [g for g in range(FOLDS) if g != f]
        pooled, chance = out_of_fold(study, {g: inner[frozenset((f, g))] for g in others}, others)
        maps = study.fit_maps(pooled, chance["memory"], study.fold != f)
        mapped, mapped_chance = apply_maps(maps, raw, raw_chance)
        for key in raw:
            mine = study.fold[study.rows[key]["item"]] == f
            shares[key][mine], chances[key][mine] = mapped[key][mine], mapped_chance[key][mine]
    maps = study.fit_maps(raw, raw_chance["memory"], every)
    return raw, raw_chance, shares, chances, maps, outer


def validate_in_time(study):
    """Fitted where all that came lies before the test windows 2 to 4 begin."""
    early = (study.trace == 1) | (study.end <= 28)
    model = study.fit(early)
    models = {f: study.fit(early & (study.fold != f)) for f in range(FOLDS)}
    pooled, chance = out_of_fold(study, models, range(FOLDS))
    maps = study.fit_maps(pooled, chance["memory"], early)
    raw = {key: study.pooled(key, model) for key in study.rows}
    raw_chance = {key: study.chances(key, model) for key in study.rows}
    return (raw, raw_chance, *apply_maps(maps, raw, raw_chance), maps)


# ---- Network and EBS

# No trace has them. So the weights of the processor are held against memory, which they never saw, and
# against the processor of other machines, in the way that flows are forecast: relative to the highest
# use, without the population, from hours.
def flow_features(study, key, mine):
    """What the chance of a flow depends on: how far a capacity is from what was seen.

    As `features`, without the size, which is not known of flows; and without clipping, since a
    capacity may be a million times what was seen.
    """
    rows = study.rows[key]
    item, size = rows["item"][mine], np.log(rows["level"][mine])
    of = lambda name: np.array([i[key][name] if i[key] else 1. for i in study.items])[item]
    beyond = lambda name: size - np.log(np.maximum(of(name), NOTHING))
    peak, days = beyond("highest"), np.log(np.minimum(of("days"), 28) / 14)
    return np.column_stack(
        [peak] + [np.maximum(peak - knot, 0) for knot in CHANCE_KNOTS]
        + [beyond("lately"), beyond("usual"), beyond("mean"), days,
           days * np.clip(peak, 0, 2), days * np.clip(-peak, 0, 1)])


def from_hours(days):
    """[day, slot] as its hours tell it: the highest, the lowest, the others at what keeps the mean."""
    hours = days.reshape(len(days), 24, -1).astype(float)
    count = np.isfinite(hours).sum(2)
    some = count > 0
    filled = np.where(some[:, :, None], hours, 0.)
    low, high, mean = (f(filled, 2) for f in (np.nanmin, np.nanmax, np.nanmean))
    rest = np.where(count > 2, (count * mean - low - high) / np.maximum(count - 2, 1), mean)
    parts = [high, low] + [rest] * (hours.shape[2] - 2)
    told = np.stack([np.where(count > k, part, np.nan) for k, part in enumerate(parts)], 2)
    return told.reshape(days.shape)


def measured_days(study, item):
    """The days of a history, as [day, slot] for each resource."""
    days = np.arange(item["first"], item["end"])
    parts = [None if s is None else s[item["machine"]][days]
             for s in study.traces[item["trace"]][:2]]
    return {key: None if part is None else part[np.isfinite(part).any(1)]
            for key, part in zip(("cpu", "memory"), parts)}


def as_flow(past, level, tables):
    """The share of the coming time above each level, by the pasts alone."""
    shares = experts(past, level, np.zeros(len(POPULATION_LEVELS)))[:, :-1]
    weights = (mixture(np.array([past["days"]]), np.array([past["calmness"]]))[0] @ tables)[:-1]
    return shares @ (weights / weights.sum())


def flow_rows(study, key, chosen):
    """What the chance of a flow is fitted to: levels of real candidates, of Bitbrains."""
    rows = study.rows[key]
    mine = study.counted(key) & (study.trace == 0)[rows["item"]] & chosen[rows["item"]]
    return mine, flow_features(study, key, mine), (rows["came"][mine] > 0) * 1.


def fit_flow_chance(study, chosen, keys=("cpu", "memory")):
    parts = []
    for key in keys:
        mine, x, y = flow_rows(study, key, chosen)
        parts.append((x, y, 5 / study.rows[key]["real"][mine]))
    return fit_logistic(*(np.concatenate(part) for part in zip(*parts)))


def print_flows(study, models):
    """Calibration of what network and EBS are forecast with, held out by machine."""
    print("\n## As flows are forecast, held out by machine\n\n| | | "
          + " | ".join(name for _, _, name in BINS) + " |\n|---|---|---|---|---|---|")

    def row(kind, label, p, y, machines):
        cells = []
        for low, high, _ in BINS:
            one = (p >= low) & (p < high)
            less, more = resampled(machines[one], y[one], p[one])
            cells.append(f"{y[one].sum() / p[one].sum():.2f} ({less:.2f} to {more:.2f}; "
                         f"{one.sum()}/{len(np.unique(machines[one]))})")
        print(f"| {kind} | {label} | " + " | ".join(cells) + " |")
    for key in ("cpu", "memory"):
        p, y, machines = [], [], []
        for index in np.flatnonzero(study.scored & ~study.off):
            item = study.items[index]
            if item[key] is None or item[key]["highest"] <= NOTHING:
                continue
            past = summarize(from_hours(measured_days(study, item)[key]))
            level = study.levels(item, key)
            p.append(as_flow(past, level, models[study.fold[index]]["cpu"]["tables"]))
            y.append(share_above(item[key + "_came"]["all"], level))
            machines.append(np.full(len(level), item["trace"] * 1000 + item["machine"]))
        row("share", key, *(np.concatenate(part) for part in (p, y, machines)))
    for fitted, key in ((("cpu", "memory"), "cpu"), (("cpu", "memory"), "memory"),
                        (("cpu",), "memory"), (("memory",), "cpu")):
        p, y, machines = [], [], []
        for fold in range(FOLDS):
            b = fit_flow_chance(study, study.fold != fold, fitted)
            mine, x, came = flow_rows(study, key, (study.fold == fold) & study.scored)
            p.append(1 / (1 + np.exp(-(b[0] + x @ b[1:]))))
            y.append(came)
            machines.append(study.machine[study.rows[key]["item"][mine]])
        row("chance", f"{key}, fitted to {' and '.join(fitted)}",
            *(np.concatenate(part) for part in (p, y, machines)))


# ---- What is written

def as_written(model, maps):
    """The parameters, rounded as they are shipped."""
    digits = lambda values: np.round(values, 6).tolist()
    params = dict(R=FACTORS.tolist(), keys=PASTS, FG=digits(POPULATION_LEVELS),
                  knots=CHANCE_KNOTS, horizon_days=HORIZON,
                  chance_features=["constant", "clamp(peak, -3, 5)"]
                  + [f"max(peak - {knot}, 0)" for knot in CHANCE_KNOTS]
                  + ["clamp(lately, -3, 5)", "clamp(usual, -3, 5)", "clamp(mean, -3, 6)",
                     "ln(size)", "days", "days * clamp(peak, 0, 2)", "days * clamp(-peak, 0, 1)"])
    for key in ("cpu", "memory"):
        params[key] = dict(short=digits(model[key]["tables"][0]),
                           long=digits(model[key]["tables"][1]),
                           calm=digits(model[key]["tables"][2]),
                           G=digits(model[key]["population"]), chance=digits(model[key]["chance"]),
                           map=dict(shares=MAP_KNOTS[key].tolist(),
                                    log_odds=digits(logit(MAP_KNOTS[key])),
                                    shifts=digits(maps[key])))
    params["memory"]["chance_map"] = dict(chances=MAP_KNOTS["chance"].tolist(),
                                          log_odds=digits(logit(MAP_KNOTS["chance"])),
                                          shifts=digits(maps["chance"]))
    return params


def as_read(params):
    model = {key: dict(tables=np.array([params[key][name] for name in ("short", "long", "calm")]),
                       population=np.array(params[key]["G"]),
                       chance=np.array(params[key]["chance"])) for key in ("cpu", "memory")}
    maps = {key: np.array(params[key]["map"]["shifts"]) for key in model}
    maps["chance"] = np.array(params["memory"]["chance_map"]["shifts"])
    return model, maps


def test_vectors(study, model, maps):
    """Twenty histories with what the forecast says of them."""
    sets, random, vectors = study.sets(), np.random.RandomState(11), []
    off = study.off[study.tests["items"][sets["B14"]]]
    picks = np.r_[random.choice(sets["B14"][~off], 9, False), random.choice(sets["B91"], 3, False),
                  random.choice(sets["B4"], 2, False), sets["B14"][off][:1],
                  random.choice(sets["P14"], 5, False)]
    pooled = {key: study.pooled(key, model) for key in study.rows}
    mapped = {key: corrected(pooled[key], MAP_KNOTS[key], maps[key]) for key in pooled}
    choice, names, test = study.decide(mapped), study.catalog.instance_type.to_numpy(), study.tests
    for n in picks:
        index = test["items"][n]
        item = study.items[index]
        one = study.traces[item["trace"]][2].iloc[item["machine"]]
        vector = dict(dataset=("bitbrains", "planetlab")[item["trace"]], id=one.id,
                      current=one.type, vcpu=item["vcpu"], memory_gib=item["gib"],
                      price=item["price"], first_day=item["first"], end_day=int(item["end"]),
                      days=int(item["cpu"]["days"]), alpha=float(shortness(item["cpu"]["days"])),
                      chosen="keep" if choice[n] < 0 else names[choice[n]])
        for key in ("cpu", "memory"):
            past = item[key]
            if past is None:
                continue
            vector[key] = dict(
                max=past["highest"], max3=past["lately"], mean=past["mean"],
                median_day_max=past["usual"], calmness=past["calmness"], samples=len(past["all"]),
                above={str(f): {name: float(share_above(past[name], f)) for name in PASTS}
                       for f in (.01, .05, .2, .5)})
            levels = np.array([.05, .1, .2, .4, .6, .8, 1.])
            table = model[key]["tables"]
            mix = mixture(np.array([past["days"]]), np.array([past["calmness"]]))[0]
            pool = experts(past, levels, model[key]["population"]) @ (mix @ table)
            b = model[key]["chance"]
            chance = 1 / (1 + np.exp(-(b[0] + features(past, levels) @ b[1:])))
            vector[key]["forecast"] = [
                dict(level=float(f), pooled=float(p), share=float(q), chance_raw=float(c),
                     chance=float(d)) for f, p, q, c, d in zip(
                    levels, pool, corrected(pool, MAP_KNOTS[key], maps[key]), chance,
                    corrected(chance, MAP_KNOTS["chance"], maps["chance"]) if key == "memory"
                    else chance)]
        if not study.off[index]:
            now, wanted = item["price"], []
            for c in np.flatnonzero(test["allowed"][n]):
                shares = {}
                for name, rows, key in (("e80", "row80", "cpu"), ("e100", "row100", "cpu"),
                                        ("emem", "row_memory", "memory")):
                    row = test[rows][n, c]
                    shares[name + "_pooled"] = float(pooled[key][row]) if row >= 0 else 0.
                    shares[name] = float(mapped[key][row]) if row >= 0 else 0.
                figure = study.price[c] + test["surplus"][n, c] + now * (
                    shares["e80"] + 10 * shares["e100"] + 100 * shares["emem"])
                wanted.append(dict(type=names[c], **shares, surplus=float(test["surplus"][n, c]),
                                   J=float(figure)))
            vector["candidates"] = wanted
            vector["keep_J"] = float(now * (1 + mapped["cpu"][test["keep"][n]]))
        vectors.append(vector)
    return vectors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("samples", type=Path)
    parser.add_argument("catalog", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=Path("."))
    args = parser.parse_args()
    began = time.time()
    traces = [read_trace(args.samples / name) for name in ("bitbrains", "planetlab")]
    catalog = read_catalog(args.catalog or args.samples.parent / "catalog")
    study = Study(traces, catalog)
    print(f"{len(study.items)} histories, {study.scored.sum()} scored")
    report(study, args.out)
    print(f"\n{time.time() - began:.0f} seconds")


def report(study, out):
    everything = np.arange(len(study.tests["items"]))
    every = np.ones(len(study.items), bool)
    baselines = rules(study, everything)
    reference = guarded(study, everything, next(iter(baselines.values())))
    raw, raw_chance, shares, chances, maps, outer = validate_by_machine(study)
    params = as_written(study.fit(every), maps)
    params["flow_chance"] = np.round(fit_flow_chance(study, every), 6).tolist()
    model, maps = as_read(params)
    out.mkdir(parents=True, exist_ok=True)
    (out / "params.json").write_text(json.dumps(params))
    (out / "vectors.json").write_text(json.dumps(test_vectors(study, model, maps), indent=1))
    print("shifts", json.dumps({key: shift.tolist() for key, shift in maps.items()}))
    choices = {}
    for name, choice in baselines.items():
        choices[name] = choice
        choices[name + ", guarded"] = guarded(study, everything, choice)
    choices["pool, not corrected"] = study.decide(raw)
    choices["model, held out by machine"] = study.decide(shares)
    shipped = {key: corrected(study.pooled(key, model), MAP_KNOTS[key], maps[key])
               for key in study.rows}
    choices["model as shipped, in sample"] = study.decide(shipped)
    choices["least possible"] = study.oracle(everything)
    sets = ("B14", "P14", "B14 early", "B14 late", "B4", "B7", "B28", "B91", "P2")
    print_figures(study, "J, held out by machine", choices, sets, reference)
    late_raw, late_raw_chance, late, late_chances, late_maps = validate_in_time(study)
    print("\nshifts in time", json.dumps({key: shift.round(3).tolist()
                                          for key, shift in late_maps.items()}))
    choices = {"pool fitted early": study.decide(late_raw),
               "model fitted early": study.decide(late),
               "P98, guarded": reference}
    print_figures(study, "J in time: fitted on windows 0 and 1, tested on 2 to 4", choices,
                  ("B14 late", "B7 late", "B28 late", "B91"), reference)
    kinds = lambda shares, chances: [("share", "cpu", shares["cpu"]),
                                     ("share", "memory", shares["memory"]),
                                     ("chance", "memory", chances["memory"])]
    print_calibration(study, "Calibration, held out by machine", kinds(shares, chances), every)
    print_calibration(study, "Calibration before the correction", kinds(raw, raw_chance), every)
    print_flows(study, outer)
    later = (study.trace == 0) & (study.end >= 42)
    print_calibration(study, "Calibration in time, windows 2 to 4", kinds(late, late_chances), later)
    print_calibration(study, "Calibration in time before the correction",
                      kinds(late_raw, late_raw_chance), later)


if __name__ == "__main__":
    main()
