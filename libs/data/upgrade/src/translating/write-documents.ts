import { labelledResource, resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import {
  type CheckedDocument,
  checkDocument,
  type DocumentPlans,
  descriptorReferentialId,
  insertDescriptors,
  lowerCased,
  type NewDescriptor,
  type StoredRow,
} from '@dms/documents';
import { canonicalText, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/files';
import { bulkDialects, bulkRules, IdentityTable, type NewNumbers, ReservedNumbers } from '@dms/loading';
import { core, coreV1, coreV2, type DbTableName, mustExist, qualified } from '@dms/model';
import { columnList, dialectRules, pgsqlName } from '@dms/sql';
import {
  type EarlierDocument,
  type LaterDocument,
  type ResourcePlaces,
  type TranslatedDocuments,
  valueAt,
} from '@dms/translation';
import { chunk } from 'es-toolkit/array';
import { generations } from '../generations.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/* The writing of a translation in place (design 12 §15): rows of the documents that were read before. */

/** How many rows are written together. */
const mostRows = 2_000;

/** How many documents are looked up, or changed, together. */
const mostIds = 1_000;

const { quote, stringLiteral } = dialectRules.pgsql;

const identitiesTable = pgsqlName(core.referentialIdentity);

/** The texts of the values of a document, without their places. */
function valuesOf(value: JsonValue, into: string[] = []): string[] {
  if (isJsonObject(value)) for (const each of value.values()) valuesOf(each, into);
  else if (isJsonArray(value)) for (const each of value) valuesOf(each, into);
  else if (value !== null) into.push(canonicalText(value));
  return into;
}

/** Whether two documents have other values, wherever these are. */
const hasOtherValues = (earlier: JsonObject, later: JsonObject): boolean =>
  valuesOf(earlier).sort().join('\n') !== valuesOf(later).sort().join('\n');

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

/** Rows on their way into tables, which have no keys to others yet. */
class WaitingRows {
  private readonly connection: Connection;
  private readonly waiting = new Map<string, { table: DbTableName; columns: readonly string[]; rows: StoredRow[] }>();
  private count = 0;

  constructor(connection: Connection) {
    this.connection = connection;
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
    for (const { table, columns, rows } of this.waiting.values()) {
      const objects = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
      const names = columnList(dialectRules.pgsql, columns);
      await this.connection.query(
        `INSERT INTO ${pgsqlName(table)} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM json_populate_recordset(NULL::${pgsqlName(table)}, $1::json)`,
        [JSON.stringify(objects)],
      );
    }
    this.waiting.clear();
    this.count = 0;
  }
}

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

/** Descriptors in rounds, each of which takes names that those of earlier rounds have left. */
function inFreeOrder(renamed: readonly RenamedDescriptor[]): readonly (readonly RenamedDescriptor[])[] {
  const rounds: RenamedDescriptor[][] = [];
  for (let left = [...renamed]; left.length > 0; ) {
    const held = new Set(left.map(({ earlierUri }) => lowerCased(earlierUri)));
    const isFree = ({ uri, earlierUri }: RenamedDescriptor) =>
      !held.has(lowerCased(uri)) || lowerCased(uri) === lowerCased(earlierUri);
    const free = left.filter(isFree);
    // those of a circle hold each other's names
    if (free.length === 0) return [...rounds, left];
    rounds.push(free);
    left = left.filter((each) => !isFree(each));
  }
  return rounds;
}

/** What was written, for what comes after the triggers are there again. */
export interface WrittenDocuments {
  /** New documents and descriptors. */
  readonly added: readonly number[];
  /** Documents with other values. */
  readonly restamped: readonly number[];
  /** Documents with another identity. */
  readonly identityChanged: readonly number[];
}

const idsOf = (found: readonly { readonly uuid: string; readonly id: unknown }[]) =>
  found.map(({ uuid, id }) => [uuid, Number(id)] as const);

/** Rows of the database contradict each other, such as a descriptor whose URI is not its namespace and code value. */
function missingTarget({ resource, uuid }: LaterDocument, place: string): never {
  const text = `${resource} ${uuid}: ${place}: no document of the database has this identity, although a row refers to it. dms-ddl check --data shows which rows contradict each other. Nothing was changed.`;
  return fail('UPGRADE_ROWS_OBJECT', text, { resource }, { uuid, place });
}

/** The writing of a run. */
class TranslationWriter {
  private readonly connection: Connection;
  private readonly plans: DocumentPlans;
  private readonly translation: UpgradeTranslation;
  private readonly translated: TranslatedDocuments;
  /** Ids by referential id. */
  private readonly identities = new IdentityTable();
  /** Ids by uuid. */
  private readonly uuids = new IdentityTable();
  private readonly added = new Set<number>();
  /** The ids of all documents and descriptors of the database, and of those that stay. */
  private readonly stored: number[] = [];
  private readonly staying = new Set<number>();
  private readonly restamped: number[] = [];
  private readonly identityChanged: number[] = [];
  /** The resources of descriptors that have other namespaces. */
  private readonly renamedDescriptors = new Set<string>();
  /** Documents that are not written again, but have other referential ids. */
  private readonly renamed = new Set<number>();
  private readonly rows: WaitingRows;
  private readonly numbers: Map<string, ReservedNumbers>;

  constructor(connection: Connection, translation: UpgradeTranslation, translated: TranslatedDocuments) {
    this.connection = connection;
    this.translation = translation;
    this.translated = translated;
    this.plans = translation.compiled.after.plans;
    this.rows = new WaitingRows(connection);
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
    await this.readUuids();
    await this.writeDescriptors();
    const written = [...this.translated.counts.keys()].filter((label) => this.isWritten(label));
    for (const label of this.translated.counts.keys()) await this.number(label);
    await this.rows.write();
    await this.removeIdentities(written);
    await this.removeIdentitiesOf([...this.renamed]);
    for (const label of this.translated.counts.keys()) if (this.holdsRenamed(label)) await this.rename(label);
    for (const label of written) await this.writeDocuments(label);
    await this.rows.write();
    await this.removeLeft();
    const { restamped, identityChanged } = this;
    return { added: [...this.added], restamped, identityChanged };
  }

  private isWritten(label: string): boolean {
    return this.translation.written.has(label);
  }

  private isDescriptor(label: string): boolean {
    return this.translation.compiled.after.resources.get(label)?.kind === 'descriptor';
  }

  /** Whether identities of a resource, whose documents are not written again, hold a descriptor with another namespace. */
  private holdsRenamed(label: string): boolean {
    if (this.isWritten(label) || this.isDescriptor(label) || this.renamedDescriptors.size === 0) return false;
    const resource = this.translation.compiled.after.resources.get(label);
    return (resource?.identity ?? []).some((path) => {
      const leaf = resource?.places.get(path)?.leaf;
      return leaf?.value === 'descriptor' && this.renamedDescriptors.has(resourceLabel(leaf.descriptor));
    });
  }

  /** Finds the documents of a page whose referential ids are others. */
  private async findRenamed(page: readonly Pick<NumberedDocument, 'checked' | 'id'>[]): Promise<void> {
    const id = quote('DocumentId');
    const found = await this.connection.query<{ id: unknown; own: string }>(
      `SELECT ${id} AS id, ${quote('ReferentialId')}::text AS own FROM ${identitiesTable} WHERE ${id} = ANY($1::bigint[])`,
      [page.map((each) => String(each.id))],
    );
    const stored = new Set(found.map((each) => `${Number(each.id)} ${each.own}`));
    for (const { checked, id: own } of page) if (!stored.has(`${own} ${checked.referentialId}`)) this.renamed.add(own);
  }

  /** Gives documents their later referential ids. */
  private async rename(label: string): Promise<void> {
    const { identities } = bulkRules[this.plans.version];
    for (const { uuid, document } of this.translated.documents(label)) {
      const id = this.uuids.get(uuid ?? '');
      if (id === undefined || !this.renamed.has(id)) continue;
      const rows = identities.rows(this.checkedOf(label, document), String(id));
      for (const [index, { table, columns }] of identities.tables.entries())
        await this.rows.add(table, columns, rows[index] ?? []);
    }
  }

  private async readUuids(): Promise<void> {
    const { connection, uuids } = this;
    for await (const found of bulkDialects[connection.dialect].readUuids(connection, core.document, 'DocumentUuid'))
      for (const [uuid, id] of found) {
        uuids.set(uuid, id);
        this.stored.push(id);
      }
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
      for (const { uuid, document, source } of this.translated.documents(label)) {
        const own = mustExist(uuid, 'the uuid of a descriptor');
        const namespace = text(document, 'namespace') ?? '';
        const codeValue = text(document, 'codeValue') ?? '';
        const uri = `${namespace}#${codeValue}`;
        const referentialId = descriptorReferentialId(resource, uri);
        const id = this.uuids.get(own);
        if (id !== undefined) {
          this.staying.add(id);
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
    this.renamedDescriptors.add(label);
    await this.removeIdentitiesOf(renamed.map((each) => each.id));
    const id = quote('DocumentId');
    const given = `json_to_recordset($1::json) AS w (id bigint, ${quote('ReferentialId')} uuid, ${quote('Namespace')} text, ${quote('Uri')} text)`;
    const set = ['Namespace', 'Uri'].map((name) => `${quote(name)} = w.${quote(name)}`).join(', ');
    for (const part of inFreeOrder(renamed).flatMap((round) => chunk(round, mostIds))) {
      const rows = part.map(({ id: own, referentialId, namespace, uri }) => ({
        id: own,
        ReferentialId: referentialId,
        Namespace: namespace,
        Uri: uri,
      }));
      const values = [JSON.stringify(rows)];
      await this.connection.query(
        `UPDATE ${pgsqlName(core.descriptor)} AS t SET ${set} FROM ${given} WHERE t.${id} = w.id`,
        values,
      );
      await this.connection.query(
        `INSERT INTO ${identitiesTable} (${columnList(dialectRules.pgsql, ['ReferentialId', 'DocumentId', 'ResourceKeyId'])}) SELECT w.${quote('ReferentialId')}, w.id, k.id FROM ${given} CROSS JOIN (VALUES ${this.keysOf([label])}) AS k (id)`,
        values,
      );
      const ids = part.map((each) => each.id);
      this.identityChanged.push(...ids);
      if (this.repeatsStamps) await this.connection.query(identityStampText, [ids.map(String)]);
    }
  }

  /** Whether rows of resources repeat the versions of their documents. */
  private get repeatsStamps(): boolean {
    return generations[this.plans.version].repeatsStamps;
  }

  /** Lets the rows of descriptors repeat the versions of their documents, where no trigger does it. */
  private async mirrorDescriptors(): Promise<void> {
    if (!this.repeatsStamps) return;
    const columns = ['ContentVersion', 'ContentLastModifiedAt'];
    const set = columns.map((name) => `${quote(name)} = d.${quote(name)}`).join(', ');
    const [left, right] = ['t', 'd'].map((alias) => columns.map((name) => `${alias}.${quote(name)}`).join(', '));
    const id = quote('DocumentId');
    await this.connection.execute(
      `UPDATE ${pgsqlName(core.descriptor)} AS t SET ${set} FROM ${pgsqlName(core.document)} AS d WHERE d.${id} = t.${id} AND (${left}) IS DISTINCT FROM (${right})`,
    );
  }

  private async idsByUuid(uuids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.connection.query<{ uuid: string; id: unknown }>(
      `SELECT ${quote('DocumentUuid')}::text AS uuid, ${quote('DocumentId')} AS id FROM ${pgsqlName(core.document)} WHERE ${quote('DocumentUuid')} = ANY($1::uuid[])`,
      [uuids],
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
    const holdsRenamed = this.holdsRenamed(label);
    let page: Pick<NumberedDocument, 'checked' | 'id'>[] = [];
    for (const { uuid, document } of this.translated.documents(label)) {
      const own = mustExist(uuid, `the uuid of a document of ${label}`);
      const checked = this.checkedOf(label, document);
      let id = this.uuids.get(own);
      if (id === undefined) {
        if (!this.isWritten(label)) throw new Error(`A rule makes a document of ${label}, which was not foreseen.`);
        const [taken] = await this.take(core.document, 1);
        id = Number(taken);
        this.uuids.set(own, id);
        this.added.add(id);
        const versions = repeatsStamps ? await this.take(core.changeVersionSequence, 1) : [];
        const key = String(checked.plans.identity.resourceKeyId);
        await this.rows.add(core.document, columns, [[String(id), own, key, ...versions]]);
      }
      this.staying.add(id);
      this.identities.set(checked.referentialId, id);
      if (checked.superclass !== null) this.identities.set(checked.superclass.referentialId, id);
      if (!holdsRenamed) continue;
      page.push({ checked, id });
      if (page.length < mostIds) continue;
      await this.findRenamed(page);
      page = [];
    }
    if (page.length > 0) await this.findRenamed(page);
  }

  private keysOf(labels: readonly string[]): string {
    const wanted = new Set(labels);
    const ids = this.plans.mappingSet.model.effectiveSchema.resourceKeys.flatMap((key) =>
      wanted.has(resourceLabel(key)) ? [key.id] : [],
    );
    return `(${ids.join(', ')})`;
  }

  private async removeIdentitiesOf(ids: readonly number[]): Promise<void> {
    for (const part of chunk(ids, mostIds))
      await this.connection.query(`DELETE FROM ${identitiesTable} WHERE ${quote('DocumentId')} = ANY($1::bigint[])`, [
        part.map(String),
      ]);
  }

  /** The referential ids that rewritten documents had. */
  private async removeIdentities(labels: readonly string[]): Promise<void> {
    if (labels.length === 0) return;
    const id = quote('DocumentId');
    await this.connection.execute(
      `DELETE FROM ${identitiesTable} WHERE ${id} IN (SELECT d.${id} FROM ${pgsqlName(core.document)} AS d WHERE d.${quote('ResourceKeyId')} IN ${this.keysOf(labels)})`,
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
      const id = mustExist(this.uuids.get(later.uuid ?? ''), `the id of ${later.uuid}`);
      page.push({ later, checked, id });
      if (page.length >= mostIds) await flush();
    }
    await flush();
  }

  /** The versions and times of documents, by id. */
  private async stampsOf(ids: readonly number[]) {
    const found = await this.connection.query<{ id: unknown; version: string; time: string }>(
      `SELECT ${quote('DocumentId')} AS id, ${quote('ContentVersion')}::text AS version, ${quote('ContentLastModifiedAt')}::text AS time FROM ${pgsqlName(core.document)} WHERE ${quote('DocumentId')} = ANY($1::bigint[])`,
      [ids.map(String)],
    );
    return new Map(found.map(({ id, version, time }) => [Number(id), { version, time }]));
  }

  /** Gives changed documents new versions where rows repeat them; else the end does. */
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
    if (changed.length > 0) await this.connection.query(stampText, [changed.map(String)]);
    if (moved.length > 0) await this.connection.query(identityStampText, [moved.map(String)]);
  }

  private async writePage(page: readonly NumberedDocument[]): Promise<void> {
    const [first] = page;
    if (!first) return;
    const rules = bulkRules[this.plans.version];
    // new documents have their rows before their stamps are asked for
    await this.rows.write();
    await this.restamp(page);
    const stamps = await this.stampsOf(page.map(({ id }) => id));
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

  /** Removes what became part of others, and what is not carried. */
  private async removeLeft(): Promise<void> {
    const gone = this.stored.filter((id) => !this.staying.has(id)).map(String);
    if (gone.length === 0) return;
    const id = quote('DocumentId');
    const keys = await this.connection.query<{ key: unknown }>(
      `SELECT DISTINCT ${quote('ResourceKeyId')} AS key FROM ${pgsqlName(core.document)} WHERE ${id} = ANY($1::bigint[])`,
      [gone],
    );
    const held = new Set(keys.map(({ key }) => Number(key)));
    for (const { resourceKey, tablesInDependencyOrder } of this.plans.mappingSet.model.resources) {
      const [root] = tablesInDependencyOrder;
      if (!root || !held.has(resourceKey.id)) continue;
      await this.connection.query(`DELETE FROM ${pgsqlName(root.table)} WHERE ${id} = ANY($1::bigint[])`, [gone]);
    }
    // one statement: a document may name another one
    await this.connection.query(`DELETE FROM ${pgsqlName(core.document)} WHERE ${id} = ANY($1::bigint[])`, [gone]);
  }
}

const nextVersion = `nextval(${stringLiteral(pgsqlName(core.changeVersionSequence))}::regclass)`;

/** A new version and time for documents. */
const stampText = `UPDATE ${pgsqlName(core.document)} SET ${quote('ContentVersion')} = ${nextVersion}, ${quote('ContentLastModifiedAt')} = now() WHERE ${quote('DocumentId')} = ANY($1::bigint[])`;

const identityStampText = stampText.replace(
  ' WHERE ',
  `, ${quote('IdentityVersion')} = ${nextVersion}, ${quote('IdentityLastModifiedAt')} = now() WHERE `,
);

/**
 * Writes what a translation gives, while the tables of rewritten resources are empty and have neither triggers nor keys
 * to others.
 */
export const writeTranslated = (
  connection: Connection,
  translation: UpgradeTranslation,
  translated: TranslatedDocuments,
): Promise<WrittenDocuments> => new TranslationWriter(connection, translation, translated).write();

/** Gives changed documents their versions, so that the journal, whose trigger is there again, records them. */
export async function stampTranslated(
  connection: Connection,
  { compiled }: UpgradeTranslation,
  { added, restamped, identityChanged }: WrittenDocuments,
): Promise<void> {
  if (generations[compiled.after.plans.version].repeatsStamps) {
    await connection.execute(requeueText);
    return;
  }
  for (const part of chunk([...added], mostIds)) await connection.query(eventsText, [part.map(String)]);
  for (const part of chunk([...restamped], mostIds)) await connection.query(stampText, [part.map(String)]);
  for (const part of chunk([...identityChanged], mostIds))
    await connection.query(identityStampText, [part.map(String)]);
}

/** The first event of new documents that the journal's trigger has not seen. */
const eventsText = `INSERT INTO ${pgsqlName(coreV1.documentChangeEvent)} (${columnList(dialectRules.pgsql, ['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'])}) SELECT d.${quote('ContentVersion')}, d.${quote('DocumentId')}, d.${quote('ResourceKeyId')}, now() FROM ${pgsqlName(core.document)} AS d WHERE d.${quote('DocumentId')} = ANY($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM ${pgsqlName(coreV1.documentChangeEvent)} AS e WHERE e.${quote('DocumentId')} = d.${quote('DocumentId')})`;

/** What waits to be projected waits for the version that the document has now. */
const requeueText = `UPDATE ${pgsqlName(coreV2.documentProjectionWork)} AS w SET ${quote('RequiredContentVersion')} = d.${quote('ContentVersion')} FROM ${pgsqlName(core.document)} AS d WHERE d.${quote('DocumentId')} = w.${quote('DocumentId')} AND w.${quote('RequiredContentVersion')} < d.${quote('ContentVersion')}`;
