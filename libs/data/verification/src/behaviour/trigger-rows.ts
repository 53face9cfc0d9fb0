import { type Column, core, isMirroredKind, mustExist, qualified, type Table } from '@dms/model';
import type { ConstrainedTable } from '../verification-dialect.ts';
import { WorldValues } from './column-values.ts';
import type { BehaviourContext } from './world.ts';
import { referenceTargets, spreadOver, type WorldResource, type WorldTable, worldResources } from './world-tables.ts';

/** Greater than every value of the other worlds. */
const firstValue = 300_000;

/** The documents have ids and versions that need 64 bits, so that everything that copies one must hold them. */
const firstDocument = 1_000_000_000_000;
const firstVersion = 2_000_000_000_000;

/** No document has this id or a greater one. */
const firstUnknownDocument = 1_000_000_000_000_000;

/** Three documents have rows; rows can move to the fourth. */
const documentsOfResource = 4;

/** A table has at most four rows, and each of them gets at most three values. */
export const rowsOfTable = 4;
export const turns = 3;

/** Code values of descriptors in letters of both cases, beyond those of ASCII where the database knows their cases. */
const codeValues = { ascii: 'First VALUE', all: 'Ärger ÉÑ ŁÓDŹ žluťoučký' } as const;

type Values = Map<string, string | null>;

/** The rows of a table, in the order of their documents; the first document has two below a root. */
export interface MadeTable {
  readonly table: WorldTable;
  readonly rows: readonly { readonly documentId: number; readonly values: Values }[];
}

/** The rows on which R17 tries triggers: of three documents of each resource, with no keys between them. */
export class TriggerRows {
  readonly resources: readonly WorldResource[];
  private readonly given: BehaviourContext;
  private readonly values = new WorldValues(firstValue);
  private readonly targets: ReturnType<typeof referenceTargets>;
  private readonly types: ReadonlyMap<string, string>;
  private readonly ids = new Map<string, readonly number[]>();
  private descriptors: readonly string[] = [];
  /** Of the descriptors, by document id. */
  uris: ReadonlyMap<string, string> = new Map();

  constructor(given: BehaviourContext) {
    this.given = given;
    const { model, inventory, catalog } = given.input;
    const resources = worldResources(model);
    // switching off the keys of all tables of a data standard would take as long as all other checks
    const tried = new Set(spreadOver(resources));
    // what is recorded of a changed key may be read from the row of a person
    const joined = new Set(
      inventory.trackedChangeTables.flatMap(({ personJoins }) =>
        personJoins.flatMap(({ joinPath }) => joinPath.map(({ targetTable }) => qualified(targetTable))),
      ),
    );
    this.resources = resources.filter((each) => tried.has(each) || joined.has(each.root.name));
    this.targets = referenceTargets(model, this.resources);
    this.types = new Map(
      catalog.tables.flatMap((table) =>
        table.columns.map((column): [string, string] => [`${qualified(table)}.${column.name}`, column.type]),
      ),
    );
  }

  /** Takes the keys out of the way and makes the documents. False if the role may not do so. */
  async begin(): Promise<boolean> {
    const { session } = this.given;
    if (!(await session.unchecked(this.constraints()))) return false;
    await session.change(`ALTER SEQUENCE ${session.table(core.changeVersionSequence)} RESTART WITH ${firstVersion}`);
    await this.makeDescriptors();
    await this.makeDocuments();
    return true;
  }

  /** The documents of a resource; the last has no rows. */
  idsOf({ label }: WorldResource): readonly number[] {
    return this.ids.get(label) ?? [];
  }

  /** The keys between resources, and the checks of references. */
  private constraints(): readonly ConstrainedTable[] {
    const { session } = this.given;
    return this.resources.flatMap(({ root, lower }) =>
      [root, ...lower].map(({ table }) => {
        const names = (some: Table['constraints']) => some.map(({ name }) => session.quote(name));
        return {
          table: session.table(table.table),
          foreignKeys: names(
            table.constraints.filter(
              (each) => each.kind === 'ForeignKey' && each.targetTable.schema !== core.document.schema,
            ),
          ),
          checks: names(table.constraints.filter(({ kind }) => kind !== 'ForeignKey' && kind !== 'Unique')),
        };
      }),
    );
  }

