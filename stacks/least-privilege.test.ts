/**
 * A sample of the statements that the platform's roles have, each taken away (all of them: npm run test:engines).
 * Does not prove that a statement could not be narrower: policies and bin/demo/demo.test.ts do.
 */
import { describeLeastPrivilege } from "../test/least-privilege";

describeLeastPrivilege({ oneIn: 8 });
