/**
 * The folder a stage keeps its data in: whose it is, who may use it, and what its names look like.
 * Not proven here: machines without /proc (there a process is known by its number alone), network file systems, and
 * that a process which slept through two changes of the holder gives way (it looks again after it made its lock file).
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { DATA_FORMAT, DataFolder, fileNameOf } from "./data-folder";
import { DataFolderError } from "./durable-error";
import { isRunning, ownIdentity, parseIdentity, printIdentity } from "./process-identity";
import { inScratchFolder } from "./testing/scratch-folder";

const noNotice = { onNotice: (line: string) => assert.fail(line) };

/** The one lock file there is, by its path. */
async function lockFileOf(folder: string): Promise<string> {
  const names = await readdir(join(folder, "lock"));
  assert.equal(names.length, 1, names.join());
  return join(folder, "lock", names[0] ?? "");
}

describe("DataFolder", () => {
  it("is created with its mark, deep down too, and opened again", async () => {
    await inScratchFolder(async (base) => {
      const path = join(base, "deep", "down");
      const data = await DataFolder.open(path, noNotice);
      assert.equal(await readFile(join(path, "VERSION"), "utf8"), `clickstream data format ${DATA_FORMAT}\n`);
      await mkdir(data.subfolder("kinesis"), { recursive: true });
      await data.close();
      await data.close();
      await (await DataFolder.open(path, noNotice)).close();
    });
  });

  it("refuses a folder that holds other things, and leaves it as it is", async () => {
    await inScratchFolder(async (folder) => {
      await writeFile(join(folder, "thesis.txt"), "the only copy");
      const message = `${folder}: not empty, and not a data folder of this program (it has no VERSION file); use an empty or a new folder`;
      await assert.rejects(DataFolder.open(folder, noNotice), { name: "DataFolderError", message });
      await writeFile(join(folder, "VERSION"), "2.0.1\n");
      await assert.rejects(
        DataFolder.open(folder, noNotice),
        /VERSION: not the mark of a data folder \(got "2.0.1\\n", expected "clickstream data format 1"\)/,
      );
      assert.deepEqual(await readdir(folder), ["VERSION", "thesis.txt"]);
    });
  });

  it("refuses a folder of another format, and leaves it as it is", async () => {
    await inScratchFolder(async (folder) => {
      for (const format of [0, DATA_FORMAT + 1]) {
        await writeFile(join(folder, "VERSION"), `clickstream data format ${format}\n`);
        await assert.rejects(DataFolder.open(folder, noNotice), {
          name: "DataFolderError",
          message: `${folder}: written in data format ${format}, this program reads format 1; use the program that wrote it, or another folder`,
        });
        assert.deepEqual(await readdir(folder), ["VERSION"]);
      }
    });
  });

  it("refuses a folder it cannot write to", async () => {
    await inScratchFolder(async (folder) => {
      await chmod(folder, 0o555);
      const superuser = process.geteuid?.() === 0; // whom no permission stops: be somebody else meanwhile
      if (superuser) process.seteuid?.(65534);
      try {
        const message = `${folder}: cannot be used as the data folder: permission denied (EACCES); make it writable, or use another folder`;
        await assert.rejects(DataFolder.open(folder, noNotice), { name: "DataFolderError", message });
      } finally {
        if (superuser) process.seteuid?.(0);
        await chmod(folder, 0o755);
      }
    });
  });

  it("refuses a path that is a file", async () => {
    await inScratchFolder(async (folder) => {
      const path = join(folder, "file");
      await writeFile(path, "");
      await assert.rejects(DataFolder.open(path, noNotice), /a file of that name is in the way \(EEXIST\)/);
    });
  });

  it("lets go of the lock when it cannot mark the folder", async () => {
    await inScratchFolder(async (folder) => {
      await mkdir(join(folder, "VERSION.tmp"));
      await assert.rejects(DataFolder.open(folder, noNotice), /cannot be used as the data folder: EISDIR/);
      await rm(join(folder, "VERSION.tmp"), { recursive: true });
      await (await DataFolder.open(folder, noNotice)).close();
    });
  });

  it("opens a folder that was left before it was marked", async () => {
    await inScratchFolder(async (folder) => {
      await mkdir(join(folder, "lock"));
      await writeFile(join(folder, "VERSION.tmp"), "clickst");
      await (await DataFolder.open(folder, noNotice)).close();
      assert.deepEqual((await readdir(folder)).sort(), ["VERSION", "lock"]);
    });
  });
});