  /** Removes what no transaction undoes: the rows, and then the absence of the constraints. */
  async restore(): Promise<void> {
    const { session } = this.given;
    if (session.dialect.checked === null) return;
    const lower = this.resources.flatMap((entry) =>
      entry.lower.map(({ table }) => `DELETE FROM ${session.table(table.table)}`),
    );
    await session.change(...lower, `DELETE FROM ${session.table(core.document)}`);
    await session.checked(this.constraints());
  }

  private async makeDescriptors(): Promise<void> {
    const { session, documents, coreRows, input } = this.given;
    const [row] = await session.query<{ lower: string }>(`SELECT lower(${session.literal('É')}) AS lower`);
    const keyId = mustExist(input.model.effectiveSchema.resourceKeys[0], 'a resource').id;
    const made: [string, string][] = [];
    const codeValue = codeValues[row?.lower === 'é' ? 'all' : 'ascii'];
    for (let index = 0; index < rowsOfTable * turns; index += 1) {
      const id = await documents.insert(keyId);
      // as long as they may be, because what is recorded of a key must hold them
      const own = `${codeValue} ${index}`.padEnd(50, 'x');
      const namespace = `uri://verification/${index}/`.padEnd(255, 'x');
      const values = new Map([
        ...coreRows.descriptor(id, keyId, own),
        ['Namespace', namespace],
        ['Uri', `${namespace}#${own}`],
      ]);
      await session.change(session.insertText(core.descriptor, values));
      made.push([String(id), mustExist(values.get('Uri'), 'the URI of a descriptor')]);
    }
    this.descriptors = made.map(([id]) => id);
    this.uris = new Map(made);
  }

  private async makeDocuments(): Promise<void> {
    const { session, documents } = this.given;
    const uuids = this.resources.map((entry) => ({
      entry,
      uuids: Array.from({ length: documentsOfResource }, () => documents.nextUuid()),
    }));
    await session.change(
      ...uuids.flatMap(({ entry, uuids: own }, index) =>
        own.map((uuid, position) =>
          documents.insertText(
            uuid,
            entry.resource.resourceKey.id,
            firstDocument + index * documentsOfResource + position,
          ),
        ),
      ),
    );
    const rows = await session.rows({ table: core.document, columns: ['DocumentId', 'DocumentUuid'] });
    const byUuid = new Map(rows.map((row) => [row.DocumentUuid?.toLowerCase(), Number(row.DocumentId)]));
    for (const { entry, uuids: own } of uuids)
      this.ids.set(
        entry.label,
        own.map((uuid) => byUuid.get(uuid) ?? Number.NaN),
      );
  }

  /** A value of a column for a row; each row has another one, and another for each `turn`. */
  valueOf(entry: WorldTable, column: Column, position: number, turn: number): string {
    const place = position + turn * rowsOfTable;
    if (column.kind === 'DescriptorFk') return this.descriptors[place] ?? '0';
    const reference = [...entry.references, ...entry.optionalReferences].find(
      ({ documentColumn }) => documentColumn === column.name,
    );
    if (reference) {
      const [target] = this.targets.get(qualified(reference.target)) ?? [];
      const ids = (target && this.ids.get(target.label)?.slice(0, -1)) ?? [];
      // what a root row takes over from the documents that it names changes with them
      const isKey = entry.table.constraints.some(
        ({ kind, ...each }) =>
          kind === 'Unique' && 'columns' in each && each.columns.length === 1 && each.columns[0] === column.name,
      );
      const isUnlike = entry.parent || isKey || position >= ids.length;
      return String(ids[isUnlike ? place : (position + turn) % ids.length] ?? firstUnknownDocument + place);
    }
    if (!column.scalarType) return String(place);
    if (column.scalarType.kind === 'Boolean') return turn % 2 === 0 ? 'true' : 'false';
    return this.values.next(column.scalarType);
  }

