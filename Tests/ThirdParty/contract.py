"""Lets Schemathesis ask a live server for whatever the OpenAPI document allows, and much that it
does not, and look at every answer: no 5xx but 501, no status, type, header or body that is not
described.

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
    with open(f"{directory}/server.log", "w") as log:
        process = subprocess.Popen(
            [server, "serve", "--data-dir", f"{directory}/data", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=log, text=True)
    for line in process.stdout:
        if match := re.match(r"listening on (http://\S+)", line):
            return process, match[1]
    return fail(process, directory)


def fail(process, directory):
    """Says that the server ended by itself, and its last words."""
    log = pathlib.Path(directory, "server.log").read_text(errors="replace")
    sys.exit("\n".join([*log.splitlines()[-40:], f"the server ended with {process.wait()}"]))


def ask(url, method="GET", headers={}, body=None):
    request = urllib.request.Request(
        url, method=method, headers=headers, data=body.encode() if body is not None else None)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def prepare(url, document):
    """Sends what the document's examples assume; answers with the cluster's id."""
    for given in document["x-given"]:
        ask(url + given["target"], given["method"], given["headers"], given["body"])
    return json.loads(ask(url + "/v3/clusters"))["data"][0]["cluster_id"]


def run(url, cluster, directory, seed, seconds):
    environment = os.environ | {
        "CONTRACT_HOOKS": str(HERE / "contract_hooks.py"), "CONTRACT_CLUSTER": cluster,
        "PYTHONDONTWRITEBYTECODE": "1"}
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(HERE / "contract.toml"), "run", url + "/openapi.json",
        "--checks", ",".join(CHECKS), "--seed", str(seed), "--max-time", str(seconds), "--no-color"]
    # It keeps what it found below the current directory, and would begin the next run with that.
    return subprocess.run(
        command, env=environment, cwd=directory, timeout=2 * seconds + 60).returncode


def unreached(url, document):
    """The operations that never did what they are for: a run that meets refusals proves nothing."""
    counts = {}
    pattern = r'requests_total\{request="([^"]+)",status="(\d+)"\} (\d+)'
    for route, status, count in re.findall(pattern, ask(url + "/metrics").decode()):
        counts.setdefault(route, {})[status] = count
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            # The files that the server shows are not counted.
            if method not in item or "Documentation" in item[method]["tags"]:
                continue
            route = f"{method.upper()} {path}"
            seen = counts.get(route, {})
            print(f"{route}: " + ", ".join(f"{seen[status]} x {status}" for status in seen))
            if not any(status[0] == "2" or status == "501" for status in seen):
                yield route


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="curlew-contract-") as directory:
        process, url = start(options.server, directory)
        try:
            document = json.loads(ask(url + "/openapi.json"))
            cluster = prepare(url, document)
            code = run(url, cluster, directory, options.seed, options.seconds)
            if process.poll() is not None:
                fail(process, directory)
            if routes := list(unreached(url, document)):
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
