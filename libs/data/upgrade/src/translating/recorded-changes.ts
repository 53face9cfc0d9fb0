import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { recordedValues } from '@dms/ddl';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { TrackedChangeTable } from '@dms/inventory';
import { bulkDialects, IdentityTable } from '@dms/loading';
import { core, mustExist, qualified } from '@dms/model';
import { columnList, dialectRules, pgsqlName } from '@dms/sql';
import type { TranslatedDocuments } from '@dms/translation';
import { chunk } from 'es-toolkit/array';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';
import { hasOtherIdentity } from './write-documents.ts';

/*
 * What the second generation records of documents that a translation removes, or gives another identity (design 12
 * §15). The rows are written with their earlier values before anything changes, as the triggers of the earlier set
 * would write them; the plan takes them along like all others. What is new in them is written at the end.
 */

const { quote, stringLiteral } = dialectRules.pgsql;

/** How many documents are recorded together. */
const mostIds = 1_000;

const nextVersion = `nextval(${stringLiteral(pgsqlName(core.changeVersionSequence))}::regclass)`;

const id = quote('DocumentId');
const uuid = quote('DocumentUuid');
const version = quote('ChangeVersion');

/** The tables that record the changes of a resource in both sets. */
interface TrackedPair {
  readonly before: TrackedChangeTable;
  readonly after: TrackedChangeTable;
}

/** Documents of a resource that a translation changes so that it is recorded, by uuid. */
interface ChangedDocuments {
  readonly removed: string[];
  readonly moved: string[];
}

/** The tables of tracked changes by resource; the one of descriptors under each of them. */
function trackedByResource({ model, inventory }: ComparedSet): ReadonlyMap<string, TrackedChangeTable> {
  const bySource = new Map(inventory.trackedChangeTables.map((each) => [qualified(each.sourceTable), each]));
  return new Map(
    model.resources.flatMap(({ resourceKey, tablesInDependencyOrder: [root] }) => {
      const tracked = bySource.get(qualified(root?.table ?? core.descriptor));
      return tracked ? [[resourceLabel(resourceKey), tracked] as const] : [];
    }),
  );
}

/** What a plan does to a table of tracked changes if the rows that it has lack a value that the later set requires. */
const lackingValue = new Set(['required column added', 'tracked changes dropped']);

/** The tables that hold what is recorded, by the earlier name of the resource; those whose rows lack no value. */
function trackedPairs(before: ComparedSet, after: ComparedSet, plan: UpgradePlan): ReadonlyMap<string, TrackedPair> {
  const later = trackedByResource(after);
  const lacking = new Set(plan.items.flatMap(({ change, path: [table] }) => (lackingValue.has(change) ? [table] : [])));
  return new Map(
    [...trackedByResource(before)].flatMap(([label, tracked]) => {
      const other = later.get(plan.renaming.resource(label));
      return other === undefined || lacking.has(qualified(other.table))
        ? []
        : [[label, { before: tracked, after: other }] as const];
    }),
  );
}

/** The uuids of all documents that a translation gives. */
function givenUuids({ counts, documents }: TranslatedDocuments): IdentityTable {
  const given = new IdentityTable();
  for (const label of counts.keys())
    for (const each of documents(label)) if (each.uuid !== null) given.set(each.uuid, 1);
  return given;
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
      // a part of another document is a new one
      if (earlier.uuid !== later.uuid) continue;
      const isMoved = isDescriptor
        ? earlier.document.get('namespace') !== later.document.get('namespace')
        : hasOtherIdentity(compiled, earlier, later);
      if (isMoved) yield { resource: earlier.resource, uuid: later.uuid };
    }
  }
}

/** The changes of a run that are recorded. */
export class RecordedChanges {
  private readonly connection: Connection;
  private readonly pairs: ReadonlyMap<string, TrackedPair>;
  private readonly changed: ReadonlyMap<string, ChangedDocuments>;
  /** The versions of what was written before the first change. */
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

