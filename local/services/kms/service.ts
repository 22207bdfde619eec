/**
 * Key Management Service: the graph's symmetric keys, really encrypting. Limits and errors follow the KMS API reference;
 * grants, key stores and asymmetric keys are not modelled, and lists come in one page.
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { jsonBinding } from "../../endpoint/json-binding";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Call, type Check, type Operation, type Service } from "../service";
import { invalidCiphertext, keyIdOf, seal, unseal, type EncryptionContext } from "./ciphertext";
import { KeyMaterial } from "./key-material";
import { readKeys, SYMMETRIC, type Key, type KeyRing } from "./key-ring";

/** Bytes. Source: KMS API reference, Encrypt, Decrypt and GenerateDataKey. */
const LONGEST_PLAINTEXT = 4096;
const LONGEST_CIPHERTEXT = 6144;
const LONGEST_DATA_KEY = 1024;
/** Characters of JSON. Source: KMS developer guide, "Encryption context". */
const LONGEST_CONTEXT = 8192;

const notModelled = z.never("is not modelled by the local stage").optional();
const keyName = z.string().min(1).max(2048);
const common = {
  EncryptionContext: z
    .record(z.string(), z.string())
    .refine(
      (context) => JSON.stringify(context).length <= LONGEST_CONTEXT,
      `must have at most ${LONGEST_CONTEXT} characters`,
    )
    .refine(
      (context) => new Set(Object.keys(context).map((name) => name.toLowerCase())).size === Object.keys(context).length,
      "must not have names that differ by case alone: the local stage's conditions cannot tell them apart",
    )
    .default({}),
  GrantTokens: notModelled,
  DryRun: z.literal(false).optional(),
};
const ALGORITHM_USED = { "kms:EncryptionAlgorithm": SYMMETRIC.spec };
const algorithm = { EncryptionAlgorithm: z.literal(SYMMETRIC.spec).optional() };
const dataKey = {
  ...common,
  KeyId: keyName,
  KeySpec: z.enum(["AES_128", "AES_256"]).optional(),
  NumberOfBytes: z.int().min(1).max(LONGEST_DATA_KEY).optional(),
  Recipient: notModelled,
};

/** How a caller means to use a key: what conditions of a key policy may ask about. */
interface Use {
  readonly KeyId: string;
  readonly EncryptionContext?: EncryptionContext;
}

