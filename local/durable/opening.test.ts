/** Opening in steps, with things that note whether they are open. That services use it is seen in their own tests. */
import assert from "node:assert/strict";
import { buildOn, openAll } from "./opening";

class Door {
  static standing = 0;

  private constructor(readonly name: string) {}

  static async open(name: string): Promise<Door> {
    await new Promise(setImmediate);
    if (name.startsWith("locked")) throw new Error(`${name} stays shut`);
    Door.standing++;
    return new Door(name);
  }

  async close(): Promise<void> {
    Door.standing--;
  }
}

describe("Opening in steps", () => {
  beforeEach(() => void (Door.standing = 0));

  it("opens all, in their order", async () => {
    const doors = await openAll(["a", "b", "c"], (name) => Door.open(name));
    assert.deepEqual([doors.map(({ name }) => name), Door.standing], [["a", "b", "c"], 3]);
  });

  it("leaves none open when one refuses, and tells of the first that did", async () => {
    await assert.rejects(
      openAll(["a", "locked 1", "b", "locked 2"], (name) => Door.open(name)),
      /^Error: locked 1 stays shut$/,
    );
    assert.equal(Door.standing, 0);
  });

  it("leaves none open when one cannot even be tried", async () => {
    const open = (name: string): Promise<Door> => {
      if (name === "?") throw new Error("no name");
      return Door.open(name);
    };
    await assert.rejects(openAll(["a", "?", "b"], open), /no name/);
    assert.equal(Door.standing, 0);
  });

  it("closes what was to be built on when that fails, and leaves it open when it does not", async () => {
    const [door] = await openAll(["a"], (name) => Door.open(name));
    if (door === undefined) return assert.fail();
    assert.equal(await buildOn(door, ({ name }) => name), "a");
    assert.equal(Door.standing, 1);
    await assert.rejects(
      buildOn(door, async () => Promise.reject(new Error("no"))),
      /^Error: no$/,
    );
    assert.equal(Door.standing, 0);
  });
});
