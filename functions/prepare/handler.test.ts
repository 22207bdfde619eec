/**
 * Preparing a release from archives that `zlib` packs here by hand, and from two that Info-ZIP wrote. Does not prove that
 * CodePipeline packs like this.
 */
import assert from "node:assert/strict";
import { crc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { createPrepareHandler, type Preparation } from "./handler";
import { readZipEntry, ZipError } from "./zip-entry";

/** An archive as zip tools write it: local headers with contents, a directory, an end. */
function zip(files: Readonly<Record<string, Buffer>>, { stored = false } = {}): Buffer {
  const contents: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const packed = stored ? content : deflateRawSync(content);
    const facts = Buffer.alloc(16);
    facts.writeUInt32LE(crc32(content), 4);
    facts.writeUInt32LE(packed.length, 8);
    facts.writeUInt32LE(content.length, 12);
    const method = Buffer.from([stored ? 0 : 8, 0]);
    const lengths = Buffer.from([name.length & 255, name.length >> 8, 0, 0]);
    const head = Buffer.concat([Buffer.from("504b030414000000", "hex"), method, facts, lengths]);
    contents.push(head, name, packed);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("504b0102140014000000", "hex"), method, facts, lengths, offset, name]));
    at += head.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...contents, ...directory, end]);
}

/** `infra/template.yaml` as Info-ZIP 3.0 packs it into a file, and into a pipe, where sizes come after the contents. */
const WRITTEN = {
  "into a file":
    "UEsDBBQAAAAIAAAAJVzDluLTIAAAADUAAAATAAAAaW5mcmEvdGVtcGxhdGUueWFtbFNWSFQoSc0tyEksSeVSxskJSi3OLy1KTi22Uqiu5QIAUEsBAh4D" +
    "FAAAAAgAAAAlXMOW4tMgAAAANQAAABMAAAAAAAAAAQAAAKSBAAAAAGluZnJhL3RlbXBsYXRlLnlhbWxQSwUGAAAAAAEAAQBBAAAAUQAAAAAA",
  "into a pipe":
    "UEsDBBQACAAIAAAAJVwAAAAAAAAAADUAAAATAAAAaW5mcmEvdGVtcGxhdGUueWFtbFNWSFQoSc0tyEksSeVSxskJSi3OLy1KTi22Uqiu5QIAUEsHCMOW" +
    "4tMgAAAANQAAAFBLAQIeAxQACAAIAAAAJVzDluLTIAAAADUAAAATAAAAAAAAAAEAAACkgQAAAABpbmZyYS90ZW1wbGF0ZS55YW1sUEsFBgAAAAABAAEA" +
    "QQAAAGEAAAAAAA==",
};

const order = {
  environmentName: "prod",
  stackName: "sample-application",
  templatePath: "infra/template.yaml",
  configurationPath: "infra/prod.json",
  revisionS3Bucket: "artifacts",
  revisionS3Key: "release/Source/abc",
  mode: "deploy",
};

const FILES = {
  "infra/template.yaml": Buffer.from("Resources: {}"),
  "infra/prod.json": Buffer.from('{"Parameters":{"Days":"14"},"Tags":{"team":"web"}}'),
};

async function prepare(input: unknown, archive = zip(FILES), execution = "one"): Promise<Preparation> {
  const handle = createPrepareHandler({
    readArtifact: async () => archive,
    keepTemplate: async (key) => `https://release.s3.eu-west-1.amazonaws.com/${key}`,
    print: () => undefined,
  });
  return handle({ execution, order: input });
}

describe("Preparing a release", () => {
  it("names stack and change set, and reads parameters and tags", async () => {
    const release = await prepare(order);
    assert.equal(release.stack, "prod-sample-application");
    assert.match(release.changeSetName, /^prod-sample-application-change-set-[0-9a-f]{24}$/);
    assert.deepEqual(release.parameters, [{ ParameterKey: "Days", ParameterValue: "14" }]);
    assert.deepEqual(release.tags, [{ Key: "team", Value: "web" }]);
  });

  it("G12: gives the same execution the same change set and request, and another one another", async () => {
    assert.deepEqual(await prepare(order), await prepare(order));
    assert.notEqual((await prepare(order)).request, (await prepare(order, zip(FILES), "two")).request);
    const long = await prepare({ ...order, stackName: "s".repeat(95) });
    assert.ok(long.changeSetName.length <= 128, long.changeSetName);
  });

  it("G13: keeps the template behind a URL, so that it may be larger than 51,200 bytes", async () => {
    const template = Buffer.from(`# ${"x".repeat(200_000)}\nResources: {}`);
    const { templateUrl } = await prepare(order, zip({ ...FILES, "infra/template.yaml": template }));
    assert.match(templateUrl, /^https:\/\/release\.s3\.eu-west-1\.amazonaws\.com\/templates\/[0-9a-f]{64}$/);
  });

  it("says everything that is wrong with its input", async () => {
    await assert.rejects(
      prepare({ stackName: "a b" }),
      /environmentName[\s\S]*stackName|stackName[\s\S]*environmentName/,
    );
    await assert.rejects(
      prepare({ ...order, templatePath: "x.yaml" }),
      /it has no file x\.yaml, only infra\/template\.yaml/,
    );
    const wrong = zip({ ...FILES, "infra/prod.json": Buffer.from('{"Parameter":{}}') });
    await assert.rejects(prepare(order, wrong), /the configuration file: [\s\S]*Parameter/);
  });
});

describe("A zip entry", () => {
  it("comes out as it went in, stored or deflated", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.boolean(), (bytes, stored) => {
        const archive = zip({ a: Buffer.from("other"), "b/c": Buffer.from(bytes) }, { stored });
        assert.deepEqual(readZipEntry(archive, "b/c", 5000), Buffer.from(bytes));
      }),
    );
  });

  for (const [how, archive] of Object.entries(WRITTEN)) {
    it(`comes out of an archive that zip wrote ${how}`, () => {
      const content = readZipEntry(Buffer.from(archive, "base64"), "infra/template.yaml", 100);
      assert.equal(String(content), `${"# a template\n".repeat(3)}Resources: {}\n`);
    });
  }

  it("is refused when the archive is damaged, cut or grows beyond what is allowed", () => {
    const archive = zip({ a: Buffer.alloc(1000, "x") });
    assert.throws(() => readZipEntry(archive, "a", 999), ZipError);
    assert.throws(() => readZipEntry(Buffer.from("no zip archive, however long it may be"), "a", 999), ZipError);
    const damaged = zip({ a: Buffer.from("some content") }, { stored: true });
    damaged.writeUInt8(damaged.readUInt8(31) ^ 1, 31);
    assert.throws(() => readZipEntry(damaged, "a", 999), /a is damaged/);
  });
});