export class KmsService implements Service {
  readonly signingName = "kms";
  readonly binding = jsonBinding("TrentService", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;

  static async open(context: ServiceContext): Promise<KmsService> {
    const keys = readKeys(context);
    return new KmsService(keys, await KeyMaterial.open(context.folder("kms"), context.durable), context.facts.account);
  }

  private constructor(
    private readonly keys: KeyRing,
    private readonly material: KeyMaterial,
    private readonly account: string,
  ) {
    this.operations = this.#declare();
  }

  #declare(): Record<string, Operation> {
    const on = (action: string, context?: Check["context"]) => (use: Use, call: Call) =>
      this.#checks(action, use, call, context);
    const listing = (action: string) => (): readonly Check[] => [{ action: `kms:${action}`, resource: "*" }];
    return {
      Encrypt: operation({
        shape: z.object({
          ...common,
          ...algorithm,
          KeyId: keyName,
          Plaintext: bytes(LONGEST_PLAINTEXT),
        }),
        checks: on("Encrypt", ALGORITHM_USED),
        run: ({ KeyId, Plaintext, EncryptionContext }) => {
          const key = this.#usable(KeyId);
          return { ...this.#seal(key, Plaintext, EncryptionContext), EncryptionAlgorithm: SYMMETRIC.spec };
        },
      }),
      Decrypt: operation({
        shape: z.object({
          ...common,
          ...algorithm,
          KeyId: keyName.optional(),
          CiphertextBlob: bytes(LONGEST_CIPHERTEXT),
          Recipient: notModelled,
        }),
        checks: ({ CiphertextBlob, EncryptionContext }, call) =>
          on("Decrypt", ALGORITHM_USED)({ KeyId: this.#keyOf(CiphertextBlob).id, EncryptionContext }, call),
        run: ({ KeyId, CiphertextBlob, EncryptionContext }) => {
          const key = this.#usable(this.#keyOf(CiphertextBlob).id);
          if (KeyId !== undefined && this.keys.get(KeyId) !== key) {
            throw new AwsError(
              "IncorrectKeyException",
              "The key ID in the request does not identify a CMK that can perform this operation.",
            );
          }
          const plaintext = unseal(this.material.keyFor(key.arn), key.id, CiphertextBlob, EncryptionContext);
          return { KeyId: key.arn, Plaintext: plaintext.toString("base64"), EncryptionAlgorithm: SYMMETRIC.spec };
        },
      }),
      GenerateDataKey: operation({
        shape: z.object(dataKey),
        checks: on("GenerateDataKey"),
        run: (input) => this.#generate(input, true),
      }),
      GenerateDataKeyWithoutPlaintext: operation({
        shape: z.object(dataKey),
        checks: on("GenerateDataKeyWithoutPlaintext"),
        run: (input) => this.#generate(input, false),
      }),
      DescribeKey: operation({
        shape: z.object({ KeyId: keyName, GrantTokens: notModelled }),
        checks: on("DescribeKey"),
        run: ({ KeyId }) => ({ KeyMetadata: this.#describe(this.keys.get(KeyId)) }),
      }),
      ListKeys: operation({
        shape: z.object({ Marker: notModelled }),
        checks: listing("ListKeys"),
        run: () => ({ Keys: this.keys.keys.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), Truncated: false }),
      }),
      ListAliases: operation({
        shape: z.object({ KeyId: keyName.optional(), Marker: notModelled }),
        checks: listing("ListAliases"),
        run: ({ KeyId }) => {
          const keys = KeyId === undefined ? this.keys.keys : [this.keys.get(KeyId)];
          const aliases = keys.flatMap(({ id, aliases }) =>
            aliases.map((name) => ({ AliasName: name, AliasArn: this.keys.aliasArn(name), TargetKeyId: id })),
          );
          return { Aliases: aliases, Truncated: false };
        },
      }),
    };
  }

  #checks(
    action: string,
    { KeyId, EncryptionContext = {} }: Use,
    { caller }: Call,
    more: Check["context"],
  ): readonly Check[] {
    const key = this.keys.get(KeyId);
    const alias = /(?:^|:)(alias\/.*)$/.exec(KeyId)?.[1];
    const names = Object.keys(EncryptionContext);
    const context = {
      ...more,
      "kms:KeySpec": SYMMETRIC.spec,
      "kms:KeyUsage": SYMMETRIC.usage,
      "kms:ResourceAliases": key.aliases,
      ...("account" in caller ? { "kms:CallerAccount": caller.account } : {}),
      ...(alias === undefined ? {} : { "kms:RequestAlias": alias }),
      ...(names.length === 0 ? {} : { "kms:EncryptionContextKeys": names }),
      ...Object.fromEntries(names.map((name) => [`kms:EncryptionContext:${name}`, EncryptionContext[name] ?? ""])),
    };
    return [{ action: `kms:${action}`, resource: key.arn, context }];
  }

  #generate(
    {
      KeyId,
      KeySpec,
      NumberOfBytes,
      EncryptionContext,
    }: Use & { KeySpec?: "AES_128" | "AES_256" | undefined; NumberOfBytes?: number | undefined },
    withPlaintext: boolean,
  ): Record<string, unknown> {
    if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
      throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.");
    }
    const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === "AES_128" ? 16 : 32));
    const sealed = this.#seal(this.#usable(KeyId), plaintext, EncryptionContext ?? {});
    return withPlaintext ? { ...sealed, Plaintext: plaintext.toString("base64") } : sealed;
  }

  #seal(key: Key, plaintext: Buffer, context: EncryptionContext): { KeyId: string; CiphertextBlob: string } {
    const sealed = seal(this.material.keyFor(key.arn), key.id, plaintext, context);
    return { KeyId: key.arn, CiphertextBlob: sealed.toString("base64") };
  }

  /** @throws AwsError when there is no such key, or it is switched off */
  #usable(name: string): Key {
    const key = this.keys.get(name);
    if (!key.enabled) throw new AwsError("DisabledException", `${key.arn} is disabled.`);
    return key;
  }

  /** The key that a ciphertext names; a key that is gone makes the ciphertext as unreadable as a wrong one. */
  #keyOf(ciphertext: Buffer): Key {
    const id = keyIdOf(ciphertext);
    const key = this.keys.keys.find((each) => each.id === id);
    if (key === undefined) throw invalidCiphertext();
    return key;
  }

  #describe({ id, arn, enabled, description }: Key): unknown {
    return {
      AWSAccountId: this.account,
      KeyId: id,
      Arn: arn,
      Description: description,
      Enabled: enabled,
      KeyState: enabled ? "Enabled" : "Disabled",
      KeyUsage: SYMMETRIC.usage,
      KeySpec: SYMMETRIC.spec,
      CustomerMasterKeySpec: SYMMETRIC.spec,
      EncryptionAlgorithms: [SYMMETRIC.spec],
      KeyManager: "CUSTOMER",
      Origin: "AWS_KMS",
      MultiRegion: false,
    };
  }
}

/** A blob of 1 to `most` bytes, as base64 on the wire. */
function bytes(most: number) {
  return z
    .base64()
    .transform((text) => Buffer.from(text, "base64"))
    .refine((blob) => blob.length >= 1 && blob.length <= most, `must have 1 to ${most} bytes`);
}
