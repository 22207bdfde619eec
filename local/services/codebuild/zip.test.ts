/** Archives come back as they went in, and damaged ones do not come back. Proves nothing about archives over 4 GiB. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readZip, writeZip, ZipError, type ZipFile } from "./zip";

const name = fc.stringMatching(/^[a-zä-ü0-9 _-]{1,12}$/);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const file = fc
  .tuple(path, fc.uint8Array({ maxLength: 300 }), fc.boolean())
  .map(([at, bytes, isExecutable]): ZipFile => ({ path: at, content: Buffer.from(bytes), isExecutable }));

describe("An archive", () => {
  it("comes back as it went in", () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 8 }), (files) => {
        assert.deepEqual(readZip(writeZip(files)), files);
      }),
    );
  });

  it("is never read as something else when a byte of it is damaged", () => {
    const files: ZipFile[] = [{ path: "a/b.txt", content: Buffer.from("hello, hello, hello"), isExecutable: true }];
    const whole = writeZip(files);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ by;
        try {
          const [read] = readZip(damaged);
          // Names, modes and the unread copy of the header carry no checksum.
          if (read !== undefined) assert.deepEqual(read.content, files[0]?.content);
        } catch (error) {
          assert.ok(error instanceof ZipError || error instanceof RangeError, String(error));
        }
      }),
    );
  });

  for (const outside of ["../up", "/etc/passwd", "a/../../b", "a\\b"]) {
    it(`is refused with a file outside of it: ${outside}`, () => {
      const archive = writeZip([{ path: outside, content: Buffer.from("x") }]);
      assert.throws(() => readZip(archive), /outside of it/);
    });
  }

  it("is refused when it is none", () => {
    assert.throws(() => readZip(Buffer.from("hello")), /no zip archive/);
  });
});
