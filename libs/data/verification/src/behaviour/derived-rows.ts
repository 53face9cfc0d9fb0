import { authColumns, authTable, type Inventory } from '@dms/inventory';
import { abstractIdentityRules, type CopyRule } from '@dms/laws';
import { type AbstractUnionView, type DbTableName, mustExist, qualified, type RelationalModelSet } from '@dms/model';
import type { PlainSql, QualifiedName } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import type { BehaviourSession, RowsOf, SelectedRows } from './behaviour-session.ts';
import { type CheckPlace, compareRows, type Failures } from './failures.ts';
import { plainDecimal } from './value-domains.ts';

/** An abstract resource: the law of its identity table, and the view of the same rows. */
export interface AbstractIdentity {
  readonly rule: CopyRule;
  readonly columns: readonly string[];
  /** The columns of decimals: members may store them with other digits. */
  readonly decimals: ReadonlySet<string>;
  readonly view: DbTableName | null;
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

  /**
   * R5: the hierarchy is the closure of the entity tables (design 07 §9.6). It is computed from the rows that a trial
   * read: the law computes it in the database, on SQL Server with statements that no query of a trial can contain.
   */
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
  const rules = new Map(abstractIdentityRules({ model, inventory }).map((rule) => [qualified(rule.table), rule]));
  const views = new Map(
    model.abstractUnionViews.map((view): [number, AbstractUnionView] => [view.resourceKey.id, view]),
  );
  return model.abstractIdentityTables.map(({ table, resourceKey }) => ({
    rule: mustExist(rules.get(qualified(table.table)), `the law of ${qualified(table.table)}`),
    columns: table.columns.map(({ name }) => name),
    decimals: new Set(table.columns.flatMap(({ name, scalarType }) => (scalarType?.kind === 'Decimal' ? [name] : []))),
    view: views.get(resourceKey.id)?.view ?? null,
  }));
}

/** The abstract identities that contain the rows of a root table, for its rows alone. */
export const abstractsOf = (abstracts: readonly AbstractIdentity[], root: QualifiedName): readonly AbstractIdentity[] =>
  abstracts.flatMap((each) => {
    const { rule } = each;
    const arms = rule.expected.arms.filter(({ reads }) => qualified(reads) === qualified(root));
    return arms.length === 0 ? [] : [{ ...each, rule: { ...rule, expected: { ...rule.expected, arms } } }];
  });

/** Adds the columns that `checkAbstract` reads; `where` limits the rows to some documents. */
export function selectAbstract(
  { rule, columns, view }: AbstractIdentity,
  selected: SelectedRows,
  where?: PlainSql,
): void {
  selected.add(rule.table, columns, where);
  if (view) selected.add(view, columns, where);
  for (const { reads, columns: own } of rule.expected.arms) selected.add(reads, own);
}

/**
 * The abstract identity table has the rows that the law requires, and the view returns the same set. The law says
 * nothing of views, which are no rows of a state.
 */
export function checkAbstract(abstract: AbstractIdentity, rowsOf: RowsOf, place: CheckPlace): void {
  const { rule, view } = abstract;
  const expected = rule.expected.arms.flatMap(({ reads, row }) =>
    rowsOf(reads).map((shown) => rowText(abstract, row(shown))),
  );
  const stored = rowsOf(rule.table).map((row) => rowText(abstract, row));
  compareRows(place, qualified(rule.table), expected, stored);
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
