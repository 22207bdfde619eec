/**
 * The framing of `aws-chunked` bodies, as unsigned clients and signing clients write them.
 * Does not prove: the signatures of chunks, which are not checked.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { AwsError } from "../../service";
import { unchunk } from "./chunked";

const SIGNATURE = `;chunk-signature=${"a".repeat(64)}`;

function chunked(chunks: readonly Uint8Array[], { extension = "", trailers = "" } = {}): Buffer {
  const framed = [...chunks.filter(({ length }) => length > 0), Buffer.alloc(0)].flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
    chunk,
    Buffer.from(chunk.length > 0 ? "\r\n" : ""),
  ]);
  return Buffer.concat([...framed, Buffer.from(`${trailers}\r\n`)]);
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof AwsError ? error.code : String(error);
  }
  return "none";
}

const anyChunks = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 });

describe("aws-chunked", () => {
  it("gives back any content, however it was cut, signed or not", () => {
    fc.assert(
      fc.property(anyChunks, fc.boolean(), (chunks, signed) => {
        const content = Buffer.concat(chunks);
        const body = chunked(chunks, signed ? { extension: SIGNATURE } : {});
        assert.ok(content.equals(unchunk(body, content.length).content));
      }),
    );
  });

  it("gives the trailers by name in lower case", () => {
    const trailers = "x-amz-checksum-crc32:AAAAAA==\r\nX-Amz-Trailer-Signature: abc \r\n";
    const { content, trailers: read } = unchunk(chunked([Buffer.from("x")], { trailers }), 1);
    assert.equal(content.toString(), "x");
    assert.deepEqual(read, { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-trailer-signature": "abc" });
  });

  it("takes the end without the last empty line", () => {
    assert.equal(unchunk(Buffer.from("1\r\nx\r\n0\r\n"), 1).content.toString(), "x");
  });

  it("refuses whatever is cut short", () => {
    const whole = chunked([Buffer.from("hello"), Buffer.from("world")]);
    const end = whole.indexOf("0\r\n", whole.indexOf("world")) + 3;
    for (let length = 0; length < end; length++) {
      assert.equal(
        codeOf(() => unchunk(whole.subarray(0, length), 10)),
        "IncompleteBody",
        `${length} bytes`,
      );
    }
  });

  it("refuses sizes that do not add up, are no numbers, or are without end", () => {
    const whole = chunked([Buffer.from("hello")]);
    assert.equal(
      codeOf(() => unchunk(whole, 4)),
      "IncompleteBody",
    );
    assert.equal(
      codeOf(() => unchunk(whole, 6)),
      "IncompleteBody",
    );
    assert.equal(
      codeOf(() => unchunk(Buffer.from("xyz\r\nhello\r\n0\r\n\r\n"), 5)),
      "IncompleteBody",
    );
    assert.equal(
      codeOf(() => unchunk(Buffer.from("-5\r\nhello\r\n0\r\n\r\n"), 5)),
      "IncompleteBody",
    );
    assert.equal(
      codeOf(() => unchunk(Buffer.from(`5;${"x".repeat(300)}\r\nhello\r\n0\r\n`), 5)),
      "IncompleteBody",
    );
    assert.equal(
      codeOf(() => unchunk(Buffer.from("5\r\nhelloXX0\r\n\r\n"), 5)),
      "IncompleteBody",
    );
    assert.equal(
      codeOf(() => unchunk(Buffer.from("0\r\nno trailer\r\n\r\n"), 0)),
      "MalformedTrailerError",
    );
  });

  it("answers any bytes with content or one of its errors", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.match(
          codeOf(() => unchunk(Buffer.from(bytes), bytes.length)),
          /^(none|IncompleteBody|MalformedTrailerError)$/,
        );
      }),
    );
  });
});
