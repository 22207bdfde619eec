import { jsonBinding } from "../../endpoint/json-binding";
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
export class S3Service implements Service {
  readonly signingName = "s3";
  readonly binding = jsonBinding("placeholder", "1.1");
  readonly deniedCode = "AccessDenied";
  readonly operations: Readonly<Record<string, Operation>> = {};
  static async open(_context: ServiceContext): Promise<S3Service> {
    return new S3Service();
  }
}
