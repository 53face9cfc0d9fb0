import { append } from '@dms/diagnostics';
import { authTable, type Inventory } from '@dms/inventory';
import { type DbTableName, qualified, type RelationalModelSet } from '@dms/model';
import { type AbstractIdentity, abstractIdentities, checkAbstract, selectAbstract } from './abstract-rows.ts';
import type { BehaviourSession } from './behaviour-session.ts';
import type { Failures } from './failures.ts';
import { compareRows } from './row-sets.ts';
import type { RowsOf, SelectedRows } from './selected-rows.ts';

const sourceId = 'SourceEducationOrganizationId';
const targetId = 'TargetEducationOrganizationId';

/**
 * The rows that a generation keeps of identities alone, beside the rows of documents from which they follow (design 09
 * §7.3).
 */
export interface IdentityRows {
  /** Whether an infinite date in an identity has a referential id. */
  readonly takesInfinity: boolean;
  /** Adds what `check` needs to know. */
  select(selected: SelectedRows): void;
  /** R4: all rows follow; `because` says after what. */
  check(rowsOf: RowsOf, failures: Failures, check: string, because: string): void;
  /** Scalar expressions of what is kept of the identity of a document: another identity gives each another value. */
  keptOf(session: BehaviourSession, documentId: number): readonly string[];
  /** Adds the rows of some documents. */
  selectOf(selected: SelectedRows, where: string): void;
  /** R17: the rows of the documents of a root table follow. `uris` has the descriptors by document id. */
  checkOf(
    root: DbTableName,
    rowsOf: RowsOf,
    uris: ReadonlyMap<string, string>,
    failures: Failures,
    because: string,
  ): void;
}

/**
 * The rows that triggers maintain besides the rows of documents: of identities, abstract identities and the hierarchy
 * (R4, R5).
 */
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

  /** Adds what the checks need to know. */
  select(columns: SelectedRows): void {
    this.identities.select(columns);
    for (const each of this.abstracts) selectAbstract(each, columns);
    this.selectHierarchy(columns);
  }

  /** Adds what the closure follows from, and the closure. */
  selectHierarchy(columns: SelectedRows): void {
    const { authEdOrgHierarchy } = this.inventory;
    if (authEdOrgHierarchy === null) return;
    columns.add(authTable, [sourceId, targetId]);
    for (const { table, identityColumn, parentFks } of authEdOrgHierarchy.entities) {
      columns.add(table, [
        identityColumn,
        ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn),
      ]);
    }
  }

  /** R4 and R5; `because` says after what. */
  check(rowsOf: RowsOf, failures: Failures, check: string | null, because = ''): void {
    this.identities.check(rowsOf, failures, check ?? 'R4', because);
    for (const each of this.abstracts) checkAbstract(each, rowsOf, failures, check ?? 'R5', because);
    this.hierarchy(rowsOf, failures, check ?? 'R5', because);
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
