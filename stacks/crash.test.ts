/**
 * The platform under kill -9, twice (twenty times: npm run test:engines). The seed fixes how long each life lasts;
 * what the machine does in that time it does not.
 * Does not prove a power failure: local/durable/segment-log.crash.test.ts does, call by call.
 */
import { describeKills } from "../test/kills";

describeKills({ kills: 2, seed: 11 });