  /** Records what a translation will do, in a database that is of the earlier set still; null if it records nothing. */
  static async begin(
    connection: Connection,
    { before, after, plan }: { readonly before: ComparedSet; readonly after: ComparedSet; readonly plan: UpgradePlan },
    translation: UpgradeTranslation,
    translated: TranslatedDocuments,
  ): Promise<RecordedChanges | null> {
    if (before.inventory.trackedChangeTables.length === 0) return null;
    const tracked = trackedByResource(before);
    const stays = new Set(translation.resources.flatMap((each) => (each.is === 'gone' ? [] : [each.before])));
    const changed = new Map<string, ChangedDocuments>();
    const of = (label: string) => {
      const own = changed.get(label) ?? { removed: [], moved: [] };
      if (stays.has(label) && tracked.has(label)) changed.set(label, own);
      return own;
    };
    for (const each of await removedDocuments(connection, before, translated))
      of(each.resource).removed.push(each.uuid);
    for (const each of movedDocuments(translation, translated)) of(each.resource).moved.push(each.uuid);
    const changes = new RecordedChanges(connection, trackedPairs(before, after, plan), changed);
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
    const [row] = await this.connection.query<{ n: unknown }>(`SELECT ${nextVersion} AS n`);
    return String(mustExist(row, 'the next version').n);
  }

  private async write(): Promise<void> {
    const first = await this.takeVersion();
    for (const { before, removed, moved } of this.recorded()) {
      const values = recordedValues('pgsql', before, 't');
      const ofRow = before.systemColumns.flatMap(({ role, column }) => (role === 'Discriminator' ? [column] : []));
      const columns = [...values.map(({ oldColumn }) => oldColumn), ...ofRow, 'Id', 'ChangeVersion'];
      const texts = [...values.map(({ text }) => text), ...ofRow.map((column) => `t.${quote(column)}`), `d.${uuid}`];
      const text = `INSERT INTO ${pgsqlName(before.table)} (${columnList(dialectRules.pgsql, columns)}) SELECT ${texts.join(', ')}, ${nextVersion} FROM ${pgsqlName(before.sourceTable)} AS t INNER JOIN ${pgsqlName(core.document)} AS d ON d.${id} = t.${id} WHERE d.${uuid} = ANY($1::uuid[])`;
      for (const part of chunk([...removed, ...moved], mostIds)) await this.connection.query(text, [part]);
    }
    this.versions = { first, last: await this.takeVersion() };
  }

  /** Writes the later values and versions, once the database has them. */
  async end(): Promise<void> {
    const { first, last } = this.versions;
    for (const { after, removed, moved } of this.recorded()) {
      const table = pgsqlName(after.table);
      // triggers that were there have recorded it too
      for (const part of chunk(removed, mostIds))
        await this.connection.query(`DELETE FROM ${table} WHERE "Id" = ANY($1::uuid[]) AND ${version} > $2::bigint`, [
          part,
          last,
        ]);
      const set = [
        ...recordedValues('pgsql', after, 't').map(({ newColumn, text }) => `${quote(newColumn)} = ${text}`),
        `${version} = d.${quote('ContentVersion')}`,
      ];
      for (const part of chunk(moved, mostIds))
        await this.connection.query(
          `UPDATE ${table} AS r SET ${set.join(', ')} FROM ${pgsqlName(after.sourceTable)} AS t INNER JOIN ${pgsqlName(core.document)} AS d ON d.${id} = t.${id} WHERE r."Id" = d.${uuid} AND d.${uuid} = ANY($1::uuid[]) AND r.${version} BETWEEN $2::bigint AND $3::bigint`,
          [part, first, last],
        );
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

/** The documents of the database that a translation does not give, with their resources. */
async function removedDocuments(
  connection: Connection,
  { model }: ComparedSet,
  translated: TranslatedDocuments,
): Promise<readonly { readonly resource: string; readonly uuid: string }[]> {
  const given = givenUuids(translated);
  const gone: string[] = [];
  for await (const page of bulkDialects[connection.dialect].readUuids(connection, core.document, 'DocumentUuid'))
    for (const [own] of page) if (given.get(own) === undefined) gone.push(own);
  const labels = new Map(model.effectiveSchema.resourceKeys.map((key) => [key.id, resourceLabel(key)]));
  const found: { resource: string; uuid: string }[] = [];
  for (const part of chunk(gone, mostIds))
    for (const row of await connection.query<{ uuid: string; key: unknown }>(
      `SELECT ${uuid}::text AS uuid, ${quote('ResourceKeyId')} AS key FROM ${pgsqlName(core.document)} WHERE ${uuid} = ANY($1::uuid[])`,
      [part],
    ))
      found.push({ resource: mustExist(labels.get(Number(row.key)), `the resource ${row.key}`), uuid: row.uuid });
  return found;
}
