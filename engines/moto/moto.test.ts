/**
 * The local stage beside moto. Does not prove what AWS does: where the two differ, AWS's documentation decides, and where
 * both are wrong nothing shows.
 */
import { describeSameCalls } from "../endpoints/same-calls";
import { startServer } from "../endpoints/server";
import { engineSetting } from "../harness/contract";

describeSameCalls("moto", "123456789012", async () => {
  const server = await startServer((port) => ({
    command: engineSetting("ENGINE_MOTO"),
    given: ["--host", "127.0.0.1", "--port", `${port}`],
  }));
  // Its interpreter of state machines is off by default.
  const config = { stepfunctions: { execute_state_machine: true } };
  await fetch(`${server.url}/moto-api/config`, { method: "POST", body: JSON.stringify(config) });
  return server;
});
