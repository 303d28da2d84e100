"""What Schemathesis must know of this server to come further than its first refusals."""

import json
import os
import re
import zlib

import schemathesis

CLUSTER = os.environ["CONTRACT_CLUSTER"]


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """Lines: text as it is, anything else as one line of JSON."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode(errors="surrogatepass")
    return json.dumps(value).encode()


@schemathesis.hook
def before_call(ctx, case, kwargs):
    choice = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode())
    aim(case, choice)
    choose(case, choice)
    accept(case, choice)
    bound(case)


def aim(case, choice):
    """Of well-formed names most are made ones that the server knows."""
    parameters = case.path_parameters or {}
    topic = parameters.get("topic")
    if isinstance(topic, str) and re.fullmatch(r"[A-Za-z0-9._-]+", topic) and choice % 4:
        parameters["topic"] = ["orders", "payments", "shipments"][choice % 3]
    if parameters.get("cluster") and choice % 8:
        parameters["cluster"] = CLUSTER


def choose(case, choice):
    """Of parameters that exclude one another mostly one is left."""
    if choice % 5 == 0:
        return
    query = case.query or {}
    envelope = "vnd.kafka" in str(case.media_type)
    for names in (["key", "key_base64", "key_path"], ["from", "offset", "cursor"]):
        given = [name for name in names if name in query]
        for name in given:
            if name != given[choice // 7 % len(given)]:
                del query[name]
    if case.method.upper() == "POST" and envelope:
        for name in ("key", "key_base64", "key_path", "partition", "timestamp"):
            query.pop(name, None)
    if "ndjson" not in str(case.media_type):
        query.pop("key_path", None)


def accept(case, choice):
    """Any of the types that the operation can answer with, and sometimes whatever comes."""
    if "Accept" in (case.headers or {}):
        return
    types = sorted({media for response in case.operation.definition.raw["responses"].values()
                    for media in content(case, response)} | {"*/*"})
    case.headers["Accept"] = types[(choice >> 8) % len(types)]


def content(case, response):
    if "$ref" in response:
        name = response["$ref"].rpartition("/")[2]
        response = case.operation.schema.raw_schema["components"]["responses"][name]
    return response.get("content", {})


def bound(case):
    """What may be large is small: waits, since nobody produces meanwhile, streams, and topics."""
    query = case.query or {}
    body = case.body if isinstance(case.body, dict) else {}
    for name in ("partitions", "partitions_count"):
        if isinstance(body.get(name), (int, float)) and body[name] > 8:
            body[name] = 8
    if re.fullmatch(r"[0-9]+(ms|s|m|h|d)?", str(query.get("timeout", ""))):
        query["timeout"] = "10ms"
    if "ndjson" in case.headers.get("Accept", ""):
        query.pop("follow", None)
