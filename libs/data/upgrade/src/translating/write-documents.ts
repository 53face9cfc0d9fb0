import { labelledResource, resourceLabel, valueAt } from '@dms/api-schema';
import type { CatalogColumn } from '@dms/catalog';
import { type Connection, rowsOf, run } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import {
  answerTo,
  type CheckedDocument,
  checkDocument,
  type DocumentPlans,
  identityLookup,
  insertDescriptors,
  lowerCased,
  type NewDescriptor,
  type SoughtIdentity,
  type StoredRow,
} from '@dms/documents';
import { maintainedIdentities } from '@dms/inventory';
import { derivedRows } from '@dms/laws';
import {
  bulkDialects,
  bulkRules,
  type FilledTable,
  IdentityTable,
  type NewNumbers,
  ReservedNumbers,
} from '@dms/loading';
import {
  core,
  coreV1,
  coreV2,
  type DbTableName,
  type IdentityBlock,
  modelIndex,
  mustExist,
  qualified,
} from '@dms/model';
import { type Dialect, dialectOf, join, type PlainSql, type Sql } from '@dms/sql';
import type { EarlierDocument, LaterDocument, ResourcePlaces } from '@dms/translation';
import { canonicalText, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { generations } from '../generations.ts';
import type { DocumentsInPlace } from './read-and-translate.ts';
import { translatingSql } from './translating-sql.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/* The writing of a translation in place (design 12a §6): rows of the documents that were read before. */

/** How many documents are looked up, or changed, together. */
const mostIds = 1_000;

/** Whether the identity of a document has other values than that of the earlier one. */
export function hasOtherIdentity(
  { before, after }: UpgradeTranslation['compiled'],
  earlier: EarlierDocument,
  later: LaterDocument,
): boolean {
  const texts = (resource: ResourcePlaces | undefined, document: JsonObject) =>
    (resource?.identity ?? [])
      .map((path) => lowerCased(canonicalText(valueAt(document, path) ?? null)))
      .sort()
      .join('\n');
  return (
    texts(before.resources.get(earlier.resource), earlier.document) !==
    texts(after.resources.get(later.resource), later.document)
  );
}

/** The documents that were written, for the stamps after the triggers exist again. */
export interface WrittenDocuments {
  /** New documents and descriptors. */
  readonly added: readonly number[];
  /** Documents with other values. */
  readonly restamped: readonly number[];
  /** Documents with another identity. */
  readonly identityChanged: readonly number[];
  /** Rows that are not written again, but need other referential ids. */
  readonly renamed: readonly RenamedRows[];
}

/**
 * Writes the documents that a translation gives, while the tables of rewritten resources are empty and have neither
 * triggers nor keys to others.
 */
export const writeTranslated = (
  connection: Connection,
  after: ComparedSet,
  translation: UpgradeTranslation,
  translated: DocumentsInPlace,
): Promise<WrittenDocuments> => new TranslationWriter(connection, after, translation, translated).write();

/** A document that waits to be written. */
interface NumberedDocument {
  readonly later: LaterDocument;
  readonly checked: CheckedDocument;
  readonly id: number;
}

/** A descriptor with another namespace. */
interface RenamedDescriptor {
  readonly id: number;
  readonly referentialId: string;
  readonly namespace: string;
  readonly uri: string;
  readonly earlierUri: string;
}

/** Rows of a table whose identities hold descriptors with other namespaces. */
interface RenamedRows {
  readonly table: DbTableName;
  readonly blocks: readonly IdentityBlock[];
  /** A condition on the row `t`. */
  readonly condition: PlainSql;
}

/** Writes the documents of a run. */
class TranslationWriter {
  private readonly connection: Connection;
  private readonly after: ComparedSet;
  private readonly dialect: Dialect;
  private readonly plans: DocumentPlans;
  private readonly translation: UpgradeTranslation;
  private readonly translated: DocumentsInPlace;
  /** Ids by referential id. */
  private readonly identities = new IdentityTable();
  /** Ids of new documents by uuid. */
  private readonly uuids = new IdentityTable();
  private readonly added = new Set<number>();
  private readonly restamped: number[] = [];
  private readonly identityChanged: number[] = [];
  /** The descriptors that have other namespaces, by resource. */
  private readonly renamedDescriptors = new Map<string, readonly number[]>();
  private readonly rows: WaitingRows;
  private readonly numbers: Map<string, ReservedNumbers>;

  constructor(
    connection: Connection,
    after: ComparedSet,
    translation: UpgradeTranslation,
    translated: DocumentsInPlace,
  ) {
    this.connection = connection;
    this.after = after;
    this.dialect = dialectOf[connection.dialect];
    this.translation = translation;
    this.translated = translated;
    this.plans = translation.compiled.after.plans;
    this.rows = new WaitingRows(connection, after);
    this.numbers = new Map();
  }

  private async take(sequence: DbTableName, count: number): Promise<readonly string[]> {
    const key = qualified(sequence);
    const dialect = bulkDialects[this.connection.dialect];
    const known =
      this.numbers.get(key) ??
      new ReservedNumbers(
        sequence === core.document
          ? dialect.documentIds(this.connection)
          : dialect.numbersOf(this.connection, sequence),
      );
    this.numbers.set(key, known);
    return known.take(count);
  }

  async write(): Promise<WrittenDocuments> {
    for (const { referentialId, id } of this.translated.descriptors) this.identities.set(referentialId, id);
    await this.writeDescriptors();
    const written = [...this.translated.counts.keys()].filter((label) => this.isWritten(label));
    for (const label of this.translated.counts.keys()) await this.number(label);
    await this.rows.write();
    await this.removeIdentities(written);
    const renamed = this.renamedRows();
    const { sql } = this.dialect;
    for (const { table, condition } of renamed)
      await this.removeIdentitiesOf(sql`"DocumentId" IN (SELECT t."DocumentId" FROM ${table} AS t WHERE ${condition})`);
    for (const label of written) await this.writeDocuments(label);
    await this.rows.write();
    await this.writeAbstractIdentities();
    const { restamped, identityChanged } = this;
    return { added: [...this.added], restamped, identityChanged, renamed };
  }

  /** Writes the identities of abstract resources as their members have them, before keys refer to them. */
  private async writeAbstractIdentities(): Promise<void> {
    const { after } = this;
    const { sql, id, differs } = this.dialect;
    const rows = derivedRows(this.plans.version, this.connection.dialect);
    const members = new Set<string>(
      modelIndex(after.model).roots.flatMap(({ key, label }) => (this.isWritten(label) ? [key] : [])),
    );
    for (const trigger of after.inventory.triggers) {
      if (trigger.kind !== 'AbstractIdentityMaintenance' || !members.has(qualified(trigger.table))) continue;
      const { table, targetTable, targetColumnMappings } = trigger;
      const then = targetColumnMappings.map(({ targetColumn }) => sql`t.${id(targetColumn)}`);
      const now = targetColumnMappings.map(({ sourceColumn }) => sql`m.${id(sourceColumn)}`);
      // members may exchange their identities: earlier ones go first
      await run(
        this.connection,
        sql`DELETE FROM ${targetTable} WHERE "DocumentId" IN (SELECT m."DocumentId" FROM ${table} AS m INNER JOIN ${targetTable} AS t ON t."DocumentId" = m."DocumentId" WHERE ${differs(then, now)})`,
      );
      await run(this.connection, rows.abstractIdentities(trigger));
    }
  }

  private isWritten(label: string): boolean {
    return this.translation.written.has(label);
  }

  private isDescriptor(label: string): boolean {
    return this.translation.compiled.after.resources.get(label)?.kind === 'descriptor';
  }

  /** The rows whose identities hold a descriptor with another namespace, without those that are written again. */
  private renamedRows(): readonly RenamedRows[] {
    const { model, inventory } = this.after;
    const { sql, id, amongIds } = this.dialect;
    const { table: indexed, columnOf } = modelIndex(model);
    return inventory.triggers.flatMap((trigger): RenamedRows[] => {
      if (trigger.kind !== 'ReferentialIdentityMaintenance' || this.isWritten(resourceLabel(trigger))) return [];
      const blocks = maintainedIdentities(trigger);
      const { table } = mustExist(indexed(trigger.table), qualified(trigger.table));
      const columns = new Set(blocks.flatMap((block) => block.identityElements.map(({ column }) => column)));
      const conditions = [...columns].flatMap((column) => {
        const target = columnOf(table, column)?.targetResource;
        const ids = target && this.renamedDescriptors.get(resourceLabel(target));
        return ids ? [amongIds(sql`t.${id(column)}`, ids)] : [];
      });
      return conditions.length === 0 ? [] : [{ table: trigger.table, blocks, condition: join(conditions, ' OR ') }];
    });
  }

  /** The id of a document that was read, or that is new. */
  private idOf(uuid: string): number | undefined {
    return this.uuids.get(uuid) ?? this.translated.ids.get(uuid);
  }

  /** Finds the descriptors, and inserts those that rules gave. */
  private async writeDescriptors(): Promise<void> {
    for (const label of this.translated.counts.keys()) {
      if (!this.isDescriptor(label)) continue;
      const resource = labelledResource(label);
      const text = (document: JsonObject, name: string) => {
        const value = document.get(name);
        return typeof value === 'string' ? value : null;
      };
      const added: (NewDescriptor & { uuid: string; referentialId: string })[] = [];
      const renamed: RenamedDescriptor[] = [];
      for (const { uuid, document, source, identities } of this.translated.documents(label)) {
        const own = mustExist(uuid, 'the uuid of a descriptor');
        const namespace = text(document, 'namespace') ?? '';
        const codeValue = text(document, 'codeValue') ?? '';
        const uri = `${namespace}#${codeValue}`;
        const referentialId = mustExist(identities[0], 'the identity of a descriptor');
        const id = this.idOf(own);
        if (id !== undefined) {
          this.identities.set(referentialId, id);
          const earlier = source === null ? document : this.translated.earlier(source).document;
          const was = text(earlier, 'namespace');
          if (was !== namespace) renamed.push({ id, referentialId, namespace, uri, earlierUri: `${was}#${codeValue}` });
        } else
          added.push({
            resource,
            uuid: own,
            referentialId,
            namespace,
            codeValue,
            shortDescription: text(document, 'shortDescription') ?? codeValue,
            description: text(document, 'description'),
            effectiveBeginDate: text(document, 'effectiveBeginDate'),
            effectiveEndDate: text(document, 'effectiveEndDate'),
          });
      }
      await this.renameDescriptors(label, renamed);
      for (const part of chunk(added, mostIds)) {
        await insertDescriptors(this.connection, this.plans, part);
        const found = await this.idsByUuid(part.map(({ uuid }) => uuid));
        for (const { uuid, referentialId } of part) {
          const id = mustExist(found.get(uuid), `the id of the descriptor ${uuid}`);
          this.uuids.set(uuid, id);
          this.identities.set(referentialId, id);
          this.added.add(id);
        }
      }
    }
    if (this.added.size + this.identityChanged.length > 0) await this.mirrorDescriptors();
  }

  /** Gives descriptors their later namespaces, with the referential ids that follow. */
  private async renameDescriptors(label: string, renamed: readonly RenamedDescriptor[]): Promise<void> {
    if (renamed.length === 0) return;
    this.renamedDescriptors.set(
      label,
      renamed.map((each) => each.id),
    );
    const { sql, among, ids: idList, given, updateFrom } = this.dialect;
    for (const part of chunk(renamed, mostIds)) {
      const own = part.map((each) => String(each.id));
      await this.removeIdentitiesOf(among(sql`"DocumentId"`, own, 'bigint'));
    }
    for (const part of inFreeOrder(renamed).flatMap((round) => chunk(round, mostIds))) {
      const rows = part.map(({ id: own, referentialId, namespace, uri }) => ({
        id: own,
        ReferentialId: referentialId,
        Namespace: namespace,
        Uri: uri,
      }));
      const from = given(
        rows,
        [
          ['id', 'bigint'],
          ['ReferentialId', 'uuid'],
          ['Namespace', 'text'],
          ['Uri', 'text'],
        ],
        'w',
      );
      const set = [
        ['Namespace', sql`w."Namespace"`],
        ['Uri', sql`w."Uri"`],
      ] as const;
      const on = sql`t."DocumentId" = w."id"`;
      await run(this.connection, updateFrom({ table: core.descriptor, set, from, on }));
      for (const { table, columns } of this.identityTables)
        await run(
          this.connection,
          sql`INSERT INTO ${table} (${idList(columns)}) SELECT w."ReferentialId", w."id", k."id" FROM ${from} CROSS JOIN (VALUES (${this.keysOf([label])})) AS k ("id")`,
        );
      const ids = part.map((each) => each.id);
      this.identityChanged.push(...ids);
      if (this.repeatsStamps) await stampDocuments(this.connection, ids, 'identity');
    }
  }

  /** Whether rows of resources repeat the versions of their documents. */
  private get repeatsStamps(): boolean {
    return generations[this.plans.version].repeatsStamps;
  }

  /** Copies the versions of documents into the rows of descriptors, where no trigger does it. */
  private async mirrorDescriptors(): Promise<void> {
    if (!this.repeatsStamps) return;
    const { sql, id, differs, updateFrom } = this.dialect;
    const columns = ['ContentVersion', 'ContentLastModifiedAt'];
    const [left, right] = [sql`t`, sql`d`].map((alias) => columns.map((name) => sql`${alias}.${id(name)}`));
    const set = columns.map((name) => [name, sql`d.${id(name)}`] as const);
    const from = sql`${core.document} AS d`;
    const on = sql`d."DocumentId" = t."DocumentId" AND ${differs(left ?? [], right ?? [])}`;
    await run(this.connection, updateFrom({ table: core.descriptor, set, from, on }));
  }

  private async idsByUuid(uuids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { sql, text, among } = this.dialect;
    const uuid = sql`"DocumentUuid"`;
    const found = await rowsOf<{ uuid: string; id: unknown }>(
      this.connection,
      sql`SELECT ${text(uuid, 'uuid')} AS uuid, "DocumentId" AS id FROM ${core.document} WHERE ${among(uuid, uuids, 'uuid')}`,
    );
    return new Map(idsOf(found));
  }

  private checkedOf(label: string, document: JsonObject): CheckedDocument {
    const { document: checked, diagnostics } = checkDocument(this.plans, labelledResource(label), document, {});
    return mustExist(checked, `a document of ${label} that fits the model: ${diagnostics[0]?.message}`);
  }

  /** Gives each document of a resource its id, and remembers its identities. */
  private async number(label: string): Promise<void> {
    if (this.isDescriptor(label)) return;
    const { repeatsStamps } = this;
    const columns = ['DocumentId', 'DocumentUuid', 'ResourceKeyId', ...(repeatsStamps ? ['ContentVersion'] : [])];
    const key = String(this.plans.of(labelledResource(label)).identity.resourceKeyId);
    for (const { uuid, identities } of this.translated.documents(label)) {
      const own = mustExist(uuid, `the uuid of a document of ${label}`);
      let id = this.idOf(own);
      if (id === undefined) {
        if (!this.isWritten(label)) throw new Error(`A rule makes a document of ${label}, which was not foreseen.`);
        const [taken] = await this.take(core.document, 1);
        id = Number(taken);
        this.uuids.set(own, id);
        this.added.add(id);
        const versions = repeatsStamps ? await this.take(core.changeVersionSequence, 1) : [];
        await this.rows.add(core.document, columns, [[String(id), own, key, ...versions]]);
      }
      for (const each of identities) this.identities.set(each, id);
    }
  }

  /** The ids of resources, as a list. */
  private keysOf(labels: readonly string[]): PlainSql {
    const wanted = new Set(labels);
    const ids = this.plans.mappingSet.model.effectiveSchema.resourceKeys.flatMap((key) =>
      wanted.has(resourceLabel(key)) ? [key.id] : [],
    );
    return this.dialect.literals(ids);
  }

  /** The tables of referential ids; none where documents are found by the keys of their tables. */
  private get identityTables() {
    return bulkRules[this.plans.version].identities.tables;
  }

  /** Removes the referential ids that meet a condition. */
  private async removeIdentitiesOf(condition: Sql): Promise<void> {
    for (const { table } of this.identityTables)
      await run(this.connection, this.dialect.sql`DELETE FROM ${table} WHERE ${condition}`);
  }

  /** Removes the referential ids that rewritten documents had. */
  private async removeIdentities(labels: readonly string[]): Promise<void> {
    if (labels.length === 0) return;
    const { sql } = this.dialect;
    await this.removeIdentitiesOf(
      sql`"DocumentId" IN (SELECT d."DocumentId" FROM ${core.document} AS d WHERE d."ResourceKeyId" IN (${this.keysOf(labels)}))`,
    );
  }

  private async writeDocuments(label: string): Promise<void> {
    if (this.isDescriptor(label)) return;
    let page: NumberedDocument[] = [];
    const flush = async () => {
      await this.writePage(page);
      page = [];
    };
    for (const later of this.translated.documents(label)) {
      const checked = this.checkedOf(label, later.document);
      const id = mustExist(this.idOf(later.uuid ?? ''), `the id of ${later.uuid}`);
      page.push({ later, checked, id });
      if (page.length >= mostIds) await flush();
    }
    await flush();
  }

  /** The versions and times of documents, by id. */
  private async stampsOf(ids: readonly number[]) {
    const { sql, text, among } = this.dialect;
    const version = text(sql`"ContentVersion"`, 'bigint');
    const time = text(sql`"ContentLastModifiedAt"`, 'time');
    const found = await rowsOf<{ id: unknown; version: string; time: string }>(
      this.connection,
      sql`SELECT "DocumentId" AS id, ${version} AS version, ${time} AS time FROM ${core.document} WHERE ${among(sql`"DocumentId"`, ids.map(String), 'bigint')}`,
    );
    return new Map(found.map((row) => [Number(row.id), { version: row.version, time: row.time }]));
  }

  /** Gives changed documents new versions if rows repeat them; otherwise they get them at the end. */
  private async restamp(page: readonly NumberedDocument[]): Promise<void> {
    const changed: number[] = [];
    const moved: number[] = [];
    for (const { later, id } of page) {
      if (later.source === null || this.added.has(id)) continue;
      const earlier = this.translated.earlier(later.source);
      if (hasOtherIdentity(this.translation.compiled, earlier, later)) moved.push(id);
      else if (hasOtherValues(earlier.document, later.document)) changed.push(id);
    }
    for (const id of changed) this.restamped.push(id);
    for (const id of moved) this.identityChanged.push(id);
    if (!this.repeatsStamps) return;
    if (changed.length > 0) await stampDocuments(this.connection, changed, 'content');
    if (moved.length > 0) await stampDocuments(this.connection, moved, 'identity');
  }

  /** Finds the documents to which a page refers and that were not read; they have the identities that they had. */
  private async findTargets(page: readonly NumberedDocument[]): Promise<void> {
    const sought = new Map<string, SoughtIdentity>();
    for (const { checked } of page)
      for (const target of checked.targets)
        if (this.identities.get(target.referentialId) === undefined) sought.set(target.referentialId, target);
    for (const part of chunk([...sought.values()], mostIds)) {
      const found = await answerTo(this.connection, identityLookup(this.plans, part));
      for (const { referentialId, documentId } of found) this.identities.set(referentialId, Number(documentId));
    }
  }

  private async writePage(page: readonly NumberedDocument[]): Promise<void> {
    const [first] = page;
    if (!first) return;
    const rules = bulkRules[this.plans.version];
    // the rows of new documents are written before their stamps are read
    await this.rows.write();
    await this.restamp(page);
    const stamps = await this.stampsOf(page.map(({ id }) => id));
    await this.findTargets(page);
    // a page has one resource
    let tables: ReturnType<typeof rules.tables>['tables'] | undefined;
    for (const { later, checked, id } of page) {
      const { version, time } = mustExist(stamps.get(id), `the document ${id}`);
      const numbers: NewNumbers = {
        time,
        take: (sequence, count) =>
          qualified(sequence) === qualified(core.changeVersionSequence) ? [version] : this.take(sequence, count),
      };
      const ids = new Map<string, string>();
      for (const { referentialId, place } of checked.targets) {
        const target = this.identities.get(referentialId);
        if (target === undefined) missingTarget(later, place);
        ids.set(referentialId, String(target));
      }
      tables ??= rules.tables(checked.plans, numbers).tables;
      const made = await rules.rows(checked, String(id), ids, numbers);
      for (const [index, { table, columns }] of tables.entries())
        await this.rows.add(table, columns, made.tables[index] ?? []);
      const identities = rules.identities.rows(checked, String(id));
      for (const [index, { table, columns }] of rules.identities.tables.entries())
        await this.rows.add(table, columns, identities[index] ?? []);
    }
  }
}

/** How many rows are written together. */
const mostRows = 2_000;

/** Rows that wait to be written into tables, which have no keys to others yet. */
class WaitingRows {
  private readonly connection: Connection;
  private readonly waiting = new Map<string, { table: DbTableName; columns: readonly string[]; rows: StoredRow[] }>();
  private readonly columns: ReadonlyMap<string, ReadonlyMap<string, CatalogColumn>>;
  private count = 0;

  constructor(connection: Connection, { catalog }: Pick<ComparedSet, 'catalog'>) {
    this.connection = connection;
    this.columns = new Map(
      catalog.tables.map((table) => [qualified(table), new Map(table.columns.map((column) => [column.name, column]))]),
    );
  }

  private filled({ schema, name }: DbTableName, columns: readonly string[]): FilledTable {
    const key = qualified({ schema, name });
    const known = mustExist(this.columns.get(key), `the table ${key}`);
    const typed = columns.map((each) => {
      const { type, identity } = mustExist(known.get(each), `the column ${each} of ${key}`);
      return { name: each, type, isIdentity: identity !== null };
    });
    return { schema, name, columns: typed };
  }

  async add(table: DbTableName, columns: readonly string[], rows: readonly StoredRow[]): Promise<void> {
    if (rows.length === 0) return;
    const key = qualified(table);
    const known = this.waiting.get(key) ?? { table, columns, rows: [] };
    this.waiting.set(key, known);
    for (const row of rows) known.rows.push(row);
    this.count += rows.length;
    if (this.count >= mostRows) await this.write();
  }

  async write(): Promise<void> {
    const { insert } = translatingSql[this.connection.dialect];
    for (const { table, columns, rows } of this.waiting.values())
      await insert(this.connection, this.filled(table, columns), rows);
    this.waiting.clear();
    this.count = 0;
  }
}

/** Descriptors in rounds: each round takes names that the descriptors of earlier rounds have left. */
function inFreeOrder(renamed: readonly RenamedDescriptor[]): readonly (readonly RenamedDescriptor[])[] {
  const rounds: RenamedDescriptor[][] = [];
  for (let left = [...renamed]; left.length > 0; ) {
    const held = new Set(left.map(({ earlierUri }) => lowerCased(earlierUri)));
    const isFree = ({ uri, earlierUri }: RenamedDescriptor) =>
      !held.has(lowerCased(uri)) || lowerCased(uri) === lowerCased(earlierUri);
    const free = left.filter(isFree);
    // the descriptors of a circle hold each other's names
    if (free.length === 0) return [...rounds, left];
    rounds.push(free);
    left = left.filter((each) => !isFree(each));
  }
  return rounds;
}

/** Gives documents a new version and time, of their content alone or also of their identity. */
async function stampDocuments(
  connection: Connection,
  ids: readonly number[],
  of: 'content' | 'identity',
): Promise<void> {
  const { sql, id, among, next, now } = dialectOf[connection.dialect];
  const names = of === 'identity' ? ['Content', 'Identity'] : ['Content'];
  const set = names.flatMap((name) => [
    sql`${id(`${name}Version`)} = ${next(core.changeVersionSequence)}`,
    sql`${id(`${name}LastModifiedAt`)} = ${now}`,
  ]);
  for (const part of chunk(ids, mostIds)) {
    const ofPart = among(sql`"DocumentId"`, part.map(String), 'bigint');
    await run(connection, sql`UPDATE ${core.document} SET ${join(set)} WHERE ${ofPart}`);
  }
}

const idsOf = (found: readonly { readonly uuid: string; readonly id: unknown }[]) =>
  found.map(({ uuid, id }) => [uuid, Number(id)] as const);

/** Whether two documents have different values, wherever these are. */
const hasOtherValues = (earlier: JsonObject, later: JsonObject): boolean =>
  valuesOf(earlier).sort().join('\n') !== valuesOf(later).sort().join('\n');

/** The texts of the values of a document, without their places. */
function valuesOf(value: JsonValue, into: string[] = []): string[] {
  if (isJsonObject(value)) for (const each of value.values()) valuesOf(each, into);
  else if (isJsonArray(value)) for (const each of value) valuesOf(each, into);
  else if (value !== null) into.push(canonicalText(value));
  return into;
}

/**
 * Throws because rows of the database contradict each other, such as a descriptor whose URI is not its namespace and
 * code value.
 */
function missingTarget({ resource, uuid }: LaterDocument, place: string): never {
  const text = `${resource} ${uuid}: ${place}: no document of the database has this identity, although a row refers to it. dms-ddl check --data shows which rows contradict each other. Nothing was changed.`;
  return fail('UPGRADE_ROWS_OBJECT', text, { resource }, { uuid, place });
}

/**
 * Once functions and triggers are there: gives rows that hold descriptors with other namespaces their referential ids,
 * and changed documents their versions, so that the journal records them.
 */
export async function settleWritten(
  connection: Connection,
  { compiled }: UpgradeTranslation,
  { added, restamped, identityChanged, renamed }: WrittenDocuments,
): Promise<void> {
  const rows = derivedRows(compiled.after.plans.version, connection.dialect);
  for (const { table, blocks, condition } of renamed)
    for (const block of blocks) await run(connection, rows.referentialIds(block, table, condition));
  const { sql, among, now, updateFrom } = dialectOf[connection.dialect];
  const { document } = core;
  if (generations[compiled.after.plans.version].repeatsStamps) {
    // a queued projection waits for the version that the document has now
    const set = [['RequiredContentVersion', sql`d."ContentVersion"`]] as const;
    const on = sql`d."DocumentId" = t."DocumentId" AND t."RequiredContentVersion" < d."ContentVersion"`;
    const { documentProjectionWork: table } = coreV2;
    await run(connection, updateFrom({ table, set, from: sql`${document} AS d`, on }));
    return;
  }
  const { documentChangeEvent: event } = coreV1;
  // the first event of new documents, which the journal's trigger has not seen
  for (const part of chunk([...added], mostIds))
    await run(
      connection,
      sql`INSERT INTO ${event} ("ChangeVersion", "DocumentId", "ResourceKeyId", "CreatedAt") SELECT d."ContentVersion", d."DocumentId", d."ResourceKeyId", ${now} FROM ${document} AS d WHERE NOT EXISTS (SELECT 1 FROM ${event} AS e WHERE e."DocumentId" = d."DocumentId") AND ${among(sql`d."DocumentId"`, part.map(String), 'bigint')}`,
    );
  await stampDocuments(connection, restamped, 'content');
  await stampDocuments(connection, identityChanged, 'identity');
}
