import { type Connection, rowsOf, run } from '@dms/databases';
import { recordedValues } from '@dms/ddl';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { TrackedChangeTable } from '@dms/inventory';
import { core, modelIndex, mustExist, qualified } from '@dms/model';
import { dialectOf, join } from '@dms/sql';
import type { TranslatedDocuments } from '@dms/translation';
import { chunk } from 'es-toolkit/array';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import type { RemovedDocument } from './removed-documents.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';
import { hasOtherIdentity } from './write-documents.ts';

/*
 * The changes that the second generation records of documents that a translation removes or gives another identity
 * (design 12a §6). The rows are written with their earlier values before anything changes, as the triggers of the
 * earlier set would write them; the plan carries them along like all other rows. Their later values are written at the
 * end.
 */

/** How many documents are recorded together. */
const mostIds = 1_000;

/** The tables that record the changes of a resource in both sets. */
interface TrackedPair {
  readonly before: TrackedChangeTable;
  readonly after: TrackedChangeTable;
}

/** The uuids of the documents of a resource whose changes by a translation are recorded. */
interface ChangedDocuments {
  readonly removed: string[];
  readonly moved: string[];
}

/** The changes of a run that are recorded. */
export class RecordedChanges {
  private readonly connection: Connection;
  private readonly pairs: ReadonlyMap<string, TrackedPair>;
  private readonly changed: ReadonlyMap<string, ChangedDocuments>;
  /** The versions of the rows that were written before the first change. */
  private versions = { first: '0', last: '0' };

  private constructor(
    connection: Connection,
    pairs: ReadonlyMap<string, TrackedPair>,
    changed: ReadonlyMap<string, ChangedDocuments>,
  ) {
    this.connection = connection;
    this.pairs = pairs;
    this.changed = changed;
  }

  /**
   * Records the changes that a translation will make, while the database still has the earlier set; null if it records
   * none.
   */
  static async begin(
    connection: Connection,
    { before, after, plan }: { readonly before: ComparedSet; readonly after: ComparedSet; readonly plan: UpgradePlan },
    translation: UpgradeTranslation,
    { translated, removed }: { readonly translated: TranslatedDocuments; readonly removed: readonly RemovedDocument[] },
  ): Promise<RecordedChanges | null> {
    if (before.inventory.trackedChangeTables.length === 0) return null;
    const tracked = trackedByResource(before);
    const later = trackedByResource(after);
    const changed = new Map<string, ChangedDocuments>();
    const of = (label: string) => {
      const own = changed.get(label) ?? { removed: [], moved: [] };
      if (later.has(plan.renaming.resource(label)) && tracked.has(label)) changed.set(label, own);
      return own;
    };
    for (const each of removed) of(each.resource).removed.push(each.uuid);
    for (const each of movedDocuments(translation, translated)) of(each.resource).moved.push(each.uuid);
    const changes = new RecordedChanges(connection, trackedPairs(tracked, later, plan), changed);
    await changes.write();
    return changes;
  }

  private *recorded(): Generator<ChangedDocuments & TrackedPair> {
    for (const [label, documents] of this.changed) {
      const pair = this.pairs.get(label);
      if (pair) yield { ...documents, ...pair };
    }
  }

  private async takeVersion(): Promise<string> {
    const { sql, text, next } = dialectOf[this.connection.dialect];
    const version = text(next(core.changeVersionSequence), 'bigint');
    const [row] = await rowsOf<{ n: string }>(this.connection, sql`SELECT ${version} AS n`);
    return mustExist(row, 'the next version').n;
  }

  private async write(): Promise<void> {
    const { sql, id, ids, among, next } = dialectOf[this.connection.dialect];
    const first = await this.takeVersion();
    for (const { before, removed, moved } of this.recorded()) {
      const values = recordedValues(this.connection.dialect, before, sql`t`);
      const ofRow = before.systemColumns.flatMap(({ role, column }) => (role === 'Discriminator' ? [column] : []));
      const columns = [...values.map(({ oldColumn }) => oldColumn), ...ofRow, 'Id', 'ChangeVersion'];
      const texts = [...values.map(({ value }) => value), ...ofRow.map((column) => sql`t.${id(column)}`)];
      const insert = sql`INSERT INTO ${before.table} (${ids(columns)}) SELECT ${join(texts)}, d."DocumentUuid", ${next(core.changeVersionSequence)} FROM ${before.sourceTable} AS t INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId"`;
      for (const part of chunk([...removed, ...moved], mostIds))
        await run(this.connection, sql`${insert} WHERE ${among(sql`d."DocumentUuid"`, part, 'uuid')}`);
    }
    this.versions = { first, last: await this.takeVersion() };
  }

