import { core } from '../core-objects.ts';
import { qualified } from '../full-names.ts';
import { generations } from '../generations.ts';
import type { DbTableName, ForeignKeyConstraint, RelationalModelSet, Table } from '../model.ts';
import { type ModelIndex, newModelIndex } from '../model-index.ts';
import type { RowRules } from '../row-rules.ts';

/** A model with its index, and what only the invariants look up. */
export class InspectedModel {
  readonly model: RelationalModelSet;
  readonly index: ModelIndex;
  readonly rows: RowRules;
  readonly abstractTables: ReadonlySet<string>;
  /** Identity paths of every resource that can be referenced, by label. */
  readonly identityPaths = new Map<string, readonly string[]>();
  private readonly fallbackKeys: ReadonlySet<string>;

  constructor(model: RelationalModelSet) {
    this.model = model;
    this.index = newModelIndex(model);
    this.rows = generations[model.effectiveSchema.relationalMappingVersion];
    this.abstractTables = new Set(model.abstractIdentityTables.map(({ table }) => qualified(table.table)));
    for (const [label, { table }] of this.index.abstracts)
      this.identityPaths.set(
        label,
        table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      );
    for (const [label, { identityElements }] of this.index.resources)
      this.identityPaths.set(
        label,
        identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical),
      );
    this.fallbackKeys = new Set(
      model.propagationFallbacks.map(
        ({ receiverTable, receiverFkColumn }) => `${qualified(receiverTable)} ${receiverFkColumn}`,
      ),
    );
  }

  /** Reference foreign keys of a table: those over the document id of a reference. */
  referenceKeysOf(table: Table): readonly ForeignKeyConstraint[] {
    const fkColumns = new Set<string>(this.index.bindingsOn(table).map(({ fkColumn }) => fkColumn));
    if (fkColumns.size === 0) return [];
    return this.index
      .foreignKeysOf(table)
      .filter(({ columns }) => fkColumns.has(this.rows.referenceColumn(columns) ?? ''));
  }

  /**
   * Whether the target columns of a reference key are unique: the primary key if the key was reduced, otherwise a
   * unique key.
   */
  isTargetUnique(table: Table, key: ForeignKeyConstraint, target: Table): boolean {
    const isReduced = this.fallbackKeys.has(`${qualified(table.table)} ${key.columns[0]}`);
    const keys = isReduced ? [keyNames(target)] : uniques(target).map(({ columns }) => columns);
    return keys.some((columns) => sameList(columns, key.targetColumns));
  }
}

export const isDescriptorTable = (table: DbTableName) => qualified(table) === qualified(core.descriptor);
export const sameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((x, i) => x === b[i]);
export const uniques = ({ constraints }: Table) =>
  constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint] : []));
export const keyNames = ({ key }: Table) => key.columns.map(({ name }) => name);

/** Keys of document references: not structural, not to descriptors. */
export function referenceKeys(inspected: InspectedModel): { table: Table; key: ForeignKeyConstraint }[] {
  return inspected.index.tables.flatMap(({ table }) => inspected.referenceKeysOf(table).map((key) => ({ table, key })));
}
