/**
 * KMS on loopback, driven by the unmodified SDK client: data goes in and comes out, for those whom key and role allow.
 * Does not prove: that AWS answers alike; anything about keys that are not symmetric, grants or key stores.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
} from "@aws-sdk/client-kms";
import fc from "fast-check";
import { FACTS, render, withStage, type TestStage } from "../../../test/stage";
import { textOf } from "../../graph/graph";
import { roleSession } from "../../iam/principal";
import { seal, unseal } from "./ciphertext";
import { KeyMaterial } from "./key-material";

const ROLE = "arn:aws:iam::000000000000:role/reader";

const keyPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:*", Resource: "*" },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:EncryptionContext:purpose": "never" } },
    },
  ],
});

const program = (): void => {
  const key = new aws.kms.Key("data", { description: "keeps data", policy: keyPolicy });
  new aws.kms.Alias("data", { namePrefix: "alias/data-", targetKeyId: key.keyId });
  new aws.kms.Alias("named", { name: "alias/named", targetKeyId: key.arn });
  new aws.kms.Key("other", {});
  new aws.kms.Key("off", { isEnabled: false });
  const role = new aws.iam.Role("reader", {
    name: "reader",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new aws.iam.RolePolicy("reader", {
    role: role.name,
    policy: key.arn.apply((arn) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: arn,
            Condition: { StringEquals: { "kms:EncryptionContext:table": "clicks" } },
          },
        ],
      }),
    ),
  });
};

/** Runs with a client of the operator, which is let go of at the end. */
async function withKms(run: (kms: KMSClient, test: TestStage) => Promise<void>, folder?: string): Promise<void> {
  await withStage(
    await render(program),
    async (test) => {
      const kms = new KMSClient(test.client());
      try {
        await run(kms, test);
      } finally {
        kms.destroy();
      }
    },
    folder === undefined ? {} : { folder },
  );
}

const text = (blob: Uint8Array | undefined): string => Buffer.from(blob ?? []).toString();

