import { type AbstractIdentityTrigger, authColumns, authTable, type Inventory } from '@dms/inventory';
import { type AbstractUnionView, type DbTableName, qualified, type RelationalModelSet } from '@dms/model';
import type { PlainSql, QualifiedName } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import type { BehaviourSession, RowsOf, SelectedRows } from './behaviour-session.ts';
import { type CheckPlace, compareRows, type Failures } from './failures.ts';
import { plainDecimal } from './value-domains.ts';

/** An abstract resource: its identity table, the triggers that maintain it, and the view of the same rows. */
export interface AbstractIdentity {
  readonly table: DbTableName;
  readonly columns: readonly string[];
  /** The columns of decimals: members may store them with other digits. */
  readonly decimals: ReadonlySet<string>;
  readonly view: DbTableName | null;
  readonly triggers: readonly AbstractIdentityTrigger[];
}

/** The rows that triggers maintain: identities, abstract identities and the hierarchy (R4, R5). */
export class DerivedRows {
  private readonly inventory: Inventory;
  private readonly identities: IdentityRows;
  private readonly abstracts: readonly AbstractIdentity[];

  constructor(model: RelationalModelSet, inventory: Inventory, selected: SelectedRows, identities: IdentityRows) {
    this.inventory = inventory;
    this.identities = identities;
    this.abstracts = abstractIdentities(model, inventory);
    this.select(selected);
  }

  /** Adds the columns that the checks read. */
  select(columns: SelectedRows): void {
    this.identities.select(columns);
    for (const each of this.abstracts) selectAbstract(each, columns);
    this.selectHierarchy(columns);
  }

  /** Adds the columns of the closure, and the columns from which it follows. */
  selectHierarchy(columns: SelectedRows): void {
    const { authEdOrgHierarchy } = this.inventory;
    if (authEdOrgHierarchy === null) return;
    columns.add(authTable, [authColumns.source, authColumns.target]);
    for (const { table, identityColumn, parentFks } of authEdOrgHierarchy.entities) {
      columns.add(table, [
        identityColumn,
        ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn),
      ]);
    }
  }

  /** Checks all rows, as R4 and R5 or as another check. */
  check(rowsOf: RowsOf, failures: Failures, check: string | null, because = ''): void {
    this.identities.check(rowsOf, { failures, check: check ?? 'R4', because });
    const place = { failures, check: check ?? 'R5', because };
    for (const each of this.abstracts) checkAbstract(each, rowsOf, place);
    this.hierarchy(rowsOf, place);
  }

  /** R5: the hierarchy is the closure of the entity tables (design 07 §9.6). */
  hierarchy(rowsOf: RowsOf, place: CheckPlace): void {
    const { authEdOrgHierarchy } = this.inventory;
    if (authEdOrgHierarchy === null) return;
    const parents = new Map<string, string[]>();
    for (const { table, identityColumn, parentFks } of authEdOrgHierarchy.entities)
      for (const row of rowsOf(table)) {
        const id = row[identityColumn] ?? '';
        const found = parentFks.flatMap(({ denormalizedParentIdColumn }) => row[denormalizedParentIdColumn] ?? []);
        parents.set(id, [...(parents.get(id) ?? []), ...found]);
      }
    const expected = [...parents.keys()].flatMap((id) => {
      const reached = new Set([id]);
      for (const each of reached) for (const parent of parents.get(each) ?? []) reached.add(parent);
      return [...reached].map((ancestor) => `${ancestor}, ${id}`);
    });
    const found = rowsOf(authTable).map((row) => `${row[authColumns.source]}, ${row[authColumns.target]}`);
    compareRows(place, qualified(authTable), expected, found);
  }
}

