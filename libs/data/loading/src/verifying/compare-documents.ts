import { labelledResource } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { type Diagnostic, diagnostic, mostShown } from '@dms/diagnostics';
import {
  checkDocument,
  type DocumentPlans,
  descriptorUri,
  lowerCased,
  openDocuments,
  storedDocuments,
} from '@dms/documents';
import { modelIndex } from '@dms/model';
import { canonicalText, isJsonArray, type JsonObject, type JsonValue } from '@dms/values';

/** A document that a database should have. */
interface ExpectedDocument {
  readonly uuid: string | null;
  readonly document: JsonObject;
}

/** The result of a comparison. */
export interface DocumentComparison {
  readonly documents: number;
  /** The number of documents that differ or are missing. */
  readonly different: number;
  /** The first differences. */
  readonly differences: readonly Diagnostic[];
}

/** How many documents to read together. */
const pageSize = 500;

/** Compares documents with those of a database, by their values as the database holds them. */
export class DocumentsInDatabase {
  private readonly connection: Connection;
  private readonly plans: DocumentPlans;
  private documents = 0;
  private different = 0;
  private readonly differences: Diagnostic[] = [];

  constructor(connection: Connection, plans: DocumentPlans) {
    this.connection = connection;
    this.plans = plans;
  }

  private differs(resource: string, name: string, text: string): void {
    this.different += 1;
    if (this.differences.length < mostShown)
      this.differences.push(
        diagnostic('LOAD_DIFFERS', `${resource} ${name} ${text}.`, { resource }, { resource, document: name }),
      );
  }

  /** The values of a document, in the form in which a database holds them; the document itself if it fits no table. */
  private heldValues(resource: string, document: JsonObject): string {
    const { document: checked } = checkDocument(this.plans, labelledResource(resource), document);
    if (!checked) return canonicalText(kept(document) ?? null);
    return JSON.stringify(
      checked.rows.map((rows) =>
        rows.map(({ ordinals, values, descriptors, references }) => [
          ordinals,
          values.map((value, index) => (descriptors[index] === undefined ? (value ?? null) : null)),
          descriptors.map((each) => each ?? null),
          references.map((each) => each ?? null),
        ]),
      ),
    );
  }

  private async comparePage(resource: string, page: readonly ExpectedDocument[]): Promise<void> {
    const store = openDocuments(this.connection, this.plans);
    const identified = page.flatMap(({ uuid, document }) =>
      uuid === null ? [] : [{ uuid: uuid.toLowerCase(), document }],
    );
    const found = await store.read(
      identified.map(({ uuid }) => uuid),
      { onUnreadable: () => undefined },
    );
    const byUuid = new Map(found.map((each) => [each.uuid.toLowerCase(), each]));
    for (const { uuid, document } of identified) {
      this.documents += 1;
      const own = byUuid.get(uuid);
      if (own === undefined || own.resource !== resource) this.differs(resource, uuid, 'is not in the database');
      else if (this.heldValues(resource, own.document) !== this.heldValues(resource, document))
        this.differs(resource, uuid, 'differs from the document that was written');
    }
  }

  /** Compares the documents of a resource; those without a uuid are not compared. */
  async compare(resource: string, expected: Iterable<ExpectedDocument>): Promise<void> {
    const model = modelIndex(this.plans.mappingSet.model).resources.get(resource);
    if (!model) return;
    if (model.storageKind === 'SharedDescriptorTable') {
      const name = (document: JsonObject) =>
        lowerCased(
          descriptorUri({
            namespace: String(document.get('namespace')).trim(),
            codeValue: String(document.get('codeValue')).trim(),
          }),
        );
      const stored = new Set<string>();
      for await (const page of storedDocuments(this.connection, this.plans, model, { onUnreadable: () => undefined }))
        for (const { document } of page) stored.add(name(document));
      for (const { document } of expected) {
        this.documents += 1;
        if (!stored.has(name(document))) this.differs(resource, name(document), 'is not in the database');
      }
      return;
    }
    let page: ExpectedDocument[] = [];
    for (const each of expected) {
      page.push(each);
      if (page.length < pageSize) continue;
      await this.comparePage(resource, page);
      page = [];
    }
    await this.comparePage(resource, page);
  }

  result(): DocumentComparison {
    return { documents: this.documents, different: this.different, differences: this.differences };
  }
}

/** A document without the values that a database does not keep: null, and empty objects and arrays. */
function kept(value: JsonValue): JsonValue | undefined {
  if (value === null) return undefined;
  if (isJsonArray(value)) {
    const items = value.flatMap((item) => kept(item) ?? []);
    return items.length === 0 ? undefined : items;
  }
  if (!(value instanceof Map)) return value;
  const members = [...value].flatMap(([name, member]) => {
    const own = kept(member);
    return own === undefined ? [] : [[name, own] as const];
  });
  return members.length === 0 ? undefined : new Map(members);
}
