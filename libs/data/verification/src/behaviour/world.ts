import type { ResourceKeyEntry } from '@dms/api-schema';
import type { CheckedSet } from '@dms/checking';
import { type Column, core, type DbTableName, mustExist, qualified } from '@dms/model';
import type { RowText, Selection } from '../verification-dialect.ts';
import { type BehaviourSession, type ObservedChange, outcomeText } from './behaviour-session.ts';
import { WorldValues } from './column-values.ts';
import type { CoreRows } from './core-tables.ts';
import type { DocumentRows } from './document-rows.ts';
import type { Failures } from './failures.ts';
import { noKeyLeft, type WorldKeys } from './keys.ts';
import { type SharedColumn, sharedColumns } from './shared-values.ts';
import {
  type RowReference,
  referenceTargets,
  uniqueColumnsOf,
  type WorldResource,
  type WorldTable,
  worldResources,
} from './world-tables.ts';

/** State that the checks of resources share. */
export interface BehaviourContext {
  readonly session: BehaviourSession;
  readonly documents: DocumentRows;
  readonly input: CheckedSet;
  readonly failures: Failures;
  readonly coreRows: CoreRows;
  /** The keys of all rows that stay. */
  readonly keys: WorldKeys;
}

/** A document of the world. */
export interface WorldDocument extends WorldResource {
  readonly documentId: number;
  /** The lower tables that hold a row. */
  readonly filled: readonly WorldTable[];
}

/** A document whose root row is a copy of a row of the full world with another identity. Nothing refers to it. */
export interface SpareDocument extends WorldDocument {
  /** An identity column in which it differs. */
  readonly own: Column;
}

export interface SkippedTable {
  readonly table: string;
  readonly reason: string;
}

/** One document per resource; every reference to a resource points at it (design 09b §2.3). */
export interface World {
  readonly documents: readonly WorldDocument[];
  /** The document of the descriptor that all descriptor columns hold. */
  readonly descriptorId: number;
  /** The resource key of that descriptor. */
  readonly descriptorKeyId: number;
  readonly skipped: readonly SkippedTable[];
  readonly values: WorldValues;
}

interface WorldOptions {
  readonly values?: WorldValues;
  /** Whether the shared descriptor may belong to a resource. */
  readonly isDescriptor?: (resource: ResourceKeyEntry) => boolean;
  /** The code value of the shared descriptor. */
  readonly codeValue?: string;
}

/** Makes the world in the database of a session. Rows that are refused are failures of R1 and R2. */
export async function buildWorld(
  context: BehaviourContext,
  { values = new WorldValues(), isDescriptor = () => true, codeValue = 'Shared Value' }: WorldOptions = {},
): Promise<World> {
  const { session, documents, coreRows } = context;
  const { model } = context.input;
  const resources = worldResources(model);
  const [first] = model.effectiveSchema.resourceKeys;
  const descriptorKey = model.resources.find(
    ({ storageKind, resourceKey }) => storageKind === 'SharedDescriptorTable' && isDescriptor(resourceKey),
  )?.resourceKey;
  const descriptorKeyId = mustExist(descriptorKey ?? first, 'a resource').id;
  const descriptorId = await documents.insert(descriptorKeyId);
  await session.change(
    session.insertText(core.descriptor, coreRows.descriptor(descriptorId, descriptorKeyId, codeValue)),
  );
  const builder = new WorldBuilder(context, resources, descriptorId, values);
  let reasons = new Map<string, string>();
  // a cycle that was entered at the wrong resource is tried again
  for (let known = -1; known < builder.built.length; ) {
    known = builder.built.length;
    reasons = new Map();
    for (const entry of resources) {
      const made = await builder.root(entry);
      if (made.kind !== 'built') reasons.set(entry.label, made.reason);
    }
    if (reasons.size === 0) break;
  }
  const skipped: SkippedTable[] = resources.flatMap(({ label, root, lower }) => {
    const reason = reasons.get(label);
    return reason === undefined ? [] : [root, ...lower].map(({ table }) => ({ table: qualified(table.table), reason }));
  });
  const made: WorldDocument[] = [];
  for (const entry of builder.built) {
    const root = builder.roots.get(entry.label);
    if (root?.kind !== 'built') continue;
    made.push({ ...entry, documentId: root.documentId, filled: await builder.lower(entry, root.documentId, skipped) });
  }
  return { documents: made, descriptorId, descriptorKeyId, skipped, values };
}