  /** The values of a row, which repeats those of the row above it. */
  private rowOf(
    entry: WorldTable,
    { documentId, position, turn }: { readonly documentId: number; readonly position: number; readonly turn: number },
    parent?: Values,
  ): Values {
    const values: Values = new Map();
    for (const column of entry.table.columns) {
      const { name, storage, kind } = column;
      if (storage.kind !== 'Stored' || isMirroredKind(kind)) continue;
      const repeated = entry.parent?.targetColumns[(entry.parent.columns as readonly string[]).indexOf(name)];
      const inherited = repeated === undefined ? undefined : parent?.get(repeated);
      if (name === 'DocumentId' || name === entry.documentColumn) values.set(name, String(documentId));
      else values.set(name, inherited ?? this.valueOf(entry, column, position, turn));
    }
    return values;
  }

  /** Rows of the first three documents in one statement, two of the first document where it may have several. */
  made(entry: WorldTable, ids: readonly number[], parents: MadeTable | undefined, turn = 0): MadeTable {
    const above = new Set<string>([entry.documentColumn, ...(entry.parent?.columns ?? [])]);
    const isOnly = entry.table.key.columns.every(({ name }) => above.has(name));
    const order = isOnly ? [0, 1, 2] : [0, 0, 1, 2];
    const rows = order.map((at, position) => {
      const documentId = ids[at] ?? Number.NaN;
      const parent = parents?.rows.find((row) => row.documentId === documentId);
      return { documentId, values: this.rowOf(entry, { documentId, position, turn }, parent?.values) };
    });
    return { table: entry, rows };
  }

  /** A root row of the last document, which names documents that no other row names. */
  madeLast(entry: WorldTable, ids: readonly number[]): MadeTable {
    const documentId = ids.at(-1) ?? Number.NaN;
    const values = this.rowOf(entry, { documentId, position: ids.length - 1, turn: 0 });
    return { table: entry, rows: [{ documentId, values }] };
  }

  insertText({ table, rows }: MadeTable): string {
    return this.given.session.insertRowsText(
      table.table.table,
      rows.map(({ values }) => ({ values, expressions: new Map() })),
    );
  }

  /** An update of columns that gives the row of each document values of its own. */
  update({ table, rows }: MadeTable, columns: readonly Column[], ids: readonly number[], turn: number): string {
    const { session } = this.given;
    const assignments = columns.map((column) => {
      const place = `${table.name}.${column.name}`;
      const type = mustExist(this.types.get(place), `the type of ${place}`);
      const arms = rows.flatMap(({ documentId, values }, position) => {
        if (!ids.includes(documentId)) return [];
        const key = table.table.key.columns.map(
          ({ name }) => `${session.quote(name)} = ${session.literal(values.get(name) ?? null)}`,
        );
        const value = session.literal(this.valueOf(table, column, position, turn));
        return [`WHEN ${key.join(' AND ')} THEN CAST(${value} AS ${type})`];
      });
      return `${session.quote(column.name)} = CASE ${arms.join(' ')} END`;
    });
    const where = `${session.quote(table.documentColumn)} IN (${ids.join(', ')})`;
    return `UPDATE ${session.table(table.table.table)} SET ${assignments.join(', ')} WHERE ${where}`;
  }

  /** The columns of a row that a statement can change by themselves. */
  changeable({ table, parent, documentColumn }: WorldTable): readonly Column[] {
    const fixed = new Set<string>([
      documentColumn,
      ...(parent?.columns ?? []),
      ...(parent ? table.key.columns.map(({ name }) => name) : []),
    ]);
    return table.columns.filter(
      ({ name, storage, kind }) => storage.kind === 'Stored' && !isMirroredKind(kind) && !fixed.has(name),
    );
  }

  /**
   * The columns of a root row that a statement can change at once: of a key that is made up of references, the first or
   * the last stays, so that rows stay unlike.
   */
  changeableAtOnce(entry: WorldTable, staying: 'first' | 'last'): readonly Column[] {
    const references = new Set<string>(
      [...entry.references, ...entry.optionalReferences].map(({ documentColumn }) => documentColumn),
    );
    const kept = new Set<string>(
      entry.table.constraints.flatMap((each) =>
        each.kind === 'Unique' && each.columns.length > 1 && each.columns.every((column) => references.has(column))
          ? each.columns.slice(...(staying === 'first' ? [0, 1] : [-1]))
          : [],
      ),
    );
    return this.changeable(entry).filter(({ name }) => !kept.has(name));
  }
}
