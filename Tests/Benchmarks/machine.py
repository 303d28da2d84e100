"""What a measure needs of the machine: programs built, servers started and ended, load made, memory read."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / ".build" / "benchmarks"


class Failed(Exception):
    """A measure that could not be taken; the sentence says why."""


def output(command):
    """What `command` prints; it failed where it says so."""
    ended = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if ended.returncode != 0:
        program = pathlib.Path(command[0]).name
        raise Failed(f"{program} ended with {ended.returncode}: {ended.stderr.strip()}")
    return ended.stdout


def build(name, *libraries):
    """Compiles NAME.c into the build directory where it is newer; its path."""
    source, program = HERE / f"{name}.c", BUILD / name
    BUILD.mkdir(parents=True, exist_ok=True)
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        flags = []
        if libraries:
            flags = output(["pkg-config", "--cflags", "--libs", *libraries]).split()
        compiler = shutil.which("cc") or "clang"
        subprocess.run(
            [compiler, "-O2", "-Wall", "-Wextra", "-o", program, source, *flags, "-pthread"],
            check=True)
    return program


class Server:
    """A process that prints `listening on http://ADDRESS:PORT` when it is ready.

    As a context manager it ends the process by its id and removes its data directory.
    """

    def __init__(self, name, command, data=None):
        self.name, self.command, self.data = name, command, data
        self.process, self.address, self.port = None, None, None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        if self.data:
            shutil.rmtree(self.data, ignore_errors=True)

    def start(self):
        command = [part.replace("{data}", str(self.data)) for part in self.command]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("listening on http://"):
                host, _, port = line.strip().rpartition("/")[2].rpartition(":")
                self.address, self.port = host, int(port)
                return
        raise Failed(f"{self.name} ended with {self.process.wait()} before it listened")

    def stop(self):
        """Asks the process to end, and makes it after ten seconds."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process = None

    def url(self, path=""):
        return f"http://{self.address}:{self.port}{path}"

    def status(self, name):
        """A field of /proc/PID/status, in bytes: `VmRSS`, `VmHWM`."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        raise Failed(f"no {name} for {self.name}")

    def settled_memory(self):
        """Resident bytes once they have not moved by more than 256 KiB for two seconds."""
        seen = [self.status("VmRSS")]
        for _ in range(60):
            time.sleep(1)
            seen.append(self.status("VmRSS"))
            if len(seen) > 2 and max(seen[-3:]) - min(seen[-3:]) <= 256 * 1024:
                break
        return seen[-1]

    def wait_ready(self):
        """Asks /readyz until it answers 200; every millisecond, on a new connection."""
        request = f"GET /readyz HTTP/1.1\r\nHost: {self.address}\r\nConnection: close\r\n\r\n"
        for _ in range(30_000):
            with contextlib.suppress(OSError):
                with socket.create_connection((self.address, self.port), timeout=5) as connection:
                    connection.sendall(request.encode())
                    if b" 200 " in connection.recv(64):
                        return
            time.sleep(0.001)
        raise Failed(f"{self.name} was not ready within 30 s")

    def post(self, path, kind, bodies):
        """Posts each body on one connection; all must be answered 200."""
        connection = http.client.HTTPConnection(self.address, self.port, timeout=60)
        for body in bodies:
            connection.request("POST", path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status not in (200, 201):
                raise Failed(f"POST {path}: {answer.status} {text[:200]!r}")
        connection.close()
        return text

    def create_topic(self, name, partitions):
        topic = json.dumps({"name": name, "partitions": partitions})
        self.post("/topics", "application/json", [topic])


class Machine:
    """The programs under measure, and where they keep their data."""

    def __init__(self, server_command, directory):
        self.server_command = server_command
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.limit_program = build("limit", "libmicrohttpd")
        self.sync_program = build("sync")

    def curlew(self):
        data = tempfile.mkdtemp(prefix="data-", dir=self.directory)
        return Server("curlew", self.server_command, data)

    def limit(self):
        return Server("limit", [str(self.limit_program)])

    def sync(self, seconds):
        """The disk's own figures: see sync.c."""
        return json.loads(output([self.sync_program, self.directory, str(seconds)]))

    def describe(self):
        model = "unknown"
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return {
            "processor": model, "cores": os.cpu_count(), "memory_gib": round(memory / 2**30, 1),
            "kernel": os.uname().release, "file_system": output(["stat", "-f", "-c", "%T", self.directory]).strip(),
        }


def wrk(server, seconds, connections, topic, form="single", partitions=0):
    """Loads `server` with produce requests: see produce.lua for what it sends and tells."""
    threads = min(connections, max(1, (os.cpu_count() or 1) // 2))
    told = json.loads(output([
        "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "produce.lua",
        server.url(), "--", topic, form, str(partitions)]).splitlines()[-1])
    if told["refused"] or told["broken"] or not told["requests"]:
        raise Failed(f"{server.name} refused {told['refused']} and broke {told['broken']} "
                     f"of {told['requests']} requests")
    told["rate"] = told["requests"] / told["seconds"]
    return told


def spread(values):
    """The median of `values` and how far they lie apart."""
    return statistics.median(values), min(values), max(values)