describe("KMS", () => {
  it("decrypts what it encrypted, by id, ARN and alias, under the same encryption context only", async () => {
    await withKms(async (kms, { graph }) => {
      const { id, outputs } = graph.only("aws:kms/key:Key", ({ name }) => name === "data");
      const context = { table: "clicks", site: "ä" };
      for (const KeyId of [
        id,
        textOf(outputs, "arn"),
        "alias/named",
        "arn:aws:kms:eu-west-1:000000000000:alias/named",
      ]) {
        const { CiphertextBlob, KeyId: used } = await kms.send(
          new EncryptCommand({ KeyId, Plaintext: Buffer.from("secret"), EncryptionContext: context }),
        );
        assert.equal(used, outputs["arn"]);
        const { Plaintext } = await kms.send(
          new DecryptCommand({ CiphertextBlob, EncryptionContext: { site: "ä", table: "clicks" } }),
        );
        assert.equal(text(Plaintext), "secret");
        for (const EncryptionContext of [
          undefined,
          { table: "clicks" },
          { ...context, more: "x" },
          { ...context, site: "a" },
        ]) {
          await assert.rejects(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })), {
            name: "InvalidCiphertextException",
          });
        }
      }
    });
  });

  it("hands out data keys, whose ciphertext decrypts to them", async () => {
    await withKms(async (kms) => {
      for (const [size, expected] of [
        [{ KeySpec: "AES_256" }, 32],
        [{ KeySpec: "AES_128" }, 16],
        [{ NumberOfBytes: 7 }, 7],
      ] as const) {
        const made = await kms.send(new GenerateDataKeyCommand({ KeyId: "alias/named", ...size }));
        assert.equal(made.Plaintext?.length, expected);
        const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
        assert.deepEqual(Buffer.from(Plaintext ?? []), Buffer.from(made.Plaintext ?? []));
        const closed = await kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: "alias/named", ...size }));
        const opened = await kms.send(new DecryptCommand({ CiphertextBlob: closed.CiphertextBlob }));
        assert.equal(opened.Plaintext?.length, expected);
      }
      for (const size of [{}, { KeySpec: "AES_256", NumberOfBytes: 32 } as const]) {
        await assert.rejects(kms.send(new GenerateDataKeyCommand({ KeyId: "alias/named", ...size })), {
          name: "ValidationException",
          message: "Please specify either number of bytes or key spec.",
        });
      }
    });
  });

  it("decrypts after the stage was opened again, with a secret that only its owner can read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    let sealed: Uint8Array | undefined;
    await withKms(async (kms) => {
      sealed = (await kms.send(new EncryptCommand({ KeyId: "alias/named", Plaintext: Buffer.from("kept") })))
        .CiphertextBlob;
    }, folder);
    await withKms(async (kms) => {
      assert.equal(text((await kms.send(new DecryptCommand({ CiphertextBlob: sealed }))).Plaintext), "kept");
    }, folder);
    assert.equal((await stat(join(folder, "state", "kms", "secret"))).mode & 0o777, 0o600);
    await rm(folder, { recursive: true });
  });

  it("refuses a secret that is damaged", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keys-"));
    await writeFile(join(folder, "secret"), "short");
    await assert.rejects(KeyMaterial.open(folder, { sync: false }), /secret: damaged: 5 bytes where 32 were written/);
    await rm(folder, { recursive: true });
  });

  it("lets a role decrypt under the encryption context that its policy names, and do nothing else", async () => {
    await withKms(async (kms, test) => {
      const reader = new KMSClient(test.client(roleSession(ROLE, "tests")));
      const sealWith = async (EncryptionContext: Record<string, string>) =>
        (await kms.send(new EncryptCommand({ KeyId: "alias/named", Plaintext: Buffer.from("x"), EncryptionContext })))
          .CiphertextBlob;
      const clicks = { table: "clicks" };
      assert.equal(
        text(
          (await reader.send(new DecryptCommand({ CiphertextBlob: await sealWith(clicks), EncryptionContext: clicks })))
            .Plaintext,
        ),
        "x",
      );
      const users = { table: "users" };
      const denied = { name: "AccessDeniedException", message: /is not authorized to perform: kms:/ };
      await assert.rejects(
        reader.send(new DecryptCommand({ CiphertextBlob: await sealWith(users), EncryptionContext: users })),
        denied,
      );
      await assert.rejects(
        reader.send(new EncryptCommand({ KeyId: "alias/named", Plaintext: Buffer.from("x") })),
        denied,
      );
      await assert.rejects(reader.send(new ListKeysCommand({})), denied);
      reader.destroy();
    });
  });

  it("obeys the key's own policy before all others", async () => {
    await withKms(async (kms) => {
      const EncryptionContext = { purpose: "never" };
      const { CiphertextBlob } = await kms.send(
        new EncryptCommand({ KeyId: "alias/named", Plaintext: Buffer.from("x"), EncryptionContext }),
      );
      await assert.rejects(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })), {
        name: "AccessDeniedException",
        message: /with an explicit deny in a resource-based policy/,
      });
    });
  });

  it("lists its keys and aliases and describes a key", async () => {
    await withKms(async (kms, { graph }) => {
      const { Keys = [] } = await kms.send(new ListKeysCommand({}));
      assert.equal(Keys.length, 3);
      const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
      assert.deepEqual(
        Aliases.map(({ AliasName }) => AliasName?.replace(/[0-9a-f]{26}$/, "*")),
        ["alias/data-*", "alias/named"],
      );
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/named" }));
      assert.equal(KeyMetadata?.Arn, graph.only("aws:kms/key:Key", ({ name }) => name === "data").outputs["arn"]);
      assert.equal(KeyMetadata?.KeyState, "Enabled");
      assert.equal(KeyMetadata?.AWSAccountId, FACTS.account);
    });
  });

  it("refuses keys that are unknown, switched off or not the ciphertext's, and what is no ciphertext", async () => {
    await withKms(async (kms, { graph }) => {
      const off = graph.only("aws:kms/key:Key", ({ name }) => name === "off").id;
      const other = graph.only("aws:kms/key:Key", ({ name }) => name === "other").id;
      const Plaintext = Buffer.from("x");
      const { CiphertextBlob = new Uint8Array() } = await kms.send(new EncryptCommand({ KeyId: other, Plaintext }));
      await assert.rejects(kms.send(new EncryptCommand({ KeyId: "nothing", Plaintext })), {
        name: "NotFoundException",
      });
      await assert.rejects(kms.send(new EncryptCommand({ KeyId: "alias/nothing", Plaintext })), {
        name: "NotFoundException",
        message: "Alias arn:aws:kms:eu-west-1:000000000000:alias/nothing is not found.",
      });
      await assert.rejects(kms.send(new EncryptCommand({ KeyId: off, Plaintext })), { name: "DisabledException" });
      await assert.rejects(kms.send(new DecryptCommand({ CiphertextBlob, KeyId: "alias/named" })), {
        name: "IncorrectKeyException",
      });
      const changed = Uint8Array.from(CiphertextBlob, (byte, index) => (index === 40 ? byte ^ 1 : byte));
      const foreign = Uint8Array.from(CiphertextBlob, (byte, index) => (index === 5 ? byte ^ 1 : byte));
      for (const blob of [changed, foreign, CiphertextBlob.slice(0, -1), Buffer.from("x"), Buffer.alloc(6144)]) {
        await assert.rejects(kms.send(new DecryptCommand({ CiphertextBlob: blob })), {
          name: "InvalidCiphertextException",
        });
      }
      for (const data of [Buffer.alloc(0), Buffer.alloc(4097)]) {
        await assert.rejects(kms.send(new EncryptCommand({ KeyId: other, Plaintext: data })), {
          name: "ValidationException",
        });
      }
      await assert.rejects(kms.send(new EncryptCommand({ KeyId: other, Plaintext, GrantTokens: ["x"] })), {
        name: "ValidationException",
        message: /GrantTokens: is not modelled by the local stage/,
      });
      await assert.rejects(
        kms.send(new EncryptCommand({ KeyId: other, Plaintext, EncryptionContext: { a: "1", A: "2" } })),
        { name: "ValidationException" },
      );
    });
  });

  it("names the resource whose key it does not model", async () => {
    const graph = await render(
      () => void new aws.kms.Key("signing", { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "RSA_2048" }),
    );
    await assert.rejects(
      withStage(graph, async () => {}),
      /Key signing \(.*\): a key for SIGN_VERIFY with RSA_2048; the local stage has keys for ENCRYPT_DECRYPT with SYMMETRIC_DEFAULT only/,
    );
    const replicated = await render(() => void new aws.kms.Key("replicated", { multiRegion: true }));
    await assert.rejects(
      withStage(replicated, async () => {}),
      /Key replicated \(.*\): the local stage does not model its property multiRegion/,
    );
  });

  it("never decrypts bytes that were changed in any place", () => {
    const material = Buffer.alloc(32, 7);
    const id = "01234567-89ab-cdef-0123-456789abcdef";
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (data, context, place, flip) => {
          const sealed = seal(material, id, data, context);
          assert.deepEqual(unseal(material, id, sealed, context), Buffer.from(data));
          // The format and the key's id in front are read by keyIdOf, and bound as associated data.
          const at = 17 + (place % (sealed.length - 17));
          sealed[at] = (sealed[at] ?? 0) ^ flip;
          assert.throws(() => unseal(material, id, sealed, context), { code: "InvalidCiphertextException" });
        },
      ),
    );
  });
});
