"""moto's server with the two things that its interpreter of state machines lacks: an evaluator of JSONata, and answers of
tasks that were recorded elsewhere. Waits pass at once. Usage: interpreter.py PORT REPLAYS

REPLAYS is JSON: {name: {state: [{"return": value} | {"error": name, "cause": text}]}}, the answers that each state of the
execution of that name is given, attempt by attempt.
"""

import json
import sys

from jsonata.jsonata import Jsonata
from moto.server import main
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.mocking.mock_config import (
    MockedResponseReturn,
    MockedResponseThrow,
    MockTestCase,
    StateMockedResponses,
)

port, replays = sys.argv[1], sys.argv[2]
with open(replays, encoding="utf-8") as file:
    executions = json.load(file)


def answer(attempt, given):
    if "error" in given:
        return MockedResponseThrow(attempt, attempt, given["error"], given["cause"])
    return MockedResponseReturn(attempt, attempt, given["return"])


def replay_of(name):
    states = executions[name].items()
    return MockTestCase(
        "any",
        name,
        [
            StateMockedResponses(state, state, [answer(attempt, given) for attempt, given in enumerate(answers)])
            for state, answers in states
        ],
    )


environment_of = ExecutionWorker._get_evaluation_environment


def with_answers(worker):
    worker._mock_test_case = replay_of(worker._evaluation_details.execution_details.name)
    return environment_of(worker)


ExecutionWorker._get_evaluation_environment = with_answers
WaitFunction._wait_interval = lambda self, env, wait_seconds: None
jsonata._eval_jsonata = lambda expression: Jsonata(expression).evaluate(None)

main(["--host", "127.0.0.1", "--port", port])
