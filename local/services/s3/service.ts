/**
 * S3 on the file system: buckets are those of the graph, objects are files, and an upload is acknowledged when the object
 * is on disk. Operations, permissions and messages follow the S3 API reference.
 *
 * What differs from AWS: an ETag is always the MD5 of the content, also under SSE-KMS where AWS's is none; nobody is let in
 * without credentials; buckets are reached by path only.
 */
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
import { s3Binding } from "./binding";
import { Buckets, type OpenBucket } from "./buckets";
import { putDeclaredObjects } from "./declared-objects";
import { Expiry } from "./expiry";
import { configurationOperations } from "./operations/configurations";
import { deleteOperations } from "./operations/deletes";
import { listOperations } from "./operations/listings";
import { multipartOperations } from "./operations/multipart";
import { readOperations } from "./operations/reads";
import { taggingOperations } from "./operations/tagging";
import { writeOperations } from "./operations/writes";
import { readBuckets, type BucketSettings } from "./settings";
import { Bucket } from "./store/bucket";

export class S3Service implements Service {
  readonly signingName = "s3";
  readonly binding = s3Binding;
  readonly deniedCode = "AccessDenied";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #buckets: Buckets;
  readonly #put: Operation;
  readonly #expiry: Expiry;

  /** @throws StageError for a bucket that asks for what the stage does not do */
  static async open(context: ServiceContext): Promise<S3Service> {
    const { graph, facts, authorizer } = context;
    const settings = readBuckets(graph, facts);
    for (const { arn, policy, urn } of settings) {
      if (policy !== undefined) authorizer.addResourcePolicy(arn, policy, urn);
    }
    const opened: OpenBucket[] = [];
    try {
      for (const each of settings) opened.push({ settings: each, store: await openStore(each, context) });
      const service = new S3Service(context, new Buckets(facts, opened));
      const asOperator = { caller: authorizer.operator, requestId: "" };
      await putDeclaredObjects(graph, service.#buckets, service.#put, asOperator);
      await service.#expiry.begin();
      return service;
    } catch (error) {
      await Promise.all(opened.map(({ store }) => store.close()));
      throw error;
    }
  }

  private constructor(context: ServiceContext, buckets: Buckets) {
    this.#buckets = buckets;
    this.#expiry = new Expiry(buckets.all, context.clock);
    const writes = writeOperations(buckets, context);
    this.#put = writes.PutObject;
    this.operations = {
      ...listOperations(buckets),
      ...configurationOperations(buckets),
      ...readOperations(buckets),
      ...writes,
      ...deleteOperations(buckets, context),
      ...multipartOperations(buckets, context),
      ...taggingOperations(buckets),
    };
  }

  async close(): Promise<void> {
    await this.#expiry.end();
    await Promise.all(this.#buckets.all.map(({ store }) => store.close()));
  }
}

function openStore({ name, versioning }: BucketSettings, { folder, durable }: ServiceContext): Promise<Bucket> {
  return Bucket.open((part) => folder("s3", name, part), { versioning, ...durable });
}
