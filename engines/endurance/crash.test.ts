/** kill -9 of everything the stage started, twenty times under load: stacks/crash.test.ts at length. */
import { describeKills } from "../../test/kills";

describeKills({ kills: 20, seed: 20 });
