/** Opening in steps: in the end either all of it stands, or nothing of it is left open. */

interface Open {
  close(): Promise<void>;
}

/**
 * Opens one thing for each item, all at once.
 * @throws what the first of them failed for, in the order of the items, once those that did open are closed again
 */
export async function openAll<Item, Opened extends Open>(
  items: readonly Item[],
  open: (item: Item, index: number) => Promise<Opened>,
): Promise<Opened[]> {
  const attempts = await Promise.allSettled(items.map(async (item, index) => open(item, index)));
  const opened = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  const failed = attempts.find((attempt) => attempt.status === "rejected");
  if (failed === undefined) return opened;
  await Promise.all(opened.map((each) => each.close()));
  throw failed.reason;
}

/** Builds on what is open; when that fails, it is closed first, and the failure goes on. */
export async function buildOn<Opened extends Open, Built>(
  opened: Opened,
  build: (opened: Opened) => Promise<Built> | Built,
): Promise<Built> {
  try {
    return await build(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}
