"""Compares HTTP answers with botocore's API models.

botocore's own parsers ignore unknown members, convert types, and take almost any text for a timestamp. Here each
of these is a problem.
"""

import base64
import binascii
import json
import re
from xml.etree import ElementTree

INTEGERS = ("integer", "long")
NUMBERS = ("float", "double")

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html, and those of the other services
COMMON_ERRORS = {
    "AccessDenied",
    "AccessDeniedException",
    "InternalFailure",
    "InvalidAction",
    "MissingParameter",
    "SerializationException",
    "ThrottlingException",
    "ValidationError",
    "ValidationException",
}


def text_problems(text, shape):
    allowed = getattr(shape, "enum", [])
    if allowed and text not in allowed:
        yield f"{text!r} is none of the model's values"
    limits = shape.metadata
    if not limits.get("min", 0) <= len(text) <= limits.get("max", len(text)):
        yield f"{text!r} has {len(text)} characters; expected {limits.get('min', 0)} to {limits.get('max', 'any')}"
    try:
        matches = re.search(limits.get("pattern", ""), text)
    except re.error:  # Java's syntax
        matches = True
    if not matches:
        yield f"{text!r} does not match {limits['pattern']}"


def range_problems(value, shape):
    limits = shape.metadata
    if shape.name == "PositiveLongObject" and value == 0:
        return  # NumberOfDecreasesToday: the model says 1, and the examples of DynamoDB's API reference 0
    if not limits.get("min", value) <= value <= limits.get("max", value):
        yield f"{value} is not within {limits.get('min', 'any')} to {limits.get('max', 'any')}"


def is_base64(text):
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True


# --- JSON ---


def is_json_timestamp(value, shape):
    text_format = shape.serialization.get("timestampFormat", "unixTimestamp")
    if text_format == "iso8601":
        return type(value) is str and is_iso8601(value)
    # Seconds: milliseconds would be later than the year 5000.
    return type(value) in (int, float) and 0 < value < 1e11 and round(value, 3) == value


def json_scalar_problems(value, shape):
    kind = shape.type_name
    types = {"string": (str,), "boolean": (bool,), "blob": (str,)}
    types.update({name: (int,) for name in INTEGERS}, **{name: (int, float) for name in NUMBERS})
    if kind == "timestamp":
        if not is_json_timestamp(value, shape):
            yield f"{value!r} is not a timestamp"
    elif type(value) not in types[kind]:
        yield f"{value!r} is not a {kind}"
    elif kind == "string":
        yield from text_problems(value, shape)
    elif kind == "blob":
        if not is_base64(value):
            yield f"{value!r} is not base64"
    elif kind != "boolean":
        yield from range_problems(value, shape)


def json_problems(value, shape, path):
    kind = shape.type_name
    if kind == "structure":
        yield from json_structure_problems(value, shape, path)
    elif kind == "list":
        if type(value) is not list:
            yield f"{path}: {value!r} is not a list"
            return
        yield from (f"{path}: {problem}" for problem in range_problems(len(value), shape))
        for element in value:
            yield from json_problems(element, shape.member, f"{path}[]")
    elif kind == "map":
        if type(value) is not dict:
            yield f"{path}: {value!r} is not a map"
            return
        for key, element in value.items():
            yield from json_problems(key, shape.key, f"{path}, the key")
            yield from json_problems(element, shape.value, f"{path}.*")
    else:
        yield from (f"{path}: {problem}" for problem in json_scalar_problems(value, shape))


def json_structure_problems(value, shape, path, also=()):
    if type(value) is not dict:
        yield f"{path}: {value!r} is not a structure"
        return
    members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    required = {shape.members[name].serialization.get("name", name) for name in shape.required_members}
    for name in sorted(required - value.keys()):
        yield f"{path}.{name} is required"
    for name, element in value.items():
        if name in members:
            yield from json_problems(element, members[name], f"{path}.{name}")
        elif name not in also:
            yield f"{path}.{name} is not in the model"


# --- XML, of the query protocol ---


def is_iso8601(text):
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z", text) is not None


XML_SCALARS = {
    "boolean": lambda text: text in ("true", "false"),
    "timestamp": is_iso8601,
    "blob": is_base64,
    **{name: lambda text: re.fullmatch(r"-?\d+", text) for name in INTEGERS},
    **{name: lambda text: re.fullmatch(r"-?\d+(\.\d+)?(E-?\d+)?", text) for name in NUMBERS},
}


def xml_name(node):
    return node.tag.rpartition("}")[2]


