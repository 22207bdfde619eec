/** Every statement of every role taken away: stacks/least-privilege.test.ts at length. */
import { describeLeastPrivilege } from "../../test/least-privilege";

describeLeastPrivilege({ oneIn: 1 });
