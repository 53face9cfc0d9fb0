import { resourceLabel } from '@dms/api-schema';
import type {
  DbTableName,
  DocumentReferenceBinding,
  ForeignKeyConstraint,
  RelationalModelSet,
  ResourceModel,
  Table,
} from '../model.ts';

export const qualified = ({ schema, name }: DbTableName) => `${schema}.${name}`;
export const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

/** A model with the look-ups that the invariants need. */
export class InspectedModel {
  readonly model: RelationalModelSet;
  readonly tables = new Map<string, Table>();
  readonly abstractTables = new Set<string>();
  /** Identity paths of every resource that can be referenced, by label. */
  readonly identityPaths = new Map<string, readonly string[]>();
  private readonly fallbackKeys: ReadonlySet<string>;

  constructor(model: RelationalModelSet) {
    this.model = model;
    for (const { table } of this.resourceTables()) this.tables.set(qualified(table.table), table);
    for (const { resourceKey, table } of model.abstractIdentityTables) {
      this.tables.set(qualified(table.table), table);
      this.abstractTables.add(qualified(table.table));
      this.identityPaths.set(
        resourceLabel(resourceKey),
        table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      );
    }
    for (const { resourceKey, identityJsonPaths } of model.resources) {
      this.identityPaths.set(
        resourceLabel(resourceKey),
        identityJsonPaths.map(({ canonical }) => canonical),
      );
    }
    this.fallbackKeys = new Set(
      model.propagationFallbacks.map(
        ({ receiverTable, receiverFkColumn }) => `${qualified(receiverTable)} ${receiverFkColumn}`,
      ),
    );
  }

  resourceTables(): { resource: ResourceModel; table: Table }[] {
    return this.model.resources.flatMap((resource) => resource.tablesInDependencyOrder.map((table) => ({ resource, table })));
  }

  allTables(): Table[] {
    return [...this.resourceTables().map(({ table }) => table), ...this.model.abstractIdentityTables.map(({ table }) => table)];
  }

  /** Whether what a reference key points at is unique there: the primary key when the key was reduced, else a unique one. */
  isTargetUnique(table: Table, key: ForeignKeyConstraint, target: Table): boolean {
    const isReduced = this.fallbackKeys.has(`${qualified(table.table)} ${key.columns[0]}`);
    const keys = isReduced ? [keyNames(target)] : uniques(target).map(({ columns }) => columns);
    return keys.some((columns) => sameList(columns, key.targetColumns));
  }
}

export const foreignKeys = ({ constraints }: Table) =>
  constraints.filter((constraint): constraint is ForeignKeyConstraint => constraint.kind === 'ForeignKey');
export const uniques = ({ constraints }: Table) =>
  constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint] : []));
export const keyNames = ({ key }: Table) => key.columns.map(({ name }) => name);
export const columnOf = (table: Table, name: string) => table.columns.find((column) => column.name === name);

export function bindingsOn(resource: ResourceModel, table: Table): readonly DocumentReferenceBinding[] {
  return resource.documentReferenceBindings.filter((binding) => qualified(binding.table) === qualified(table.table));
}

/** Reference foreign keys of a table: those whose first column is that of a reference. */
export function keysOfReferences(table: Table, bindings: readonly DocumentReferenceBinding[]): ForeignKeyConstraint[] {
  const fkColumns = new Set(bindings.map(({ fkColumn }) => fkColumn));
  return foreignKeys(table).filter(({ columns: [first = ''] }) => fkColumns.has(first));
}

/** Keys of document references: not structural, not to descriptors. */
export function referenceKeys(inspected: InspectedModel): { table: Table; key: ForeignKeyConstraint }[] {
  return inspected
    .resourceTables()
    .flatMap(({ resource, table }) => keysOfReferences(table, bindingsOn(resource, table)).map((key) => ({ table, key })));
}

/** Every table of a model with the resource that owns it; none for an abstract identity table. */
export function allTables(model: RelationalModelSet): { resource: ResourceModel | undefined; table: Table }[] {
  return [
    ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder.map((table) => ({ resource, table }))),
    ...model.abstractIdentityTables.map(({ table }) => ({ resource: undefined, table })),
  ];
}