def xml_problems(node, shape, path):
    kind = shape.type_name
    if kind in ("structure", "list", "map") and (node.text or "").strip():
        yield f"{path}: {node.text!r} is not a {kind}"
    elif kind == "structure":
        names = [xml_name(child) for child in node]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{path}.{name} occurs more than once"
        for name in sorted(set(shape.required_members) - set(names)):
            yield f"{path}.{name} is required"
        for child in node:
            name = xml_name(child)
            if name in shape.members:
                yield from xml_problems(child, shape.members[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is not in the model"
    elif kind == "list":
        for child in node:
            if xml_name(child) != "member":
                yield f"{path}: {xml_name(child)} is not an element of a list"
            yield from xml_problems(child, shape.member, f"{path}[]")
    elif kind == "map":
        for entry in node:
            if [xml_name(child) for child in entry] != ["key", "value"]:
                yield f"{path}: {ElementTree.tostring(entry)} is not an entry of a map"
                continue
            yield from xml_problems(entry[0], shape.key, f"{path}, the key")
            yield from xml_problems(entry[1], shape.value, f"{path}.*")
    elif kind == "string":
        yield from (f"{path}: {problem}" for problem in text_problems(node.text or "", shape))
    elif not XML_SCALARS[kind](node.text or ""):
        yield f"{path}: {node.text!r} is not a {kind}"


# --- answers ---


def content_problems(operation, headers):
    metadata = operation.service_model.metadata
    protocol = operation.service_model.resolved_protocol
    expected = {"query": "text/xml", "rest-json": "application/json"}.get(
        protocol, f"application/x-amz-json-{metadata.get('jsonVersion')}"
    )
    if headers.get("content-type") != expected:
        yield f"the content type is {headers.get('content-type')}; expected {expected}"
    if not headers.get("x-amzn-requestid"):
        yield "there is no x-amzn-RequestId"


def query_problems(operation, body):
    root = ElementTree.fromstring(body)
    namespace = operation.service_model.metadata["xmlNamespace"]
    shape = operation.output_shape
    expected = ([shape.serialization["resultWrapper"]] if shape else []) + ["ResponseMetadata"]
    if root.tag != f"{{{namespace}}}{operation.name}Response":
        yield f"the root is {root.tag}; expected {operation.name}Response in {namespace}"
    if [xml_name(child) for child in root] != expected:
        yield f"the root has {[xml_name(child) for child in root]}; expected {expected}"
    elif shape:
        yield from xml_problems(root[0], shape, operation.name)


def rest_problems(operation, headers):
    """Members in headers; a payload is opaque. Some operations answer nothing."""
    members = operation.output_shape.members if operation.output_shape else {}
    for name, member in members.items():
        text = headers.get(member.serialization.get("name", ""))
        if member.serialization.get("location") == "header" and text is not None:
            yield from (f"{operation.name}.{name}: {problem}" for problem in json_scalar_problems(text, member))


def error_problems(operation, headers, body):
    if operation.service_model.resolved_protocol == "query":
        error = ElementTree.fromstring(body).find("{*}Error")
        names = [xml_name(child) for child in error]
        code = error.findtext("{*}Code")
        if names[:3] != ["Type", "Code", "Message"]:
            yield f"an error has {names}; expected Type, Code and Message"
        members = {}
    else:
        members = json.loads(body)
        code = headers.get("x-amzn-errortype") or members.get("__type", "").rpartition("#")[2]
    declared = {one.error_code: one for one in operation.error_shapes}
    declared.update({one.name: one for one in operation.error_shapes})
    if code in declared and members:
        yield from json_structure_problems(members, declared[code], code, also=("__type", "message", "Message", "Type"))
    if code not in declared and code not in COMMON_ERRORS:
        yield f"{code} is no error of the operation"


def problems(operation, response):
    """How an answer, as botocore's `before-parse` event has it, differs from the operation's model."""
    headers, body, status = response["headers"], response["body"], response["status_code"]
    yield from content_problems(operation, headers)
    protocol = operation.service_model.resolved_protocol
    if status >= 300:
        yield from error_problems(operation, headers, body)
    elif protocol == "query":
        yield from query_problems(operation, body)
    elif protocol == "rest-json":
        yield from rest_problems(operation, headers)
    elif operation.output_shape:
        yield from json_problems(json.loads(body), operation.output_shape, operation.name)
    elif json.loads(body or b"{}"):
        yield f"the answer is {body!r}; expected nothing"
