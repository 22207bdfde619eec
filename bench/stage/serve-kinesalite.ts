/** The peer: kinesalite (MIT), which emulates Kinesis in memory. Usage: serve-kinesalite.ts FOLDER-OF-ITS-INSTALLATION */
import { createRequire } from "node:module";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { serve } from "./server";

const folder = process.argv[2] ?? "";
const kinesalite = createRequire(join(folder, "package.json"))("kinesalite") as (options: object) => Server;
const server = kinesalite({ createStreamMs: 0, deleteStreamMs: 0 });
server.listen(0, "127.0.0.1", () => {
  serve({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, async () => undefined);
});