/** All abstract identities of a schema set. */
export function abstractIdentities(model: RelationalModelSet, inventory: Inventory): readonly AbstractIdentity[] {
  const triggers = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
  const views = new Map(
    model.abstractUnionViews.map((view): [number, AbstractUnionView] => [view.resourceKey.id, view]),
  );
  return model.abstractIdentityTables.map(({ table, resourceKey }) => ({
    table: table.table,
    columns: table.columns.map(({ name }) => name),
    decimals: new Set(table.columns.flatMap(({ name, scalarType }) => (scalarType?.kind === 'Decimal' ? [name] : []))),
    view: views.get(resourceKey.id)?.view ?? null,
    triggers: triggers.filter(({ targetTable }) => qualified(targetTable) === qualified(table.table)),
  }));
}

/** The abstract identities that contain the rows of a root table, with only its triggers. */
export const abstractsOf = (abstracts: readonly AbstractIdentity[], root: QualifiedName): readonly AbstractIdentity[] =>
  abstracts.flatMap((each) => {
    const triggers = each.triggers.filter(({ table }) => qualified(table) === qualified(root));
    return triggers.length === 0 ? [] : [{ ...each, triggers }];
  });

/** Adds the columns that `checkAbstract` reads; `where` limits the rows to some documents. */
export function selectAbstract(
  { table, columns, view, triggers }: AbstractIdentity,
  selected: SelectedRows,
  where?: PlainSql,
): void {
  selected.add(table, columns, where);
  if (view) selected.add(view, columns, where);
  for (const { table: source, targetColumnMappings } of triggers)
    selected.add(source, ['DocumentId', ...targetColumnMappings.map(({ sourceColumn }) => sourceColumn)]);
}

/** Every subclass document has its row in the abstract identity table, and the view returns the same set. */
export function checkAbstract(abstract: AbstractIdentity, rowsOf: RowsOf, place: CheckPlace): void {
  const { table, view, triggers } = abstract;
  const expected = triggers.flatMap(({ table: source, targetColumnMappings, resourceKeyIdValue, discriminatorValue }) =>
    rowsOf(source).map((row) => {
      const mapped = targetColumnMappings.map(({ sourceColumn, targetColumn }) => [targetColumn, row[sourceColumn]]);
      const made = {
        DocumentId: row.DocumentId,
        ResourceKeyId: String(resourceKeyIdValue),
        Discriminator: discriminatorValue,
        ...Object.fromEntries(mapped),
      };
      return rowText(abstract, made);
    }),
  );
  const stored = rowsOf(table).map((row) => rowText(abstract, row));
  compareRows(place, qualified(table), expected, stored);
  if (!view) return;
  const viewed = rowsOf(view).map((row) => rowText(abstract, row));
  compareRows(place, qualified(view), stored, viewed);
}

const rowText = ({ columns, decimals }: Pick<AbstractIdentity, 'columns' | 'decimals'>, row: RowText) =>
  columns
    .map((name) => {
      const value = row[name] ?? null;
      return value === null ? 'NULL' : decimals.has(name) ? plainDecimal(value) : value;
    })
    .join(', ');

/** The rows of the identity tables of a generation, which follow from rows of documents (design 09b §2.3). */
export interface IdentityRows {
  /** Whether an infinite date in an identity has a referential id. */
  readonly takesInfinity: boolean;
  /** Adds the columns that `check` reads. */
  select(selected: SelectedRows): void;
  /** R4: checks that all rows follow from the documents. */
  check(rowsOf: RowsOf, place: CheckPlace): void;
  /** Scalar expressions of the stored identity of a document: every identity gives each of them a different value. */
  keptOf(session: BehaviourSession, documentId: number): readonly PlainSql[];
  /** Adds the rows of the documents that meet a condition. */
  selectOf(selected: SelectedRows, where: PlainSql): void;
  /**
   * R17: checks that the rows of the documents of a root table follow. `uris` has the URIs of descriptors by document
   * id.
   */
  checkOf(root: DbTableName, rowsOf: RowsOf, uris: ReadonlyMap<string, string>, place: CheckPlace): void;
}
