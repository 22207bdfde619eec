/** What a server costs that does nothing: node:http with the answer of an accepted beacon. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "./server";

const ANSWER = `{"accepted":true}`;

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json", "content-length": ANSWER.length });
  response.end(ANSWER);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  serve({ beacon: `http://127.0.0.1:${port}/v1/beacon` }, async () => server.closeAllConnections());
});
