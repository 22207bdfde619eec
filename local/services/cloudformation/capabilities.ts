/** Templates that make identities must be acknowledged. */
import { AwsError } from "../service";
import { typeOf } from "./resource-type";
import type { Template } from "./template/read-template";

/** @throws AwsError `InsufficientCapabilitiesException` */
export function checkCapabilities({ Resources }: Template, given: readonly string[]): void {
  const identities = Object.values(Resources).filter(({ Type }) => typeOf(Type).isIdentity);
  if (identities.length === 0) return;
  const isNamed = identities.some(({ Type, Properties }) => {
    const { nameProperty } = typeOf(Type);
    return Type !== "AWS::IAM::Policy" && nameProperty !== undefined && Properties?.[nameProperty] !== undefined;
  });
  const needed = isNamed ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
  if (given.includes("CAPABILITY_NAMED_IAM") || given.includes(needed)) return;
  throw new AwsError("InsufficientCapabilitiesException", `Requires capabilities : [${needed}]`);
}
