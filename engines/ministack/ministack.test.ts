/**
 * The local stage beside MiniStack. Does not prove what AWS does: where the two differ, AWS's documentation decides, and
 * where both are wrong nothing shows.
 */
import { describeSameCalls } from "../endpoints/same-calls";
import { startServer } from "../endpoints/server";
import { engineSetting } from "../harness/contract";

describeSameCalls("ministack", "000000000000", () =>
  startServer((port) => ({
    command: engineSetting("ENGINE_MINISTACK"),
    given: [],
    // It listens to the whole network unless it is told otherwise.
    env: { BIND_HOST: "127.0.0.1", GATEWAY_PORT: `${port}`, PORT: `${port}` },
  })),
);
