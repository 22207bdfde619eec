/** Reads the raw archive back, as any client of S3 would, and sorts every record into what it was. */
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { readBeacon } from "../../functions/lib/beacon";
import { placeOf } from "./tally";

/** How the records of one site and hour ended. */
export interface ArchiveCounts {
  stored: number;
  duplicates: number;
  corrupt: number;
  filtered: number;
}

/** Counts by place: see placeOf. */
export type Archive = ReadonlyMap<string, ArchiveCounts>;

export async function readArchive(s3: S3Client, bucket: string): Promise<Archive> {
  const archive = new Map<string, ArchiveCounts>();
  const seen = new Set<string>();
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    for (const { Key = "" } of page.Contents ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const lines = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array())
        .toString("utf8")
        .split("\n");
      for (const line of lines) if (line !== "") countLine(line, archive, seen);
    }
  }
  return archive;
}

function countLine(line: string, archive: Map<string, ArchiveCounts>, seen: Set<string>): void {
  const outcome = readBeacon(line);
  const count = (site: string, time: number, as: keyof ArchiveCounts): void => {
    const place = placeOf(site, time);
    const counts = archive.get(place) ?? { stored: 0, duplicates: 0, corrupt: 0, filtered: 0 };
    counts[as]++;
    archive.set(place, counts);
  };
  switch (outcome.kind) {
    case "rejected":
      return count("", 0, "corrupt");
    case "ignored":
      return count("", 0, "filtered");
    case "accepted": {
      const { site, action, id } = outcome.value;
      const identity = JSON.stringify([site, action, id]);
      const isAgain = id !== undefined && seen.has(identity);
      seen.add(identity);
      return count(site, (JSON.parse(line) as { time: number }).time, isAgain ? "duplicates" : "stored");
    }
  }
}

export function totalOf(archive: Archive): ArchiveCounts {
  const total = { stored: 0, duplicates: 0, corrupt: 0, filtered: 0 };
  for (const count of archive.values()) {
    total.stored += count.stored;
    total.duplicates += count.duplicates;
    total.corrupt += count.corrupt;
    total.filtered += count.filtered;
  }
  return total;
}
