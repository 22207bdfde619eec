/**
 * The permissions that operations need: on a table or an index by its ARN, and on the key of an encrypted table. Source:
 * service authorization reference, "Actions, resources, and condition keys for Amazon DynamoDB".
 */
import { keyChecks } from "../kms/checks";
import type { AccountFacts } from "../model";
import type { Check } from "../service";
import { groupBy } from "./grouping";
import type { ItemRead, ItemWrite, ReturnValues } from "./operations/item-request";
import type { PageRequest, QueryRequest } from "./operations/query-request";
import type { TableSet } from "./table/table-set";
import { attributeOf, type AttributeValue, type Item } from "./value/attribute-value";

/** What of a request a policy's conditions may ask for. */
interface Details {
  /** Items or keys, for the values of their partition keys. */
  readonly subjects?: readonly Item[];
  readonly attributes?: Iterable<string>;
  readonly returns?: ReturnValues;
  readonly select?: string;
  readonly enclosing?: string;
}

const WRITE_ACTIONS = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
} as const;

export class Permissions {
  constructor(
    private readonly tables: TableSet,
    private readonly facts: AccountFacts,
  ) {}

  /** Looking at a table as such. */
  describing(action: string, reference: string): readonly Check[] {
    return [{ action: `dynamodb:${action}`, resource: this.tables.arn(reference) }];
  }

  reading(action: string, reads: readonly ItemRead[], enclosing?: string): readonly Check[] {
    return this.#perTable(reads, (reference, own) =>
      this.#data(action, reference, {
        subjects: own.map(({ key }) => key),
        attributes: own.flatMap(({ attributes }) => [...attributes]),
        ...(enclosing && { enclosing }),
      }),
    );
  }

  writing(
    writes: readonly ItemWrite[],
    options: { action?: string; returns?: ReturnValues; enclosing?: string } = {},
  ): readonly Check[] {
    const { action, ...details } = options;
    const byAction = groupBy(writes, (write) => action ?? WRITE_ACTIONS[write.action]);
    return [...byAction].flatMap(([name, own]) =>
      this.#perTable(own, (reference, each) =>
        this.#data(name, reference, {
          ...details,
          subjects: each.map(({ subject }) => subject),
          attributes: each.flatMap(({ attributes }) => [...attributes]),
        }),
      ),
    );
  }

  /** Of a page of an index, permission on the index is asked, not on its table. */
  paging(action: "Query" | "Scan", request: PageRequest | QueryRequest): readonly Check[] {
    const { table, index, attributes, select } = request;
    return this.#data(
      action,
      table,
      { attributes, select, subjects: "condition" in request ? [equalsOf(request)] : [] },
      index,
    );
  }

  #data(action: string, reference: string, details: Details, index?: string): readonly Check[] {
    const arn = this.tables.arn(reference);
    const table = this.tables.find(reference);
    return [
      {
        action: `dynamodb:${action}`,
        resource: index === undefined ? arn : `${arn}/index/${index}`,
        context: this.#contextOf(reference, details, index),
      },
      ...keyChecks(table?.schema.keyArn, "dynamodb", this.facts, "kms:Decrypt"),
    ];
  }

  #contextOf(
    reference: string,
    details: Details,
    indexName: string | undefined,
  ): Record<string, string | readonly string[]> {
    const schema = this.tables.find(reference)?.schema;
    const index = schema?.indexes.find(({ name }) => name === indexName);
    const leading = (index?.key ?? schema?.key)?.partition.name;
    const { subjects = [], attributes = [], returns, select, enclosing } = details;
    return {
      "dynamodb:LeadingKeys": leading === undefined ? [] : leadingKeys(subjects, leading),
      "dynamodb:Attributes": [...new Set(attributes)],
      ...(returns && { "dynamodb:ReturnValues": returns }),
      ...(select && { "dynamodb:Select": select }),
      ...(enclosing && { "dynamodb:EnclosingOperation": enclosing }),
    };
  }

  #perTable<Request extends { readonly table: string }>(
    requests: readonly Request[],
    checksOf: (reference: string, own: readonly Request[]) => readonly Check[],
  ): readonly Check[] {
    return [...groupBy(requests, ({ table }) => table)].flatMap(([reference, own]) => checksOf(reference, own));
  }
}

/** The attributes that a query fixes, as a key. */
function equalsOf({ condition }: QueryRequest): Item {
  return Object.fromEntries(
    [...condition].flatMap(([name, test]): [string, AttributeValue][] =>
      test.kind === "compare" ? [[name, test.value]] : [],
    ),
  );
}

function leadingKeys(subjects: readonly Item[], name: string): readonly string[] {
  return subjects.flatMap((subject) => {
    const value = attributeOf(subject, name);
    return value === undefined ? [] : Object.values(value).map(String);
  });
}
