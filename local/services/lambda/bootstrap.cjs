// The inside of a function's worker thread, in place of Lambda's Node runtime. Plain JavaScript, because a worker thread
// starts without the project's TypeScript loader, as a function does in AWS.
//
// workerData: { file, exportName, function: { name, arn, memoryMiB, logGroup, logStream } }
// in:  { requestId, event (JSON in UTF-8), deadline (ms since the epoch, machine's time), keepsState }
// out: { kind: "log", text } | { kind: "failed", requestId, error }
//    | { kind: "done", requestId, result (JSON text), state (JSON in UTF-8; with keepsState, where the answer has one) }
"use strict";
const { parentPort, workerData } = require("node:worker_threads");

// A function gives way to whoever answers requests. Only Linux has priorities for single threads.
if (process.platform === "linux") require("node:os").setPriority(10);

const log = (text) => parentPort.postMessage({ kind: "log", text: String(text) });
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, done) => {
    log(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback) callback();
    return true;
  };
}

const describe = (error) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") }
    : { errorType: "Error", errorMessage: String(error), trace: [] };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Moves the answer's state to where it is carried, as bytes. */
const answer = (requestId, result, keepsState) => {
  const { state, ...rest } = keepsState && typeof result === "object" && result !== null ? result : {};
  if (typeof state !== "object" || state === null)
    return parentPort.postMessage({ kind: "done", requestId, result: JSON.stringify(result ?? null) });
  const bytes = encoder.encode(JSON.stringify(state));
  parentPort.postMessage({ kind: "done", requestId, result: JSON.stringify(rest), state: bytes }, [bytes.buffer]);
};

let handler;
let broken;
try {
  handler = require(workerData.file)[workerData.exportName];
  if (typeof handler !== "function") throw new TypeError(`${workerData.exportName} is not a function of the bundle`);
} catch (error) {
  broken = describe(error);
}

parentPort.on("message", async ({ requestId, event, deadline, keepsState }) => {
  if (broken) return parentPort.postMessage({ kind: "failed", requestId, error: broken });
  const { name, arn, memoryMiB, logGroup, logStream } = workerData.function;
  const context = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memoryMiB),
    logGroupName: logGroup,
    logStreamName: logStream,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    answer(requestId, await handler(JSON.parse(decoder.decode(event)), context), keepsState);
  } catch (error) {
    parentPort.postMessage({ kind: "failed", requestId, error: describe(error) });
  }
});
