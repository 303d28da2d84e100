"""Lets Schemathesis ask a live server for whatever the OpenAPI document allows, and much that it does
not, and look at every answer: no 5xx but 501, no status, type, header or body that is not described.

    contract.py --server PATH [--seed N] [--seconds N]

The server listens on a free port of loopback, with a data directory of its own.
"""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance",
          "unsupported_method", "allow_header_conformance"]


def start(server, directory):
    """The server's process and its URL."""
    process = subprocess.Popen(
        [server, "serve", "--data-dir", directory, "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        if match := re.match(r"listening on (http://\S+)", line):
            return process, match[1]
    sys.exit(f"{server} ended with {process.wait()} before it listened")


def ask(url, method="GET", headers={}, body=None):
    request = urllib.request.Request(
        url, method=method, headers=headers, data=body.encode() if body is not None else None)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def prepare(url):
    """Sends what the document's examples assume; answers with the cluster's id."""
    document = json.loads(ask(url + "/openapi.json"))
    for given in document["x-given"]:
        ask(url + given["target"], given["method"], given["headers"], given["body"])
    return json.loads(ask(url + "/v3/clusters"))["data"][0]["cluster_id"]


def run(url, cluster, seed, seconds):
    environment = os.environ | {
        "CONTRACT_HOOKS": str(HERE / "contract_hooks.py"), "CONTRACT_CLUSTER": cluster,
        "PYTHONDONTWRITEBYTECODE": "1"}
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(HERE / "contract.toml"), "run", url + "/openapi.json",
        "--checks", ",".join(CHECKS), "--seed", str(seed), "--max-time", str(seconds), "--no-color"]
    return subprocess.run(command, env=environment, timeout=seconds + 60).returncode


def unreached(url):
    """The routes that never did what they are for: a run that only met refusals proves nothing."""
    reached = {}
    pattern = r'requests_total\{request="([^"]+)",status="(\d+)"\} (\d+)'
    for route, status, count in re.findall(pattern, ask(url + "/metrics").decode()):
        reached.setdefault(route, {})[status] = int(count)
    for route, counts in reached.items():
        print(f"{route}: " + ", ".join(f"{count} x {status}" for status, count in counts.items()))
    return [route for route, counts in reached.items()
            if not any(status[0] == "2" or status == "501" for status in counts)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--seconds", type=int, default=75)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="curlew-contract-") as directory:
        process, url = start(options.server, directory)
        try:
            code = run(url, prepare(url), options.seed, options.seconds)
            if process.poll() is not None:
                sys.exit(f"the server ended with {process.returncode}")
            if routes := unreached(url):
                print("never answered 2xx: " + ", ".join(routes), file=sys.stderr)
                code = code or 1
        finally:
            process.terminate()
            process.wait()
    if code:
        print(f"make contract SEED={options.seed} asks the same again.", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
