/** The whole matrix of faults: stacks/faults.test.ts at length. */
import { describeFaults } from "../../test/faults";

describeFaults({ of: "matrix" });
