import { resourceLabel } from '@dms/api-schema';
import { core } from '../core-objects.ts';
import { qualified } from '../full-names.ts';
import { generations } from '../generations.ts';
import type {
  Column,
  DbTableName,
  DocumentReferenceBinding,
  ForeignKeyConstraint,
  RelationalModelSet,
  ResourceModel,
  Table,
} from '../model.ts';
import type { RowRules } from '../row-rules.ts';

/** A model with the lookups that the invariants need. */
export class InspectedModel {
  readonly model: RelationalModelSet;
  readonly rows: RowRules;
  readonly abstractTables = new Set<string>();
  /** Identity paths of every resource that can be referenced, by label. */
  readonly identityPaths = new Map<string, readonly string[]>();
  private readonly fallbackKeys: ReadonlySet<string>;
  private readonly owned: readonly { resource: ResourceModel; table: Table }[];
  private readonly every: readonly Table[];
  private readonly columns = new Map<Table, ReadonlyMap<string, Column>>();
  private readonly keys = new Map<Table, readonly ForeignKeyConstraint[]>();
  private readonly owners = new Map<Table, ResourceModel>();
  private readonly bindings = new Map<Table, DocumentReferenceBinding[]>();
  /** Tables by schema, then by name: a joined key would have to be built for every lookup. */
  private readonly named = new Map<string, Map<string, Table>>();

  constructor(model: RelationalModelSet) {
    this.model = model;
    this.rows = generations[model.effectiveSchema.relationalMappingVersion];
    this.owned = model.resources.flatMap((resource) =>
      resource.tablesInDependencyOrder.map((table) => ({ resource, table })),
    );
    this.every = [...this.owned.map(({ table }) => table), ...model.abstractIdentityTables.map(({ table }) => table)];
    for (const table of this.every) {
      this.columns.set(table, new Map(table.columns.map((column) => [column.name, column])));
      this.keys.set(table, foreignKeys(table));
    }
    for (const { resource, table } of this.owned) this.owners.set(table, resource);
    for (const table of this.every) {
      const inSchema = this.named.get(table.table.schema);
      if (inSchema) inSchema.set(table.table.name, table);
      else this.named.set(table.table.schema, new Map([[table.table.name, table]]));
    }
    for (const { documentReferenceBindings } of model.resources) {
      for (const binding of documentReferenceBindings) {
        const table = this.tableNamed(binding.table);
        const known = table && this.bindings.get(table);
        if (known) known.push(binding);
        else if (table) this.bindings.set(table, [binding]);
      }
    }
    for (const { resourceKey, table } of model.abstractIdentityTables) {
      this.abstractTables.add(qualified(table.table));
      this.identityPaths.set(
        resourceLabel(resourceKey),
        table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      );
    }
    for (const { resourceKey, identityElements } of model.resources) {
      this.identityPaths.set(
        resourceLabel(resourceKey),
        identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical),
      );
    }
    this.fallbackKeys = new Set(
      model.propagationFallbacks.map(
        ({ receiverTable, receiverFkColumn }) => `${qualified(receiverTable)} ${receiverFkColumn}`,
      ),
    );
  }

  resourceTables(): readonly { resource: ResourceModel; table: Table }[] {
    return this.owned;
  }

  allTables(): readonly Table[] {
    return this.every;
  }

  tableNamed({ schema, name }: DbTableName): Table | undefined {
    return this.named.get(schema)?.get(name);
  }

  /** The resource of a table; undefined for an abstract identity table. */
  ownerOf(table: Table): ResourceModel | undefined {
    return this.owners.get(table);
  }

  columnOf(table: Table, name: string): Column | undefined {
    return this.columns.get(table)?.get(name);
  }

  foreignKeysOf(table: Table): readonly ForeignKeyConstraint[] {
    return this.keys.get(table) ?? [];
  }

  /** Reference foreign keys of a table. */
  referenceKeysOf(table: Table): readonly ForeignKeyConstraint[] {
    return keysOfReferences({ constraints: this.foreignKeysOf(table) }, this.bindingsOn(table), this.rows);
  }

  /** The references whose columns are in the table. */
  bindingsOn(table: Table): readonly DocumentReferenceBinding[] {
    return this.bindings.get(table) ?? [];
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

const foreignKeys = ({ constraints }: Pick<Table, 'constraints'>) =>
  constraints.filter((constraint): constraint is ForeignKeyConstraint => constraint.kind === 'ForeignKey');

/** Reference foreign keys of a table: those over the document id of a reference. */
function keysOfReferences(
  table: Pick<Table, 'constraints'>,
  bindings: readonly DocumentReferenceBinding[],
  rows: RowRules,
): ForeignKeyConstraint[] {
  const fkColumns = new Set<string>(bindings.map(({ fkColumn }) => fkColumn));
  if (fkColumns.size === 0) return [];
  return foreignKeys(table).filter(({ columns }) => fkColumns.has(rows.referenceColumn(columns) ?? ''));
}

export const isDescriptorTable = (table: DbTableName) => qualified(table) === qualified(core.descriptor);
export const sameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((x, i) => x === b[i]);
export const uniques = ({ constraints }: Table) =>
  constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint] : []));
export const keyNames = ({ key }: Table) => key.columns.map(({ name }) => name);

/** Keys of document references: not structural, not to descriptors. */
export function referenceKeys(inspected: InspectedModel): { table: Table; key: ForeignKeyConstraint }[] {
  return inspected
    .resourceTables()
    .flatMap(({ table }) => inspected.referenceKeysOf(table).map((key) => ({ table, key })));
}

/** Every table of a model with its resource; undefined for an abstract identity table. */
export function allTables(model: RelationalModelSet): { resource: ResourceModel | undefined; table: Table }[] {
  return [
    ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder.map((table) => ({ resource, table }))),
    ...model.abstractIdentityTables.map(({ table }) => ({ resource: undefined, table })),
  ];
}
