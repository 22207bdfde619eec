// How commands outside of the stage's process talk to it: one request, whose answer comes line by line.
"use strict";
const { readFileSync } = require("node:fs");
const { request } = require("node:http");

/**
 * @param {string} contactFile written by the stage: {"port","token"}
 * @param {string} path
 * @param {Buffer | string} body
 * @param {(line: {say?: string, out?: string, exit?: number}) => void} onLine
 * @returns {Promise<number>} the status with which the command ends
 */
exports.ask = function ask(contactFile, path, headers, body, onLine) {
  const { port, token } = JSON.parse(readFileSync(contactFile, "utf8"));
  return new Promise((resolve, reject) => {
    let status = 1;
    let rest = "";
    const asking = request(
      { host: "127.0.0.1", port, path, method: "POST", headers: { ...headers, authorization: `Bearer ${token}` } },
      (answer) => {
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => {
          const lines = (rest + chunk).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines.map((each) => JSON.parse(each))) {
            if (line.exit !== undefined) status = line.exit;
            onLine(line);
          }
        });
        answer.on("end", () => resolve(status));
        answer.on("error", reject);
      },
    );
    asking.on("error", reject);
    asking.end(body);
  });
};
