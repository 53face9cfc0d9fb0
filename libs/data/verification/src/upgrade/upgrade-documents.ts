import { randomUUID } from 'node:crypto';
import { labelledResource, resourceLabel } from '@dms/api-schema';
import { type Connection, type Limits, rowsOf } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import {
  type DocumentStore,
  documentPlans,
  type GeneratedDocument,
  generateDocuments,
  insertDescriptors,
  openDocuments,
  writeOrder,
} from '@dms/documents';
import { core, coreSchema, fittingCopies, modelIndex, qualified, type RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { dialectOf } from '@dms/sql';
import { type ComparedSet, type Renaming, renamedDocument } from '@dms/upgrade';
import { canonicalText, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import { BehaviourSession } from '../behaviour/behaviour-session.ts';
import { WorldValues } from '../behaviour/column-values.ts';
import { cacheInsert, recordable } from '../behaviour/core-tables.ts';
import { DocumentRows } from '../behaviour/document-rows.ts';
import { Failures } from '../behaviour/failures.ts';
import { WorldKeys } from '../behaviour/keys.ts';
import { buildWorld, type SkippedTable } from '../behaviour/world.ts';
import { descriptorRows, writeInRounds } from '../documents/document-round-trips.ts';
import { generations } from '../generations.ts';

const { sql, literal } = dialectOf.pgsql;

/** A document as it was read. */
export interface ReadDocument {
  readonly resource: string;
  readonly document: JsonObject;
}

/** The seed of the generated documents, which are the same in every run. */
const seed = 20_260_102;
/** The number of documents that are written or read at once. */
const batchSize = 100;

/** The documents of a database through the plans of one schema set. */
export class DocumentsOfSet {
  private readonly connection: Connection;
  private readonly set: ComparedSet;
  private readonly store: DocumentStore;

  constructor(connection: Connection, set: ComparedSet) {
    this.connection = connection;
    this.set = set;
    this.store = openDocuments(connection, documentPlans(compileMappingSet(set.model), set.inventory));
  }

  /**
   * Writes generated documents of every resource; a document that refers to documents of a later resource waits for the
   * next round. Throws the diagnostics if a document is refused for any other reason.
   */
  async write(random: number): Promise<void> {
    const { descriptors, documents } = generateDocuments(this.set.model, seed, { random });
    const rows = descriptorRows(descriptors).map((row) => ({ ...row, uuid: randomUUID() }));
    await insertDescriptors(this.connection, this.store.plans, rows);
    const order = writeOrder(this.set.model);
    const [left] = await writeInRounds(
      order,
      documents,
      ({ resource }) => resource,
      async (resource, own) => {
        const later: GeneratedDocument[] = [];
        for (const batch of chunk(own, batchSize)) {
          const outcomes = await this.store.upsertBatch(labelledResource(resource), batch);
          for (const [index, generated] of batch.entries()) {
            const outcome = outcomes[index];
            if (outcome?.kind !== 'rejected') continue;
            if (outcome.diagnostics[0].code !== 'DOCUMENT_REFERENCE_UNRESOLVED')
              throw new DmsError(outcome.diagnostics);
            later.push(generated);
          }
        }
        return later;
      },
    );
    if (left) throw new Error(`no document is written before ${left.resource}`);
  }

  /** All documents except descriptors, by uuid. */
  async readAll(): Promise<ReadonlyMap<string, ReadDocument>> {
    const relational = new Set(this.store.plans.labels);
    const keys = this.set.info.resourceKeys.filter((key) => relational.has(resourceLabel(key)));
    const found = new Map<string, ReadDocument>();
    for (const key of keys) {
      const rows = await rowsOf<{ uuid: string }>(
        this.connection,
        // in a set without descriptors, the descriptor of the world has the key of another resource
        sql`SELECT d."DocumentUuid"::text AS uuid FROM ${core.document} AS d WHERE d."ResourceKeyId" = ${literal(key.id)} AND NOT EXISTS (SELECT 1 FROM ${core.descriptor} AS s WHERE s."DocumentId" = d."DocumentId") ORDER BY d."DocumentId"`,
      );
      const uuids = rows.map(({ uuid }) => uuid);
      for (const batch of chunk(uuids, batchSize)) {
        for (const { uuid, document } of await this.store.read(batch))
          found.set(uuid, { resource: resourceLabel(key), document });
      }
    }
    return found;
  }
}

/** The facts of a document that must not change, besides the name of its resource: UUID, versions and times. */
interface DocumentFacts {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly uuid: string;
  readonly text: string;
}

/** The facts of documents that must not change, by document id. */
export async function documentFacts(connection: Connection): Promise<ReadonlyMap<string, DocumentFacts>> {
  const rows = await rowsOf<{ id: string; resource: string; uuid: string; text: string }>(
    connection,
    sql`SELECT d."DocumentId"::text AS id, d."DocumentUuid"::text AS uuid, k."ProjectName" || ':' || k."ResourceName" AS resource, concat_ws(' ', d."DocumentUuid", d."ContentVersion",
  d."IdentityVersion", d."ContentLastModifiedAt", d."IdentityLastModifiedAt", d."CreatedAt") AS text
FROM ${core.document} AS d INNER JOIN ${core.resourceKey} AS k ON k."ResourceKeyId" = d."ResourceKeyId"`,
  );
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

type Documents = ReadonlyMap<string, ReadDocument>;

/**
 * Documents of the resources that both sets have, reduced to the paths that both sets have, as texts by UUID. They use
 * the names of the later set.
 */
export function commonDocuments(
  { earlier, later }: { readonly earlier: Documents; readonly later: Documents },
  before: ComparedSet,
  after: ComparedSet,
  renaming: Renaming,
): { readonly earlier: ReadonlyMap<string, string>; readonly later: ReadonlyMap<string, string> } {
  const left = new Map(
    [...valuePaths(before.model)].map(([resource, paths]) => [
      renaming.resource(resource),
      new Set([...paths].map((path) => renaming.path(resource, path))),
    ]),
  );
  const right = valuePaths(after.model);
  const textOf = (resource: string, document: JsonObject): string | undefined => {
    const then = left.get(resource);
    const now = right.get(resource);
    if (!then || !now) return undefined;
    const common = pruned(document, (path) => then.has(path) && now.has(path));
    return `${resource} ${canonicalText(common ?? new Map())}`;
  };
  const texts = (documents: Documents, of: (document: ReadDocument) => string | undefined) =>
    new Map(
      [...documents].flatMap(([uuid, document]): [string, string][] => {
        const text = of(document);
        return text === undefined ? [] : [[uuid, text]];
      }),
    );
  return {
    earlier: texts(earlier, ({ resource, document }) =>
      textOf(renaming.resource(resource), renamedDocument(renaming, resource, document)),
    ),
    later: texts(later, ({ resource, document }) => textOf(resource, document)),
  };
}

/** Paths of the values that documents of each resource can have. */
function valuePaths({ resources }: RelationalModelSet): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    resources.map(({ resourceKey, tablesInDependencyOrder }) => [
      resourceLabel(resourceKey),
      new Set(
        tablesInDependencyOrder.flatMap(({ columns }) =>
          columns.flatMap(({ kind, sourcePath }) =>
            sourcePath && kind !== 'DocumentFk' ? [sourcePath.canonical] : [],
          ),
        ),
      ),
    ]),
  );
}

/** A document reduced to the values at some paths; empty objects and arrays are left out. */
function pruned(value: JsonValue, keeps: (path: string) => boolean, path = '$'): JsonValue | undefined {
  if (isJsonArray(value)) {
    const elements = value.flatMap((element) => pruned(element, keeps, `${path}[*]`) ?? []);
    return elements.length === 0 ? undefined : elements;
  }
  if (isJsonObject(value)) {
    const members = [...value].flatMap(([name, member]): [string, JsonValue][] => {
      const left = pruned(member, keeps, `${path}.${name}`);
      return left === undefined ? [] : [[name, left]];
    });
    return members.length === 0 ? undefined : new Map(members);
  }
  return keeps(path) ? value : undefined;
}

/** Values of the world start here, far from the numbers of generated documents. */
const worldNumbers = 1_000_000;

interface FilledDatabase {
  /** Tables that cannot have a row, because the row and its targets require each other. */
  readonly skipped: readonly SkippedTable[];
  /** Errors in the database of the earlier set: refused rows, tables without rows. */
  readonly findings: readonly string[];
}

/**
 * Fills a database with only generated documents of every resource, for a translation: rows that are inserted into
 * tables are not documents that it could translate.
 */
export async function fillWithDocuments(
  connection: Connection,
  before: ComparedSet,
  random: number,
): Promise<FilledDatabase> {
  await new DocumentsOfSet(connection, before).write(random);
  return { skipped: [], findings: [] };
}

/**
 * Fills a database that was provisioned for `before`, so that every table has rows: with the world of design 09b §2.3,
 * one document of every resource and one row in every table below it, without optional values; with generated
 * documents; and with a document in the cache.
 */
export async function fillDatabase(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  { random, limits, renaming }: { readonly random: number; readonly limits: Limits; readonly renaming?: Renaming },
): Promise<FilledDatabase> {
  if (before.model.resources.length === 0) return { skipped: [], findings: [] };
  const failures = new Failures();
  const session = new BehaviourSession(connection, limits);
  const documents = new DocumentRows(session);
  const generation = generations[before.info.relationalMappingVersion];
  const coreRows = recordable(generation.resources.rows, before.inventory);
  const input = { ...before, model: fittingCopies(before.model).model };
  const context = { session, documents, input, failures, coreRows, keys: WorldKeys.of(input) };
  // if the shared descriptor belonged to a removed resource, every document that uses it would be lost
  const kept = new Set(after.info.resourceKeys.map((key) => resourceLabel(key)));
  await connection.begin();
  for (const text of generation.fillingStatements(session)) await session.change(text);
  const { documents: made, skipped } = await buildWorld(context, {
    values: new WorldValues(worldNumbers),
    isDescriptor: (resource) => kept.has(renaming?.resource(resourceLabel(resource)) ?? resourceLabel(resource)),
  });
  const [first] = made;
  if (first) await session.change(cacheInsert(session, coreRows, first.documentId, '{}'));
  await connection.commit();
  const refused = failures.list.map(({ object, expected, found }) => `${object}: ${found} instead of ${expected}`);
  if (refused.length > 0) return { skipped, findings: refused };
  await new DocumentsOfSet(connection, before).write(random);
  // rows in these tables imply rows in identity tables and in the hierarchy
  const tables = [
    ...before.catalog.tables.filter(({ schema }) => schema === coreSchema && made.length > 0),
    ...modelIndex(before.model).tables.map(({ table }) => table.table),
  ];
  const counts = await session.counts(tables);
  const empty = tables.filter((_, index) => counts[index] === 0).map(qualified);
  const reasons = new Map(skipped.map((each) => [each.table, each]));
  return {
    skipped: empty.flatMap((name) => reasons.get(name) ?? []),
    findings: empty.flatMap((name) => (reasons.has(name) ? [] : [`${name} has no rows`])),
  };
}
