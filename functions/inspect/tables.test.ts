/**
 * The tables name types and properties that exist: every Pulumi token and property is looked up in the installed AWS
 * package.
 * Does not prove the CloudFormation names, for which nothing is installed; the corpus and the rules' tests use them.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LOSSY_TABLES } from "./lossy";
import { listedPlaces } from "./policy/place";
import { classOfType, listedTypes, unversionedType } from "./resource-class";

const PACKAGE = dirname(require.resolve("@pulumi/aws/package.json"));

/** `aws:s3/bucketPolicy:BucketPolicy` stands in `s3/bucketPolicy`. */
function declarationOf(token: string): string | undefined {
  const [, module = "", name = ""] = token.split(":");
  const file = join(PACKAGE, `${module}.js`);
  if (!existsSync(file) || !readFileSync(file, "utf8").includes(`'aws:${module}:${name}'`)) return undefined;
  const text = readFileSync(join(PACKAGE, `${module}.d.ts`), "utf8");
  return text.slice(text.indexOf(`export interface ${name}Args`));
}

const isPulumi = (type: string): boolean => type.startsWith("aws:");

/** Settings of types that the table of classes does not list. */
const settings = [...LOSSY_TABLES.flatMap(({ rules }) => rules.flatMap((rule) => rule.settings)), ...listedPlaces()];

describe("the tables of types and settings", () => {
  it("name Pulumi types that exist", () => {
    const unknown = listedTypes().filter((type) => isPulumi(type) && declarationOf(type) === undefined);
    assert.deepEqual(unknown, []);
  });

  it("name settings that their Pulumi types have", () => {
    const unknown = settings.filter((setting) => {
      const [type = "", path = ""] = setting.split(" ");
      if (!isPulumi(type)) return false;
      return !new RegExp(`^    ${path.split(".")[0]}\\??:`, "m").test(declarationOf(type) ?? "");
    });
    assert.deepEqual(unknown, []);
  });

  it("name CloudFormation types in the form that AWS gives them, and Pulumi types without a version", () => {
    const types = new Set([...listedTypes(), ...settings.map((setting) => setting.split(" ")[0] ?? "")]);
    for (const type of types) {
      assert.match(type, /^(AWS(::[A-Za-z0-9]+){2}|awsx?:[a-z0-9/A-Z]+:[A-Za-z0-9]+|pulumi:pulumi:StackReference)$/);
      assert.equal(unversionedType(type), type);
    }
  });

  it("list no type twice", () => {
    assert.equal(new Set(listedTypes()).size, listedTypes().length);
  });

  it("give the source of every table of settings", () => {
    for (const { source, rules } of LOSSY_TABLES) {
      assert.match(source, /^https:\/\/docs\.aws\.amazon\.com\//);
      assert.ok(rules.length > 0);
    }
  });

  it("know the buckets of the last major version of the AWS package as buckets", () => {
    assert.equal(classOfType("aws:s3/bucketV2:BucketV2").holds, "its objects");
    assert.equal(classOfType("AWS::New::Type").kind, "data");
  });
});
