"""Calls an endpoint through boto3, one request for each line of JSON on standard input.

A line is `{"action": "call" | "paginate" | "wait", "service", "operation", "input"}`; for a waiter, `operation` is its
name. The answer is a line: `{"output"}` or `{"error"}`, with `"problems"` and the number of `"requests"`; or
`{"sleep": seconds}` while a waiter sleeps, until the next line. Time is the emulator's: nothing here sleeps.
"""

import json
import sys
import time

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from strict import problems

CLIENT_NAMES = {"states": "stepfunctions"}
CONFIG = Config(retries={"total_max_attempts": 1}, read_timeout=20)

clients = {}
found = []
requests = []


def say(answer):
    print(json.dumps(answer, default=plain), flush=True)


def sleep(seconds):
    say({"sleep": seconds})
    sys.stdin.readline()


def plain(value):
    if isinstance(value, StreamingBody):
        return value.read().decode()
    return value.decode() if isinstance(value, bytes) else str(value)


def buffers(value):
    """Bytes, as JavaScript's `JSON.stringify` writes them."""
    return bytes(value["data"]) if value.get("type") == "Buffer" else value


def client_of(service, endpoint):
    if service not in clients:
        client = boto3.client(CLIENT_NAMES.get(service, service), endpoint_url=endpoint, config=CONFIG)
        client.meta.events.register("before-parse", record)
        clients[service] = client
    return clients[service]


def record(operation_model, response_dict, **_):
    requests.append(operation_model.name)
    found.extend(problems(operation_model, response_dict))


def perform(client, action, operation, given):
    name = xform_name(operation)
    if action == "wait":
        return client.get_waiter(name).wait(**given)
    if action == "paginate":
        return client.get_paginator(name).paginate(**given).build_full_result()
    return getattr(client, name)(**given)


def main(endpoint):
    time.sleep = sleep
    for line in sys.stdin:
        request = json.loads(line, object_hook=buffers)
        client = client_of(request["service"], endpoint)
        found.clear()
        requests.clear()
        try:
            answer = {"output": perform(client, request["action"], request["operation"], request["input"]) or {}}
        except ClientError as error:
            answer = {"error": error.response["Error"]["Code"]}
        except Exception as error:  # of botocore, or of the parsers that it calls
            answer = {"error": f"{type(error).__name__}: {error}"}
        say({**answer, "problems": found, "requests": len(requests)})


main(sys.argv[1])
