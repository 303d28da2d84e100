"""The rows of the table. Each is a function of the machine and the effort, and gives one Row."""

import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from machine import Failed, output, spread, wrk

MB = 1_000_000
SINGLE_CONNECTIONS, BATCH_CONNECTIONS, BATCH_RECORDS = 64, 16, 100
LINES_A_POST = 10_000


@dataclasses.dataclass
class Effort:
    """How long and how often: as the table wants it, or only to see that every row works."""

    rounds: int = 5
    seconds: int = 5
    read_records: int = 1_000_000
    memory_records: int = 10_000_000
    memory_bytes: int = 1_000_000_000

    @staticmethod
    def quick():
        return Effort(1, 1, 20_000, 50_000, 5_000_000)


@dataclasses.dataclass
class Row:
    """A figure against what it must and should be. `more_is_better` says in which direction."""

    measure: str
    figure: float
    unit: str
    must: float
    aim: float
    more_is_better: bool
    details: dict

    @property
    def verdict(self):
        def meets(bound):
            return self.figure >= bound if self.more_is_better else self.figure <= bound

        return "aim" if meets(self.aim) else "must" if meets(self.must) else "short"


def say(text):
    print(text, file=sys.stderr, flush=True)


def alternate(rounds, *sides):
    """Runs each side once a round, in turning order, after one round to warm up that does not count.

    A list of what each side gave, a round after the other.
    """
    for side in sides:
        side()
    results = [[] for _ in sides]
    for number in range(rounds):
        order = list(enumerate(sides))
        for index, side in order if number % 2 == 0 else reversed(order):
            results[index].append(side())
    return results


def summary(values, digits=0):
    middle, low, high = spread(values)
    kept = [round(value, digits) if digits else round(value) for value in (middle, low, high)]
    return dict(zip(("median", "low", "high"), kept))


def single(machine, effort):
    """Durable single-record POST against the limit server."""
    with machine.curlew() as curlew, machine.limit() as limit:
        curlew.create_topic("bench", 1)
        ours, theirs = (
            [told["rate"] for told in side] for side in alternate(
                effort.rounds,
                lambda: wrk(curlew, effort.seconds, SINGLE_CONNECTIONS, "bench"),
                lambda: wrk(limit, effort.seconds, SINGLE_CONNECTIONS, "bench")))
    ratios = [a / b for a, b in zip(ours, theirs)]
    return Row(
        f"durable single-record POST, {SINGLE_CONNECTIONS} connections, against the limit server",
        spread(ratios)[0], "", 0.45, 0.65, True,
        {"ratio": summary(ratios, 3), "requests/s": summary(ours), "limit requests/s": summary(theirs)})


def batch(machine, effort):
    """Durable POST of a hundred records."""
    with machine.curlew() as curlew, machine.limit() as limit:
        curlew.create_topic("bench", 1)
        ours, theirs = (
            [told["rate"] * BATCH_RECORDS for told in side] for side in alternate(
                effort.rounds,
                lambda: wrk(curlew, effort.seconds, BATCH_CONNECTIONS, "bench", "batch"),
                lambda: wrk(limit, effort.seconds, BATCH_CONNECTIONS, "bench", "batch")))
        disk = machine.sync(effort.seconds)
    ratios = [a / b for a, b in zip(ours, theirs)]
    return Row(
        f"durable POST of {BATCH_RECORDS} JSON records, {BATCH_CONNECTIONS} connections",
        spread(ours)[0] / 1e6, "M records/s", 1.0, 1.5, True,
        {"records/s": summary(ours), "limit records/s": summary(theirs), "ratio": summary(ratios, 3),
         "disk, synced sequential MB/s": round(disk["bytes_per_s"] / MB)})


def latency(machine, effort):
    """One connection, one record: the median against the limit's and one synced write's."""
    with machine.curlew() as curlew, machine.limit() as limit:
        curlew.create_topic("bench", 1)
        ours, theirs, disk = (
            [told["p50_us"] for told in side] for side in alternate(
                effort.rounds,
                lambda: wrk(curlew, effort.seconds, 1, "bench"),
                lambda: wrk(limit, effort.seconds, 1, "bench"),
                lambda: machine.sync(effort.seconds)))
    ratios = [a / (b + c) for a, b, c in zip(ours, theirs, disk)]
    return Row(
        "one connection, one record, durable: p50 against limit p50 + one synced 4 KiB write",
        spread(ratios)[0], "×", 1.4, 1.2, False,
        {"ratio": summary(ratios, 3), "p50 µs": summary(ours), "limit p50 µs": summary(theirs),
         "synced write p50 µs": summary(disk)})


def lines(count):
    """NDJSON bodies of `count` events of about 170 bytes in all."""
    for first in range(0, count, LINES_A_POST):
        yield "".join(
            f'{{"id":"9f3c52e8-0000-4000-8000-{n:012d}","type":"order.created",'
            f'"region":"DE-BE","customer":{100000 + n % 90000},"total":{10 + n % 90}.95,"currency":"EUR",'
            f'"items":[{{"sku":"C-{n % 100000:05d}","count":{1 + n % 9}}}]}}\n'
            for n in range(first, min(first + LINES_A_POST, count)))


