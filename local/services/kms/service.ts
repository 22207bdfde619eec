import { jsonBinding } from "../../endpoint/json-binding";
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
export class KmsService implements Service {
  readonly signingName = "kms";
  readonly binding = jsonBinding("placeholder", "1.1");
  readonly deniedCode = "AccessDenied";
  readonly operations: Readonly<Record<string, Operation>> = {};
  static async open(_context: ServiceContext): Promise<KmsService> {
    return new KmsService();
  }
}
