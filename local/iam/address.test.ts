/** Addresses and ranges of both families. Does not prove what AWS does with spellings that RFC 4291 leaves open. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { isInRange, readAddress, readAddressRange } from "./address";

describe("an address range", () => {
  const cases: readonly [range: string, address: string, inside: boolean][] = [
    ["203.0.113.0/24", "203.0.113.255", true],
    ["203.0.113.0/24", "203.0.114.0", false],
    ["203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "203.0.113.8", false],
    ["203.0.113.7/24", "203.0.113.8", true],
    ["0.0.0.0/0", "8.8.8.8", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "8.8.8.8", false],
    ["2001:DB8:1234:5678::/64", "2001:db8:1234:5678:9::1", true],
    ["2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false],
    ["::1", "0:0:0:0:0:0:0:1", true],
    ["127.0.0.0/8", "::ffff:127.0.0.1", true],
    ["127.0.0.0/8", "::ffff:7f00:1", true],
    ["::/96", "::1.2.3.4", true],
  ];
  for (const [range, address, inside] of cases) {
    it(`${range} ${inside ? "holds" : "does not hold"} ${address}`, () => {
      const [read, wanted] = [readAddress(address), readAddressRange(range)];
      assert.ok(read !== undefined && wanted !== undefined);
      assert.equal(isInRange(read, wanted), inside);
    });
  }

  for (const text of [
    "",
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4/33",
    "1.2.3.4/",
    "1.2.3.4/08",
    "::1/129",
    ":::",
    "1::2::3",
    "12345::",
    "g::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    "::ffff:1.2.3.4/8",
    "1.2.3.4::",
    "fe80::1%eth0",
    "*",
  ]) {
    it(`is refused when malformed: ${JSON.stringify(text)}`, () => assert.equal(readAddressRange(text), undefined));
  }

  it("of n bits holds exactly the addresses that share the first n bits", () => {
    const bits = fc.array(fc.boolean(), { minLength: 32, maxLength: 32 });
    const dotted = (all: readonly boolean[]): string =>
      [0, 8, 16, 24]
        .map((at) =>
          parseInt(
            all
              .slice(at, at + 8)
              .map(Number)
              .join(""),
            2,
          ),
        )
        .join(".");
    fc.assert(
      fc.property(bits, bits, fc.nat(32), fc.nat(32), (left, other, length, shared) => {
        const right = left.map((bit, index) => (index < shared ? bit : other[index] === true));
        const [address, range] = [readAddress(dotted(right)), readAddressRange(`${dotted(left)}/${length}`)];
        assert.ok(address !== undefined && range !== undefined);
        assert.equal(
          isInRange(address, range),
          left.slice(0, length).every((bit, index) => bit === right[index]),
        );
      }),
    );
  });
});