def read(machine, effort):
    """One client reads everything as NDJSON."""
    command = ["curl", "-sS", "--fail", "-H", "Accept: application/x-ndjson"]
    with machine.curlew() as curlew:
        curlew.create_topic("read", 1)
        curlew.post("/topics/read", "application/x-ndjson",
                    lines(effort.read_records))
        url = curlew.url("/topics/read/records?from=earliest")
        whole = subprocess.run([*command, url], check=True, stdout=subprocess.PIPE).stdout
        if whole.count(b"\n") != effort.read_records:
            raise Failed(f"{whole.count(bytes([10]))} lines came back of {effort.read_records}")

        def once():
            told = output([
                *command, "-o", "/dev/null", "-w", "%{time_total} %{size_download}", url]).split()
            if int(told[1]) != len(whole):
                raise Failed(f"{told[1]} bytes came back of {len(whole)}")
            return effort.read_records / float(told[0])

        (rates,) = alternate(effort.rounds, once)
    return Row(
        f"read {effort.read_records:,} records as NDJSON, one client",
        spread(rates)[0] / 1e6, "M records/s", 1.0, 2.0, True,
        {"records/s": summary(rates), "bytes a line": round(len(whole) / effort.read_records)})


def partitions(machine, effort):
    """The first measure on one partition, and spread over many."""
    counts = (1, 64, 1000)
    with machine.curlew() as curlew:
        for count in counts:
            curlew.create_topic(f"bench-{count}", count)
        rates = alternate(effort.rounds, *(
            lambda count=count: wrk(curlew, effort.seconds, SINGLE_CONNECTIONS, f"bench-{count}",
                                    partitions=count)["rate"]
            for count in counts))
    one, *many = (spread(side)[0] for side in rates)
    losses = [max(0.0, 1 - rate / one) * 100 for rate in many]
    return Row(
        "the first measure at 1, 64 and 1,000 partitions: slowest against one partition",
        max(losses), "% slower", 15, 5, False,
        {f"requests/s at {count}": summary(side) for count, side in zip(counts, rates)})


def start(machine, effort):
    """From exec to a 200 of /readyz."""
    def timed(server):
        begin = time.monotonic()
        server.start()
        server.wait_ready()
        return (time.monotonic() - begin) * 1000

    cold, warm, killed = [], [], []
    for _ in range(effort.rounds):
        server = machine.curlew()
        try:
            cold.append(timed(server))
            server.stop()
            warm.append(timed(server))
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            killed.append(timed(server))
        finally:
            server.__exit__()
    return Row(
        "cold start on an empty directory, until /readyz is 200",
        spread(cold)[0], "ms", 100, 40, False,
        {"cold ms": summary(cold, 1), "after a clean stop ms": summary(warm, 1),
         "after kill -9 ms": summary(killed, 1)})


def memory(machine, effort):
    """Resident memory: idle, after many records, and how much it grows while they are read."""
    with machine.curlew() as curlew:
        curlew.wait_ready()
        idle = curlew.settled_memory()
        curlew.create_topic("memory", 1)
        curlew.post("/topics/memory", "application/x-ndjson", lines(effort.memory_records))
        loaded = curlew.settled_memory()
        highest = curlew.status("VmHWM")
        growth = grown_while_read(curlew, "/topics/memory/records?from=earliest", effort.memory_bytes)
    after = f"after {effort.memory_records / 1e6:g} M records"
    while_read = f"growth while {effort.memory_bytes / 1e9:g} GB is read"
    return [
        Row("resident memory, idle", idle / MB, "MB", 30, 22, False, {}),
        Row(f"resident memory, {after}", loaded / MB, "MB", 100, 60, False,
            {"highest MB": round(highest / MB, 1)}),
        Row(f"resident memory, {while_read}", growth / MB, "MB", 16, 8, False, {}),
    ]


def grown_while_read(server, path, size):
    """How much resident memory rose at most while `size` bytes of `path` were read."""
    reader = subprocess.Popen(
        f"curl -sS -H 'Accept: application/x-ndjson' '{server.url(path)}' | head -c {size} | wc -c",
        shell=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    before = highest = server.status("VmRSS")
    while reader.poll() is None:
        highest = max(highest, server.status("VmRSS"))
        time.sleep(0.01)
    got = int(reader.stdout.read())
    if got != size:
        raise Failed(f"{got} bytes came of {size}")
    return highest - before


def size(machine, effort):
    """The release binary without its symbols."""
    binary = machine.server_command[0]
    with tempfile.TemporaryDirectory() as directory:
        stripped = pathlib.Path(directory) / "stripped"
        strip = shutil.which("strip") or "llvm-strip"
        output([strip, "-o", stripped, binary])
        bytes_ = stripped.stat().st_size
    return Row("the release binary, stripped", bytes_ / MB, "MB", 25, 12, False,
               {"with symbols MB": round(os.path.getsize(binary) / MB, 1)})


MEASURES = {
    "single": single, "batch": batch, "latency": latency, "read": read, "partitions": partitions,
    "start": start, "memory": memory, "size": size,
}
