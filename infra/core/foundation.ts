/** What every component of a stage stands on: where it is, how its roles are made, and whether its state is kept. */
import type * as pulumi from "@pulumi/pulumi";
import type { EncryptionKey } from "../store/encryption-key";
import type { Duration } from "./units";

/** `kept` state survives its resource's removal from the program; `disposable` state goes with it. */
export type Durability = "kept" | "disposable";

/** How the roles of a stage are made. */
export interface RoleConvention {
  /** ARN of the permissions boundary that every role gets. @default - none */
  readonly permissionsBoundary?: string;
  /** What every role's name begins with. @default - nothing */
  readonly namePrefix?: string;
}

export interface Place {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: pulumi.Input<string>;
}

export interface Foundation {
  readonly place: Place;
  readonly roles: RoleConvention;
  readonly durability: Durability;
  /** How long log groups keep what functions and deliveries say. */
  readonly logRetention: Duration;
  /** Encrypts everything at rest. */
  readonly key: EncryptionKey;
}