type BuiltRoot =
  | { readonly kind: 'built'; readonly documentId: number }
  /** The resource refers to itself through its targets. */
  | { readonly kind: 'cycle'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

const versionColumns = ['ContentVersion', 'IdentityVersion'];

/** A row to be inserted below a root. */
interface LowerRow {
  readonly child: WorldTable;
  /** The statement that inserts the row, and the selections of its document that are read afterwards. */
  readonly insert: ObservedChange;
  /** The table of the row that encloses it. */
  readonly parent: string;
}

class WorldBuilder {
  readonly roots = new Map<string, BuiltRoot & { kind: 'built' | 'failed' }>();
  /** The built resources, in the order of completion. */
  readonly built: WorldResource[] = [];
  private readonly session: BehaviourSession;
  private readonly documents: DocumentRows;
  private readonly failures: Failures;
  private readonly keys: WorldKeys;
  private readonly values: WorldValues;
  private readonly targets: ReadonlyMap<string, readonly WorldResource[]>;
  private readonly sharedColumn: ReturnType<typeof sharedColumns>;
  private readonly sharedValues = new Map<SharedColumn, string>();
  private readonly descriptorId: number;
  private readonly building = new Set<string>();
  /** Content versions of documents that have only a root row. */
  private readonly rootVersions = new Map<number, number>();
  /** Rows of root tables by table and document, as they were read back. */
  private readonly rootRows = new Map<string, RowText>();
  /** Parts of rows of abstract tables that root tables refer to. */
  private readonly abstractRows = new Map<string, RowText>();

  constructor(
    { session, documents, input, failures, keys }: BehaviourContext,
    resources: readonly WorldResource[],
    descriptorId: number,
    values: WorldValues,
  ) {
    this.session = session;
    this.documents = documents;
    this.failures = failures;
    this.keys = keys;
    this.values = values;
    this.targets = referenceTargets(input.model, resources);
    this.sharedColumn = sharedColumns(input, resources, this.targets);
    this.descriptorId = descriptorId;
  }

  /** Makes the document of a resource, after the documents that it must refer to. */
  async root(entry: WorldResource): Promise<BuiltRoot> {
    const known = this.roots.get(entry.label);
    if (known) return known;
    if (this.building.has(entry.label)) return { kind: 'cycle', reason: `${entry.label} refers to itself` };
    this.building.add(entry.label);
    try {
      const made = await this.makeRoot(entry);
      // a cycle may disappear if it is entered at another resource
      if (made.kind !== 'cycle') this.roots.set(entry.label, made);
      return made;
    } finally {
      this.building.delete(entry.label);
    }
  }

  private async makeRoot(entry: WorldResource): Promise<BuiltRoot> {
    const given = await this.references(entry.root, entry.label);
    if (!(given instanceof Map)) return given;
    const { table } = entry.root;
    const own = this.complete(entry.root, given, ['DocumentId']);
    const values = this.keys.free(table.table, given, own, this.keys.valuesOf(table.table, this.values));
    if (values === null) return { kind: 'failed', reason: noKeyLeft };
    for (const column of own) {
      const shared = this.sharedColumn(table, column);
      const value = values.get(column) ?? null;
      if (shared && value !== null && !this.sharedValues.has(shared)) this.sharedValues.set(shared, value);
    }
    const uuid = this.documents.nextUuid();
    const id = this.documents.idExpression(uuid);
    const where = this.session.equal('DocumentId', id);
    const versions: Selection = { table: core.document, columns: versionColumns, where };
    const outcome = await this.session.attempt(
      { statements: [this.documents.insertText(uuid, entry.resource.resourceKey.id)], selections: [versions] },
      {
        statements: [this.session.insertText(table.table, values, new Map([['DocumentId', id]]))],
        selections: [versions, { table: table.table, columns: table.columns.map(({ name }) => name), where }],
      },
    );
    if ('code' in outcome) {
      const text = outcomeText(outcome);
      this.failures.add('R1', entry.label, `a row in ${qualified(table.table)}`, text);
      return { kind: 'failed', reason: `its row was ${text}` };
    }
    const [before] = outcome[0] ?? [];
    const [after, rows] = outcome[1] ?? [];
    this.failures.equal('R3', `${entry.label}, its root row`, before, after);
    const row = rows?.[0] ?? {};
    const documentId = Number(row.DocumentId);
    this.rootVersions.set(documentId, Number(after?.[0]?.ContentVersion));
    this.rootRows.set(`${qualified(table.table)} ${documentId}`, row);
    this.keys.add(table.table, new Map(Object.entries(row)));
    this.built.push(entry);
    return { kind: 'built', documentId };
  }

  /** The values that required references and descriptors supply, or the reason why there are none. */
  private async references(
    entry: WorldTable,
    label: string,
  ): Promise<Map<string, string> | Exclude<BuiltRoot, { kind: 'built' }>> {
    const values = new Map<string, string>();
    /** Columns with the id of a document. */
    const ids = new Set<string>();
    for (const column of entry.descriptorColumns) values.set(column, String(this.descriptorId));
    const candidates = ({ target }: RowReference) => this.targets.get(qualified(target))?.length ?? 0;
    // a reference with one target decides which target another reference with several can have
    for (const reference of entry.references.toSorted((a, b) => candidates(a) - candidates(b))) {
      const { target, documentColumn, copies } = reference;
      const found = await this.target(reference, values);
      if (found.kind !== 'built') return found;
      const row = await this.referred(reference, found.documentId);
      this.set(values, entry, documentColumn, String(found.documentId));
      ids.add(documentColumn);
      for (const { sourceColumn, targetColumn } of copies) {
        const copied = row[sourceColumn] ?? null;
        if (sourceColumn === 'DocumentId') ids.add(targetColumn);
        if (copied === null) this.failures.add('R1', label, `a value of ${qualified(target)}.${sourceColumn}`, 'NULL');
        else if (!ids.has(targetColumn) && (values.get(targetColumn) ?? copied) !== copied)
          return { kind: 'failed', reason: `its references have no common value for ${targetColumn}` };
        else this.set(values, entry, targetColumn, copied);
      }
    }
    return values;
  }

  /** Sets a value; two references that require different documents in one column contradict key unification. */
  private set(values: Map<string, string>, { table }: WorldTable, column: string, value: string): void {
    const before = values.get(column);
    if (before !== undefined && before !== value) {
      this.failures.conflict(qualified(table.table), column, before, value);
      return;
    }
    values.set(column, value);
  }

  /** The document that a reference refers to: the first whose values agree with those that the row has. */
  private async target(reference: RowReference, values: ReadonlyMap<string, string>): Promise<BuiltRoot> {
    const key = qualified(reference.target);
    let other: BuiltRoot = { kind: 'failed', reason: `nothing is stored in ${key}` };
    for (const candidate of this.targets.get(key) ?? []) {
      const made = await this.root(candidate);
      if (made.kind !== 'built') {
        if (other.kind !== 'built') other = { ...made, reason: `it needs ${candidate.label}: ${made.reason}` };
        continue;
      }
      const row = await this.referred(reference, made.documentId);
      const agrees = reference.copies.every(({ sourceColumn, targetColumn }) => {
        const value = values.get(targetColumn);
        return value === undefined || value === row[sourceColumn];
      });
      if (agrees) return made;
      if (other.kind !== 'built') other = made;
    }
    return other;
  }

  /** The values of a document that a reference copies. */
  private referred({ target, copies }: RowReference, documentId: number): Promise<RowText> {
    return this.row(
      target,
      copies.map(({ sourceColumn }) => sourceColumn),
      documentId,
    );
  }

  private async row(table: DbTableName, columns: readonly string[], documentId: number): Promise<RowText> {
    const root = this.rootRows.get(`${qualified(table)} ${documentId}`);
    if (root) return root;
    const key = `${qualified(table)} ${documentId} ${columns.join(' ')}`;
    const known = this.abstractRows.get(key);
    if (known) return known;
    const where = this.session.equal('DocumentId', documentId);
    const [row = {}] = columns.length === 0 ? [] : await this.session.rows({ table, columns, where });
    this.abstractRows.set(key, row);
    return row;
  }

  /**
   * Gives a value to each required column that does not have one yet; returns the columns that could have another
   * value.
   */
  private complete({ table }: WorldTable, values: Map<string, string>, others: readonly string[] = []): string[] {
    const held = uniqueColumnsOf(table);
    const own: string[] = [];
    for (const { name, isNullable, storage, scalarType } of table.columns) {
      if (isNullable || storage.kind !== 'Stored' || values.has(name) || others.includes(name)) continue;
      if (scalarType === null) values.set(name, '0');
      else {
        own.push(name);
        const shared = this.sharedColumn(table, name);
        const known = shared && this.sharedValues.get(shared);
        const type = shared?.type ?? scalarType;
        values.set(name, known ?? (held.has(name) || shared ? this.values.next(type) : this.values.nextFree(type)));
      }
    }
    return own;
  }

  /** Fills the tables below a root with one row each; returns the tables that it filled. */
  async lower(entry: WorldResource, documentId: number, skipped: SkippedTable[]): Promise<WorldTable[]> {
    const root = entry.root.name;
    const keys = new Map<string, ReadonlyMap<string, string>>([[root, new Map([['DocumentId', String(documentId)]])]]);
    const referred = new Set(entry.lower.map(({ parent }) => parent && qualified(parent.targetTable)));
    const rows: LowerRow[] = [];
    for (const child of entry.lower) {
      const row = await this.lowerRow(entry, child, keys, referred.has(child.name));
      if ('reason' in row) skipped.push(row);
      else rows.push(row);
    }
    if (rows.length === 0) return [];
    const outcome = await this.session.attempt(...rows.map(({ insert }) => insert));
    if ('code' in outcome) return this.oneByOne(rows, skipped);
    let last = this.rootVersions.get(documentId) ?? 0;
    for (const [index, { child }] of rows.entries()) {
      const version = Number(outcome[index]?.[0]?.[0]?.ContentVersion);
      if (!(version > last)) this.failures.add('R3', child.name, `a version greater than ${last}`, String(version));
      last = version;
    }
    return rows.map(({ child }) => child);
  }

  /** The row of a lower table, whose key is added to `keys`, or the reason why there is none. */
  private async lowerRow(
    entry: WorldResource,
    child: WorldTable,
    keys: Map<string, ReadonlyMap<string, string>>,
    isReferredTo: boolean,
  ): Promise<LowerRow | SkippedTable> {
    const table = child.name;
    const { parent } = child;
    const parentKey = parent && keys.get(qualified(parent.targetTable));
    if (!parent || !parentKey) return { table, reason: 'the table above it has no row' };
    const values = await this.references(child, entry.label);
    if (!(values instanceof Map)) return { table, reason: values.reason };
    parent.columns.forEach((column, index) => {
      const value = parentKey.get(mustExist(parent.targetColumns[index], `the column that ${column} repeats`));
      if (value !== undefined) this.set(values, child, column, value);
    });
    const { columns } = child.table;
    for (const { name: column, kind } of columns)
      if (kind === 'Ordinal' && !values.has(column)) values.set(column, this.values.position);
    // the database generates the id of the row unless another row refers to it
    const own = isReferredTo ? [] : columns.filter(({ kind }) => kind === 'CollectionKey').map(({ name }) => name);
    this.complete(child, values, own);
    keys.set(table, values);
    const where = this.session.equal('DocumentId', Number(values.get(child.documentColumn)));
    return {
      child,
      insert: {
        statements: [this.session.insertText(child.table.table, values)],
        selections: [{ table: core.document, columns: versionColumns, where }],
      },
      parent: qualified(parent.targetTable),
    };
  }

  /** Inserts rows; at least one of them is refused. */
  private async oneByOne(rows: readonly LowerRow[], skipped: SkippedTable[]): Promise<WorldTable[]> {
    const filled: WorldTable[] = [];
    const missing = new Set<string>();
    for (const { child, insert, parent } of rows) {
      const table = child.name;
      if (missing.has(parent)) {
        missing.add(table);
        skipped.push({ table, reason: 'the table above it has no row' });
        continue;
      }
      const outcome = await this.session.outcome(...insert.statements);
      if (outcome === null) {
        filled.push(child);
        continue;
      }
      const text = outcomeText(outcome);
      missing.add(table);
      this.failures.add('R2', table, 'a row', text);
      skipped.push({ table, reason: `its row was ${text}` });
    }
    return filled;
  }
}
