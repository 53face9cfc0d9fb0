import { compareOrdinal } from '@dms/canonical-json';
import { append } from '@dms/diagnostics';
import { type AbstractIdentityTrigger, authTable, type Inventory } from '@dms/inventory';
import { type AbstractUnionView, type DbTableName, qualified, type RelationalModelSet } from '@dms/model';
import type { RowText } from '../verification-dialect.ts';
import type { Failures } from './failures.ts';
import type { RowsOf, SelectedRows } from './selected-rows.ts';

/** Texts that one side has and the other does not. */
interface SetDifference {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

function setDifference(expected: Iterable<string>, found: Iterable<string>): SetDifference {
  const [wanted, was] = [new Set(expected), new Set(found)];
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].filter((entry) => !other.has(entry)).sort(compareOrdinal);
  return { missing: only(wanted, was), extra: only(was, wanted) };
}

const shownEntries = 5;

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return 'none';
  const more = entries.length > shownEntries ? ` and ${entries.length - shownEntries} more` : '';
  return `${entries.slice(0, shownEntries).join('; ')}${more}`;
}

/** Fails unless both sides have the same rows, and says which rows only one side has. */
export function compareRows(
  failures: Failures,
  check: string,
  object: string,
  expected: Iterable<string>,
  found: Iterable<string>,
  because = '',
): void {
  const { missing, extra } = setDifference(expected, found);
  if (missing.length === 0 && extra.length === 0) return;
  const after = because === '' ? '' : ` after ${because}`;
  failures.add(check, `${object}${after}`, `rows ${listText(missing)}`, `rows ${listText(extra)}`);
}

const rowText = (columns: readonly string[], row: RowText) => columns.map((name) => row[name] ?? 'NULL').join(', ');

const sourceId = 'SourceEducationOrganizationId';
const targetId = 'TargetEducationOrganizationId';

/** An abstract resource: where its identities are kept, who keeps them, and the view of the same rows. */
interface AbstractIdentity {
  readonly table: DbTableName;
  readonly columns: readonly string[];
  readonly view: DbTableName | null;
  readonly triggers: readonly AbstractIdentityTrigger[];
}

/** The rows that a generation keeps of identities alone, beside the rows of documents from which they follow (design 09 §7.3). */
export interface IdentityRows {
  /** Adds what `check` needs to know. */
  select(selected: SelectedRows): void;
  /** R4: all rows follow; `because` says after what. */
  check(rowsOf: RowsOf, failures: Failures, check: string, because: string): void;
  /** Adds the rows of some documents. */
  selectOf(selected: SelectedRows, where: string): void;
  /** R17: the rows of the documents of a root table follow. `uris` has the descriptors by document id. */
  checkOf(root: DbTableName, rowsOf: RowsOf, uris: ReadonlyMap<string, string>, failures: Failures, because: string): void;
}

/** The rows that triggers maintain besides the rows of documents: of identities, abstract identities and the hierarchy (R4, R5). */
export class DerivedRows {
  private readonly inventory: Inventory;
  private readonly identities: IdentityRows;
  private readonly abstracts: readonly AbstractIdentity[];

  constructor(model: RelationalModelSet, inventory: Inventory, selected: SelectedRows, identities: IdentityRows) {
    this.inventory = inventory;
    this.identities = identities;
    const triggers = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
    const views = new Map(model.abstractUnionViews.map((view): [number, AbstractUnionView] => [view.resourceKey.id, view]));
    this.abstracts = model.abstractIdentityTables.map(({ table, resourceKey }) => ({
      table: table.table,
      columns: table.columns.map(({ name }) => name),
      view: views.get(resourceKey.id)?.view ?? null,
      triggers: triggers.filter(({ targetTable }) => qualified(targetTable) === qualified(table.table)),
    }));
    this.select(selected);
  }

  /** Adds what the checks need to know. */
  select(columns: SelectedRows): void {
    this.identities.select(columns);
    for (const { table, view, columns: own, triggers } of this.abstracts) {
      columns.add(table, own);
      if (view) columns.add(view, own);
      for (const { table: source, targetColumnMappings } of triggers) {
        columns.add(source, ['DocumentId', ...targetColumnMappings.map(({ sourceColumn }) => sourceColumn)]);
      }
    }
    this.selectHierarchy(columns);
  }

  /** Adds what the closure follows from, and the closure. */
  selectHierarchy(columns: SelectedRows): void {
    const { authEdOrgHierarchy } = this.inventory;
    if (authEdOrgHierarchy === null) return;
    columns.add(authTable, [sourceId, targetId]);
    for (const { table, identityColumn, parentFks } of authEdOrgHierarchy.entities) {
      columns.add(table, [identityColumn, ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn)]);
    }
  }

  /** R4 and R5; `because` says after what. */
  check(rowsOf: RowsOf, failures: Failures, check: string | null, because = ''): void {
    this.identities.check(rowsOf, failures, check ?? 'R4', because);
    this.abstractIdentities(rowsOf, failures, check ?? 'R5', because);
    this.hierarchy(rowsOf, failures, check ?? 'R5', because);
  }

  /** R5: every subclass document has its row in the abstract identity table, and the view returns the same set. */
  private abstractIdentities(rowsOf: RowsOf, failures: Failures, check: string, because: string): void {
    for (const { table, columns, view, triggers } of this.abstracts) {
      const expected = triggers.flatMap(({ table: source, targetColumnMappings, discriminatorValue }) =>
        rowsOf(source).map((row) => {
          const mapped = targetColumnMappings.map(({ sourceColumn, targetColumn }) => [targetColumn, row[sourceColumn]]);
          const made = { DocumentId: row.DocumentId, Discriminator: discriminatorValue, ...Object.fromEntries(mapped) };
          return rowText(columns, made);
        }),
      );
      const stored = rowsOf(table).map((row) => rowText(columns, row));
      compareRows(failures, check, qualified(table), expected, stored, because);
      if (!view) continue;
      const viewed = rowsOf(view).map((row) => rowText(columns, row));
      compareRows(failures, check, qualified(view), stored, viewed, because);
    }
  }

  /** R5: the hierarchy is the closure of the entity tables (design 07 §9.6). */
  hierarchy(rowsOf: RowsOf, failures: Failures, check: string, because: string): void {
    const { authEdOrgHierarchy } = this.inventory;
    if (authEdOrgHierarchy === null) return;
    const parents = new Map<string, string[]>();
    for (const { table, identityColumn, parentFks } of authEdOrgHierarchy.entities) {
      for (const row of rowsOf(table)) {
        const id = row[identityColumn] ?? '';
        const found = parentFks.flatMap(({ denormalizedParentIdColumn }) => row[denormalizedParentIdColumn] ?? []);
        parents.set(id, [...(parents.get(id) ?? []), ...found]);
      }
    }
    const expected: string[] = [];
    for (const id of parents.keys()) {
      const reached = new Set([id]);
      for (const each of reached) for (const parent of parents.get(each) ?? []) reached.add(parent);
      append(
        expected,
        [...reached].map((ancestor) => `${ancestor}, ${id}`),
      );
    }
    const found = rowsOf(authTable).map((row) => `${row[sourceId]}, ${row[targetId]}`);
    compareRows(failures, check, qualified(authTable), expected, found, because);
  }
}