describe("the lock of a data folder", () => {
  it("lets one holder in, then the next", async () => {
    await inScratchFolder(async (folder) => {
      const data = await DataFolder.open(folder, noNotice);
      const message = `${folder}: in use by process ${process.pid}; one process at a time: stop it, or use another folder`;
      await assert.rejects(DataFolder.open(folder, noNotice), { name: "DataFolderError", message });
      await data.close();
      const next = await DataFolder.open(folder, noNotice);
      await assert.rejects(DataFolder.open(folder, noNotice), DataFolderError);
      await next.close();
    });
  });

  it("refuses while another process holds it, and is taken over from a killed one, which is said once", async function () {
    this.timeout(0);
    await inScratchFolder(async (folder) => {
      const program = `
        require("ts-node/register/transpile-only");
        require(${JSON.stringify(join(__dirname, "data-folder.ts"))})
          .DataFolder.open(${JSON.stringify(folder)}).then(() => console.log("open"));
        setInterval(() => {}, 1000);`;
      const holder = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
      try {
        await once(holder.stdout, "data");
        await assert.rejects(DataFolder.open(folder, noNotice), new RegExp(`in use by process ${holder.pid};`));
      } finally {
        holder.kill("SIGKILL");
        await once(holder, "close");
      }
      const notices: string[] = [];
      const data = await DataFolder.open(folder, { onNotice: (line) => notices.push(line) });
      assert.deepEqual(notices, [`${folder}: taken over from process ${holder.pid}, which ended without a goodbye`]);
      await data.close();
      await (await DataFolder.open(folder, noNotice)).close();
    });
  });

  it("is taken over from a dead process whose number another process has now", async () => {
    await inScratchFolder(async (folder) => {
      await (await DataFolder.open(folder, noNotice)).close();
      const reused = { ...ownIdentity(), started: "1 in boot 00000000-0000-0000-0000-000000000000" };
      await writeFile(await lockFileOf(folder), printIdentity(reused));
      const notices: string[] = [];
      await (await DataFolder.open(folder, { onNotice: (line) => notices.push(line) })).close();
      assert.equal(notices.length, 1);
    });
  });

  it("is left alone when its holder cannot be asked or is not named", async () => {
    await inScratchFolder(async (folder) => {
      await (await DataFolder.open(folder, noNotice)).close();
      const path = await lockFileOf(folder);
      await writeFile(path, printIdentity({ ...ownIdentity(), host: "elsewhere" }));
      const message = `${folder}: in use by process ${process.pid} of machine elsewhere, which cannot be asked from here; when it no longer uses the folder, remove ${path}`;
      await assert.rejects(DataFolder.open(folder, noNotice), { name: "DataFolderError", message });
      await writeFile(path, "garbage");
      await assert.rejects(
        DataFolder.open(folder, noNotice),
        /says nothing about who holds the folder; when no process/,
      );
      await rm(path);
      await (await DataFolder.open(folder, noNotice)).close();
    });
  });

  it("is got by exactly one of many who find a dead holder at the same time", async () => {
    await inScratchFolder(async (folder) => {
      for (let round = 0; round < 20; round += 1) {
        const before = await DataFolder.open(folder, { onNotice: () => {} });
        await before.close();
        const dead = { ...ownIdentity(), started: "1 in boot of yesterday" };
        await writeFile(await lockFileOf(folder), printIdentity(dead));

        const attempts = Array.from({ length: 12 }, () => DataFolder.open(folder, { onNotice: () => {} }));
        const results = await Promise.allSettled(attempts);
        const won = results.filter((result) => result.status === "fulfilled");
        assert.equal(won.length, 1);
        for (const result of results) {
          if (result.status === "rejected") assert.match(String(result.reason), /in use by process/);
        }
        await won[0]?.value.close();
      }
    });
  });

  it("is not held by a zombie, whatever its parent does about it", async function () {
    if (!existsSync("/proc/self/stat")) {
      process.stderr.write("no /proc here: zombies cannot be told from running processes\n");
      this.skip();
    }
    // a shell that becomes `sleep`, which never asks how the child of the shell ended
    const parent = spawn("sh", ["-c", "sleep 1000 & echo $!; exec sleep 1000"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = Number(((await once(parent.stdout, "data")) as [Buffer])[0].toString());
    try {
      while ((await readFile(`/proc/${parent.pid}/comm`, "utf8")) !== "sleep\n") await new Promise(setImmediate);
      const fieldsOf = async () => (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
      const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
      const child = { ...ownIdentity(), pid, started: `${(await fieldsOf())[19]} in boot ${boot}` };
      assert.equal(isRunning(child), true);
      process.kill(pid, "SIGKILL");
      while ((await fieldsOf())[0] !== "Z") await new Promise(setImmediate);
      assert.equal(isRunning(child), false);
    } finally {
      process.kill(pid, "SIGKILL");
      parent.kill("SIGKILL");
      await once(parent, "close");
    }
  });

  it("knows a running process by its start, not by its number alone", () => {
    const own = ownIdentity();
    assert.equal(isRunning(own), true);
    assert.equal(isRunning({ ...own, host: `${own.host}-other` }), "unknown");
    assert.equal(isRunning({ ...own, started: "" }), true);
    assert.equal(isRunning({ ...own, pid: 2 ** 30, started: "" }), false);
    assert.equal(isRunning({ ...own, pid: 2 ** 30 }), false);
    assert.equal(isRunning({ ...own, started: "0 in boot x" }), own.started === "" ? true : false);
    assert.deepEqual(parseIdentity(printIdentity(own)), own);
    assert.deepEqual(parseIdentity(printIdentity({ ...own, started: "" })), { ...own, started: "" });
    assert.equal(parseIdentity("pid 1"), undefined);
  });
});

describe("a subfolder of a data folder", () => {
  it("stands in the state folder under readable names", async () => {
    await inScratchFolder(async (folder) => {
      const data = await DataFolder.open(folder, noNotice);
      assert.equal(
        data.subfolder("sqs", "alerts-dead_letter.fifo"),
        join(folder, "state", "sqs", "alerts-dead_letter.fifo"),
      );
      assert.equal(data.subfolder("ssm", "/site/Key ü"), join(folder, "state", "ssm", "%2Fsite%2F%4Bey%20%C3%BC"));
      assert.equal(data.subfolder("a", "..", "."), join(folder, "state", "a", "%2E%2E", "%2E"));
      assert.throws(() => data.subfolder("a", ""), /needs a name, got an empty one/);
      await data.close();
    });
  });

  it("has a safe name of its own for every resource name, on file systems that ignore case too", () => {
    const name = fc.oneof(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ minLength: 1, maxLength: 2000 }));
    fc.assert(
      fc.property(name, name, (a, b) => {
        const file = fileNameOf(a);
        assert.match(file, /^(?!\.)[a-z0-9._%A-F~-]{1,240}(?<!\.)$/);
        if (a !== b) assert.notEqual(file.toLowerCase(), fileNameOf(b).toLowerCase());
        if (!file.includes("~")) assert.equal(decodeURIComponent(file), a);
      }),
      {
        numRuns: 1000,
        examples: [
          ["Raw", "raw"],
          ["a.", "a"],
          ["%41", "A"],
          ["x".repeat(241), "x".repeat(242)],
        ],
      },
    );
  });
});
