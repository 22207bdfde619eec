/**
 * What the log keeps in memory: the newest records, within its bound. Not proven here: what a buffer costs beside its bytes.
 */
import assert from "node:assert/strict";
import { writeFrame } from "./frame";
import { Tail } from "./tail";

const ONE = { maxEntries: 1, maxBytes: 1 };

/** The frame of a record of 88 bytes: 100 bytes. */
function frameOf(index: number): Buffer {
  const frame = Buffer.alloc(100);
  writeFrame(frame, 0, index, Buffer.alloc(88, index));
  return frame;
}

describe("Tail", () => {
  it("keeps as many bytes as it may, and forgets the oldest for the newest", () => {
    const tail = new Tail(350);
    for (let index = 0; index < 10; index += 1) {
      tail.keep(index, frameOf(index));
      const kept = [...Array(index + 1).keys()].filter((from) => tail.read(from, ONE)?.[0]?.index === from);
      assert.deepEqual(
        kept,
        [index - 2, index - 1, index].filter((kept) => kept >= 0),
      );
      assert.equal(tail.read(index - 3, ONE), undefined);
    }
  });

  it("reads across commits, within the limits", () => {
    const tail = new Tail(1000);
    for (let index = 0; index < 10; index += 1) tail.keep(index, frameOf(index));
    const read = (maxEntries: number, maxBytes: number) =>
      tail
        .read(2, { maxEntries, maxBytes })
        ?.map(({ index }) => index)
        .join();
    assert.equal(read(100, 10_000), "2,3,4,5,6,7,8,9");
    assert.equal(read(3, 10_000), "2,3,4");
    assert.equal(read(100, 2 * 88), "2,3");
    assert.equal(read(100, 2 * 88 - 1), "2");
  });

  it("is empty after a commit larger than its bound", () => {
    const tail = new Tail(150);
    tail.keep(0, frameOf(0));
    tail.keep(1, Buffer.concat([frameOf(1), frameOf(2)]));
    assert.deepEqual(
      [0, 1, 2].map((from) => tail.read(from, ONE)),
      [undefined, undefined, undefined],
    );
    tail.keep(3, frameOf(3));
    assert.equal(tail.read(2, ONE), undefined);
    assert.equal(tail.read(3, ONE)?.length, 1);
  });
});
