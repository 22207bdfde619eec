/**
 * Whether lifecycle rules delete more than the rules before, in both spellings.
 * Does not prove what S3 does with rules that overlap; the comparison is rule by rule.
 */
import assert from "node:assert/strict";
import { expiresMore } from "./lifecycle";

const compare = expiresMore();
const expires = (days: number, more: object = {}): object => ({ Status: "Enabled", ExpirationInDays: days, ...more });
const block = (days: number, more: object = {}): object => ({ status: "Enabled", expiration: { days }, ...more });

describe("lifecycle rules", () => {
  const losing: readonly [name: string, before: unknown, after: unknown][] = [
    ["a first expiry", undefined, [expires(30)]],
    ["a sooner expiry", [expires(30)], [expires(29)]],
    ["a wider scope", [expires(30, { Prefix: "tmp/" })], [expires(30)]],
    ["another scope", [block(30, { filter: { prefix: "a/" } })], [block(30, { filter: { prefix: "b/" } })]],
    ["a tag less", [block(30, { filter: { tag: { key: "k", value: "v" } } })], [block(30)]],
    ["a rule that is switched on", [expires(30, { Status: "Disabled" })], [expires(30)]],
    ["a date", [expires(30)], [{ Status: "Enabled", ExpirationDate: "2026-06-01T00:00:00Z" }]],
    [
      "an earlier date",
      [block(0, { expiration: { date: "2026-06-02" } })],
      [block(0, { expiration: { date: "2026-06-01" } })],
    ],
    ["old versions", [expires(30)], [expires(30, { NoncurrentVersionExpiration: { NoncurrentDays: 30 } })]],
    [
      "fewer old versions kept",
      [{ Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 5 } }],
      [{ Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 1 } }],
    ],
    ["a number that is none", [expires(30)], [{ Status: "Enabled", ExpirationInDays: "soon" }]],
    ["rules that cannot be read", [expires(30)], "all"],
  ];
  for (const [name, before, after] of losing) {
    it(`lose objects by ${name}`, () => {
      assert.notEqual(compare(before, after), undefined);
    });
  }

  const keeping: readonly [name: string, before: unknown, after: unknown][] = [
    ["no expiry any more", [expires(30)], []],
    ["a later expiry", [expires(30)], [expires("60" as unknown as number)]],
    ["a narrower scope", [expires(30)], [expires(30, { Prefix: "tmp/" })]],
    ["a rule that is switched off", [block(30)], [block(30, { status: "Disabled" })]],
    ["another name", [expires(30, { Id: "a" })], [expires(30, { Id: "b" })]],
    [
      "another order",
      [expires(30, { Prefix: "a" }), expires(9, { Prefix: "b" })],
      [expires(9, { Prefix: "b" }), expires(30, { Prefix: "a" })],
    ],
    ["a transition", [expires(30)], [expires(30, { Transitions: [{ StorageClass: "GLACIER", TransitionInDays: 1 }] })]],
    [
      "the end of unfinished uploads",
      [expires(30)],
      [expires(30), { Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
    ],
    ["a filter that says nothing", [block(30)], [block(30, { filter: { prefix: "" } })]],
    ["the blocks of Pulumi as lists", [block(30)], [{ status: "Enabled", expiration: [{ days: 30 }] }]],
  ];
  for (const [name, before, after] of keeping) {
    it(`lose nothing by ${name}`, () => {
      assert.equal(compare(before, after), undefined);
    });
  }
});