  /** Writes the later values and versions, once the database has them. */
  async end(): Promise<void> {
    const { dialect } = this.connection;
    const { sql, literal, among, updateFrom } = dialectOf[dialect];
    const { first, last } = this.versions;
    for (const { after, removed, moved } of this.recorded()) {
      const { table } = after;
      // triggers may have recorded key changes of removed documents when descriptors were merged
      for (const part of chunk(removed, mostIds))
        await run(
          this.connection,
          sql`DELETE FROM ${table} WHERE "ChangeVersion" > ${literal(BigInt(last))} AND ${among(sql`"Id"`, part, 'uuid')}`,
        );
      const set = [
        ...recordedValues(dialect, after, sql`o`).map(({ newColumn, value }) => [newColumn, value] as const),
        ['ChangeVersion', sql`d."ContentVersion"`] as const,
      ];
      const from = sql`(${after.sourceTable} AS o INNER JOIN ${core.document} AS d ON d."DocumentId" = o."DocumentId")`;
      const isRecorded = sql`t."Id" = d."DocumentUuid" AND t."ChangeVersion" BETWEEN ${literal(BigInt(first))} AND ${literal(BigInt(last))}`;
      for (const part of chunk(moved, mostIds)) {
        const on = sql`${isRecorded} AND ${among(sql`d."DocumentUuid"`, part, 'uuid')}`;
        await run(this.connection, updateFrom({ table, set, from, on }));
      }
    }
  }

  /** `UPGRADE_CHANGES_UNRECORDED`, where the later set requires a value that earlier documents do not have. */
  get warnings(): readonly Diagnostic[] {
    const left = [...this.changed].filter(([label]) => !this.pairs.has(label));
    const sum = (count: (each: ChangedDocuments) => number) => left.reduce((all, [, each]) => all + count(each), 0);
    const [moved, removed] = [sum((each) => each.moved.length), sum((each) => each.removed.length)];
    if (moved + removed === 0) return [];
    const labels = left.map(([label]) => label).sort();
    const text = `${this.connection.label}: of ${labels.join(', ')} ${counted(moved, 'document has', 'documents have')} another identity, and ${counted(removed, 'document', 'documents')} became part of others or are not carried. The recorded changes do not say so, because they need values that earlier documents do not have: clients of the change feed must read these resources anew.`;
    return [diagnostic('UPGRADE_CHANGES_UNRECORDED', text, {}, { moved, removed, resources: labels })];
  }
}

type TrackedTables = ReadonlyMap<string, TrackedChangeTable>;

/** The tables of tracked changes by resource; the one of descriptors under each of them. */
function trackedByResource({ model, inventory }: ComparedSet): TrackedTables {
  const { resources, rootOf } = modelIndex(model);
  const bySource = new Map(inventory.trackedChangeTables.map((each) => [qualified(each.sourceTable), each]));
  return new Map(
    [...resources.keys()].flatMap((label) => {
      const tracked = bySource.get(qualified(rootOf(label)?.table ?? core.descriptor));
      return tracked ? [[label, tracked] as const] : [];
    }),
  );
}

/** Documents that have another identity, with their earlier resource. */
function* movedDocuments(
  { compiled }: UpgradeTranslation,
  translated: TranslatedDocuments,
): Generator<{ readonly resource: string; readonly uuid: string }> {
  for (const label of translated.counts.keys()) {
    const isDescriptor = compiled.after.resources.get(label)?.kind === 'descriptor';
    // where only namespaces of descriptors change, documents keep their versions
    if (!isDescriptor && (!compiled.united.has(label) || compiled.renamed.has(label))) continue;
    for (const later of translated.documents(label)) {
      if (later.source === null || later.uuid === null) continue;
      const earlier = translated.earlier(later.source);
      // a document that was part of another one is new
      if (earlier.uuid !== later.uuid) continue;
      const isMoved = isDescriptor
        ? earlier.document.get('namespace') !== later.document.get('namespace')
        : hasOtherIdentity(compiled, earlier, later);
      if (isMoved) yield { resource: earlier.resource, uuid: later.uuid };
    }
  }
}

/** The changes of a table of tracked changes whose rows lack a value that the later set requires. */
const lackingValue = new Set(['required column added', 'tracked changes dropped']);

/** The tables that record the changes, by the earlier name of the resource; without tables whose rows lack a value. */
function trackedPairs(
  before: TrackedTables,
  after: TrackedTables,
  plan: UpgradePlan,
): ReadonlyMap<string, TrackedPair> {
  const lacking = new Set(plan.items.flatMap(({ change, path: [table] }) => (lackingValue.has(change) ? [table] : [])));
  return new Map(
    [...before].flatMap(([label, tracked]) => {
      const other = after.get(plan.renaming.resource(label));
      return other === undefined || lacking.has(qualified(other.table))
        ? []
        : [[label, { before: tracked, after: other }] as const];
    }),
  );
}
