/**
 * The newest objects of a bucket whose keys are partitioned by time, without listing it all: from folder to folder, the
 * last one first, within a budget of requests.
 */
import type { Operator } from "./operator";

export interface ListedObject {
  readonly Key: string;
  readonly Size: number;
  readonly LastModified: Date;
}

interface Listed {
  readonly Contents?: readonly ListedObject[];
  readonly CommonPrefixes?: readonly { readonly Prefix: string }[];
  readonly IsTruncated?: boolean;
  readonly NextContinuationToken?: string;
}

/** Requests for one look at a bucket. */
const MOST_REQUESTS = 60;

export async function findNewestObjects(
  call: Operator,
  bucket: string,
  count: number,
  prefix = "",
): Promise<ListedObject[]> {
  let requests = 0;
  const list = async (under: string, token?: string): Promise<Listed> => {
    requests++;
    return call<Listed>("s3", "ListObjectsV2", {
      Bucket: bucket,
      Prefix: under,
      Delimiter: "/",
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
  };
  const walk = async (under: string): Promise<ListedObject[]> => {
    const found: ListedObject[] = [];
    const folders: string[] = [];
    let token: string | undefined;
    do {
      const page: Listed = await list(under, token);
      found.push(...(page.Contents ?? []));
      folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      token = page.NextContinuationToken;
    } while (token !== undefined && requests < MOST_REQUESTS);
    // Folders of time end in the newest; folders of any other kind are all looked at.
    const byTime = folders.every((folder) => /\/?(year|month|day|hour)=\d+\/$/.test(folder));
    for (const folder of folders.reverse()) {
      if (requests >= MOST_REQUESTS || (byTime && found.length >= count)) break;
      found.push(...(await walk(folder)));
    }
    return newestOf(found, count);
  };
  return walk(prefix);
}

function newestOf(objects: readonly ListedObject[], count: number): ListedObject[] {
  return [...objects].sort((a, b) => b.LastModified.getTime() - a.LastModified.getTime()).slice(0, count);
}
