"""What machines check about openapi/curlew.yaml, beside Schemathesis.

    openapi.py write            writes openapi/curlew.json, the same document
    openapi.py check            says where the document is none, or not what is in curlew.json
    openapi.py answers FILE     says which of the answers in FILE the document does not describe

FILE is a JSON list of {"method", "target", "status", "headers": [[name, value]], "body": base64}.
"""

import base64
import json
import pathlib
import re
import sys

import jsonschema
import openapi_spec_validator
import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "openapi"
METHODS = ("get", "post", "put", "patch", "delete")


class Loader(yaml.CSafeLoader):
    """YAML's own types, but for dates, which JSON does not have."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load():
    return yaml.load((FOLDER / "curlew.yaml").read_text(), Loader)


class Raw(str):
    """Text that is JSON already."""


def compact(value):
    if isinstance(value, Raw):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def text(value, depth):
    """JSON with a line for each member down to `depth`, so that changes show line by line."""
    if depth == 0 or not isinstance(value, dict) or not value:
        return compact(value)
    members = [f"{compact(name)}:{text(member, depth - 1)}" for name, member in value.items()]
    return "{" + ",\n".join(members) + "}"


def document_text(document):
    depths = {"paths": 2, "components": 2}
    return text({name: Raw(text(member, depths.get(name, 0)))
                 for name, member in document.items()}, 1)


def without_refs(document, value):
    while isinstance(value, dict) and "$ref" in value:
        target = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            target = target[name.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


class Answers:
    """Holds answers against the document."""

    def __init__(self, document):
        self.document = document
        self.formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
        templates = [(path, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + "/?"))
                     for path in document["paths"]]
        # As the router does: what is literal wins.
        self.templates = sorted(templates, key=lambda template: template[0].count("{"))
        self.seen = set()

    def operation(self, answer):
        path = answer["target"].split("?")[0]
        if path.startswith("/kafka/"):
            path = path.removeprefix("/kafka")
        method = "get" if answer["method"] == "HEAD" else answer["method"].lower()
        for template, expression in self.templates:
            operation = self.document["paths"][template].get(method)
            if expression.fullmatch(path) and operation:
                return operation
        return None

    def faults(self, answer):
        operation = self.operation(answer)
        status = str(answer["status"])
        if operation is None:
            if answer["status"] in (204, 404, 405, 501):
                return []
            return [f"{status} where no operation is"]
        response = without_refs(self.document, operation["responses"].get(status))
        if response is None:
            return [f"{operation['operationId']} does not document {status}"]
        self.seen.add((operation["operationId"], status))
        headers = {name.lower(): value for name, value in answer["headers"]}
        faults = list(self.header_faults(response, headers))
        body = base64.b64decode(answer["body"])
        content = response.get("content")
        if answer["method"] == "HEAD":
            return faults
        if content is None:
            return faults + ([f"{status} has a body"] if body else [])
        media = headers.get("content-type", "").split(";")[0].strip()
        described = content.get(media, content.get("*/*"))
        if described is None:
            return faults + [f"{operation['operationId']} {status} does not document '{media}'"]
        return faults + [f"{operation['operationId']} {status} {media}: {fault}"
                         for fault in self.body_faults(described, media, body)]

    def header_faults(self, response, headers):
        for name, header in response.get("headers", {}).items():
            header = without_refs(self.document, header)
            value = headers.get(name.lower())
            if value is None and header.get("required"):
                yield f"the header {name} is missing"
            if value is not None:
                schema = without_refs(self.document, header["schema"])
                parsed = int(value) if schema.get("type") == "integer" else value
                yield from (f"{name}: {fault}" for fault in self.schema_faults(schema, parsed))

    def body_faults(self, described, media, body):
        if "x-line-schema" in described:
            for line in body.decode().splitlines():
                yield from self.schema_faults(described["x-line-schema"], json.loads(line))
        elif media.endswith("json"):
            yield from self.schema_faults(described["schema"], json.loads(body))

    def schema_faults(self, schema, value):
        schema = {"components": self.document["components"], **schema}
        validator = jsonschema.Draft202012Validator(schema, format_checker=self.formats)
        return [error.message[:300] for error in validator.iter_errors(value)]


def check():
    document = load()
    openapi_spec_validator.validate(document)
    if (FOLDER / "curlew.json").read_text() != document_text(document):
        return ["curlew.json is not what curlew.yaml says: run make openapi"]
    return [fault for fault in example_faults(document)]


def example_faults(document):
    """Where a request's or an answer's example is not what its schema takes."""
    answers = Answers(document)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in METHODS:
                continue
            for status, response in operation["responses"].items():
                content = without_refs(document, response).get("content", {})
                for media, described in content.items():
                    for name, example in described.get("examples", {}).items():
                        for fault in answers.body_faults(
                                described, media, example_bytes(example["value"], media)):
                            yield f"{operation['operationId']} {status} {name}: {fault}"


def example_bytes(value, media):
    return json.dumps(value).encode() if media.endswith("+json") or media == "application/json" \
        else str(value).encode()


def main(command, *arguments):
    if command == "write":
        (FOLDER / "curlew.json").write_text(document_text(load()))
        return []
    if command == "check":
        return check()
    answers = Answers(load())
    with open(arguments[0]) as file:
        return [f"{answer['method']} {answer['target'][:200]}: {fault}"
                for answer in json.load(file) for fault in answers.faults(answer)]


if __name__ == "__main__":
    found = main(*sys.argv[1:])
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)
