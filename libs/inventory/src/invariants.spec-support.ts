import { type JsonPath, resourceLabel } from '@dms/api-schema';
import type {
  DbIndex,
  DbTableName,
  DbTrigger,
  ForeignKeyConstraint,
  IdentityElement,
  Inventory,
  RelationalModelSet,
  ResourceModel,
  Table,
} from '@dms/relational-model';
import { shortName } from './short-name.spec-support.ts';

/*
 * The invariants of design 05 §10 as functions that list what breaks them, each line beginning with the number of the invariant
 * (or the section, where it is a rule of §2 to §6 that every inventory shows). Written down from the chapter, with nothing of
 * the product but types.
 */

const qualified = ({ schema, name }: DbTableName) => `${schema}.${name}`;
const isPrefix = (prefix: readonly string[], list: readonly string[]) => prefix.every((item, index) => list[index] === item);
const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && isPrefix(a, b);

function repeated(items: readonly string[]): string[] {
  const seen = new Set<string>();
  const found = new Set<string>();
  for (const item of items) (seen.has(item) ? found : seen).add(item);
  return [...found];
}

const text = (value: unknown) => JSON.stringify(value);

type TriggerKind = DbTrigger['kind'];
type TriggerOf<Kind extends TriggerKind> = Extract<DbTrigger, { kind: Kind }>;

/** A model and its inventory with look-ups. */
class Inspected {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly resources: readonly { readonly resource: ResourceModel; readonly root: Table }[];
  readonly tables: readonly Table[];
  private readonly byName: ReadonlyMap<string, Table>;
  private readonly indexes = new Map<string, DbIndex[]>();
  private readonly triggers = new Map<string, DbTrigger[]>();
  private readonly fullNames = new Map<string, string>();

  constructor(model: RelationalModelSet, inventory: Inventory) {
    this.model = model;
    this.inventory = inventory;
    this.resources = model.resources.flatMap((resource) => {
      const [root] = resource.tablesInDependencyOrder;
      return root ? [{ resource, root }] : [];
    });
    this.tables = [
      ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder),
      ...model.abstractIdentityTables.map(({ table }) => table),
    ];
    this.byName = new Map(this.tables.map((table) => [qualified(table.table), table]));
    for (const { table } of this.tables) {
      this.indexes.set(qualified(table), []);
      this.triggers.set(qualified(table), []);
    }
    for (const index of inventory.indexes) this.indexes.get(qualified(index.table))?.push(index);
    for (const trigger of inventory.triggers) this.triggers.get(qualified(trigger.table))?.push(trigger);
    for (const { kind, schema, table, name, fullName } of model.shortenedNames)
      this.fullNames.set(text([kind, schema, table, name]), fullName);
  }

  table(name: DbTableName): Table | undefined {
    return this.byName.get(qualified(name));
  }

  indexesOn(table: Table): readonly DbIndex[] {
    return this.indexes.get(qualified(table.table)) ?? [];
  }

  triggersOn<Kind extends TriggerKind>(table: Table, kind: Kind): TriggerOf<Kind>[] {
    const all = this.triggers.get(qualified(table.table)) ?? [];
    return all.filter((trigger): trigger is TriggerOf<Kind> => trigger.kind === kind);
  }

  fullTable({ schema, name }: DbTableName): string {
    return this.fullNames.get(text(['table', schema, null, name])) ?? name;
  }

  fullColumn(table: DbTableName, column: string): string {
    return this.fullNames.get(text(['column', table.schema, table.name, column])) ?? column;
  }

  limit(fullName: string): string {
    return shortName(fullName, this.model.dialect);
  }
}

const foreignKeys = ({ constraints }: Table) =>
  constraints.filter((constraint): constraint is ForeignKeyConstraint => constraint.kind === 'ForeignKey');
const columnOf = (table: Table | undefined, name: string) => table?.columns.find((column) => column.name === name);

/** What keeps a column out of a list that may hold stored columns only; undefined for a stored value column. */
function reasonAgainst(table: Table | undefined, name: string): string | undefined {
  const column = columnOf(table, name);
  if (!table || !column) return 'missing';
  if (column.storage.kind !== 'Stored') return 'an alias';
  const isGate = table.columns.some(({ storage }) => storage.kind === 'UnifiedAlias' && storage.presenceColumn === name);
  const isFlag = column.kind === 'Scalar' && column.scalarType?.kind === 'Boolean' && column.sourcePath === null;
  return isGate && isFlag ? 'a presence flag' : undefined;
}

function storageOf(table: Table, name: string): string {
  const storage = columnOf(table, name)?.storage;
  return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;
}

/** 2: one `PrimaryKey` entry per table, one `UniqueConstraint` entry per UNIQUE, with name and columns of the constraint. */
function constraintIndexes(inspected: Inspected): string[] {
  const faults = inspected.tables.flatMap((table) => {
    const compare = (kind: DbIndex['kind'], wanted: readonly { name: string; columns: readonly string[] }[]) => {
      const facts = ({ name, columns }: { name: string; columns: readonly string[] }) => `${name} (${columns.join(', ')})`;
      const actual = inspected
        .indexesOn(table)
        .filter((index) => index.kind === kind)
        .map(({ name, keyColumns }) => facts({ name, columns: keyColumns }));
      const expected = wanted.map(facts);
      return sameList(actual.sort(), expected.sort())
        ? []
        : [`2 ${qualified(table.table)}: ${kind} entries [${actual.join('; ')}] instead of [${expected.join('; ')}]`];
    };
    const uniques = table.constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint] : []));
    const { constraintName, columns } = table.key;
    return [
      ...compare('PrimaryKey', [{ name: constraintName, columns: columns.map(({ name }) => name) }]),
      ...compare('UniqueConstraint', uniques),
    ];
  });
  const strays = inspected.inventory.indexes.filter(({ table, kind }) => kind !== 'Explicit' && !inspected.table(table));
  return [...faults, ...strays.map(({ table, name }) => `2 ${name}: on ${qualified(table)}, which is no table of the model`)];
}

/** 3, §2.2: every foreign key is covered, no support index is superfluous, each one is that of a foreign key, named by it. */
function foreignKeyIndexes(inspected: Inspected): string[] {
  return inspected.tables.flatMap((table) => {
    const place = qualified(table.table);
    const indexes = inspected.indexesOn(table);
    const keys = foreignKeys(table);
    const uncovered = keys.filter(({ columns }) => !indexes.some(({ keyColumns }) => isPrefix(columns, keyColumns)));
    const support = indexes.filter(({ kind }) => kind === 'ForeignKeySupport');
    const superfluous = support.filter((index) =>
      indexes.some((other) => other !== index && isPrefix(index.keyColumns, other.keyColumns)),
    );
    const baseless = support.filter(({ keyColumns }) => !keys.some(({ columns }) => sameList(columns, keyColumns)));
    const misnamed = support.filter(({ name, keyColumns }) => {
      const columns = keyColumns.map((column) => inspected.fullColumn(table.table, column));
      return name !== inspected.limit(`IX_${inspected.fullTable(table.table)}_${columns.join('_')}`);
    });
    return [
      ...uncovered.map(({ name }) => `3 ${place}: no index begins with the columns of ${name}`),
      ...superfluous.map(({ name }) => `3 ${place}: ${name} is a leftmost prefix of another index`),
      ...baseless.map(({ name }) => `3 ${place}: ${name} is the index of no foreign key`),
      ...misnamed.map(({ name }) => `§2.2 ${place}: ${name} is not the name of its columns`),
    ];
  });
}

/** 4, §2.1: what an entry of the index list looks like. Natural keys may hold aliases (design 04 §11.5). */
function indexShapes(inspected: Inspected): string[] {
  return inspected.inventory.indexes.flatMap((index) => {
    const found: string[] = [];
    if (index.keyColumns.length === 0) found.push(`§2.1 ${index.name}: no key columns`);
    if (index.isUnique !== ['PrimaryKey', 'UniqueConstraint'].includes(index.kind))
      found.push(`§2.1 ${index.name}: a ${index.kind} index is${index.isUnique ? '' : ' not'} unique`);
    if (index.includeColumns.length > 0 !== (index.kind === 'Explicit'))
      found.push(`§2.1 ${index.name}: a ${index.kind} index has ${index.includeColumns.length} include columns`);
    if (index.kind === 'Explicit') return found;
    for (const name of index.keyColumns) {
      const reason = reasonAgainst(inspected.table(index.table), name);
      const isAllowed = reason === 'an alias' && index.kind === 'UniqueConstraint';
      if (reason !== undefined && !isAllowed) found.push(`4 ${index.name}: ${name} is ${reason}`);
    }
    return found;
  });
}

/** 5, §3.2: which tables have a stamp and a referential identity, with which names, key columns and projections. */
function stampsAndIdentities(inspected: Inspected): string[] {
  const resources = inspected.resources.flatMap(({ resource, root }) => {
    const label = resourceLabel(resource.resourceKey);
    const identities = inspected.triggersOn(root, 'ReferentialIdentityMaintenance');
    const [identity] = identities;
    const found = identities.length === 1 ? [] : [`5 ${label}: ${identities.length} referential identity triggers on the root`];
    if (identity) {
      const { name, keyColumns, resourceKeyId, projectName, resourceName } = identity;
      if (name !== inspected.limit(`TR_${inspected.fullTable(root.table)}_ReferentialIdentity`))
        found.push(`§3.2 ${label}: a referential identity trigger ${name}`);
      if (!sameList(keyColumns, ['DocumentId'])) found.push(`§3.2 ${name}: the key columns ${keyColumns.join(', ')}`);
      if (resourceKeyId !== resource.resourceKey.id || `${projectName}:${resourceName}` !== label)
        found.push(`§3.3 ${name}: of resource ${resourceKeyId} ${projectName}:${resourceName}`);
    }
    for (const table of resource.tablesInDependencyOrder) {
      const stamps = inspected.triggersOn(table, 'DocumentStamping');
      const place = qualified(table.table);
      const [stamp] = stamps;
      if (!stamp || stamps.length > 1) {
        found.push(`5 ${place}: ${stamps.length} stamps`);
        continue;
      }
      if (stamp.name !== inspected.limit(`TR_${inspected.fullTable(table.table)}_Stamp`))
        found.push(`§3.2 ${place}: a stamp ${stamp.name}`);
      const key = table.key.columns.find(
        (column) => column.kind === 'ParentKeyPart' && /(^|_)DocumentId$/.test(inspected.fullColumn(table.table, column.name)),
      );
      if (!key || !sameList(stamp.keyColumns, [key.name]))
        found.push(`§3.2 ${stamp.name}: the key columns ${stamp.keyColumns.join(', ')}`);
      const projection = table === root ? (identity?.identityProjectionColumns ?? []) : [];
      const isRightKind = stamp.identityProjectionColumns.length > 0 === (table === root);
      if (!isRightKind || !sameList(stamp.identityProjectionColumns, projection))
        found.push(`5 ${stamp.name}: the projection ${stamp.identityProjectionColumns.join(', ')}`);
    }
    return found;
  });
  const owners = new Set(
    inspected.resources.flatMap(({ resource }) => resource.tablesInDependencyOrder.map(({ table }) => qualified(table))),
  );
  const strays = inspected.inventory.triggers.filter(
    ({ kind, table }) => kind !== 'IdentityPropagationFallback' && !owners.has(qualified(table)),
  );
  return [...resources, ...strays.map(({ table, name }) => `5 ${name}: on ${qualified(table)}`)];
}

/** 6: projections and what fallback triggers write are stored columns, each projection without repetition. */
function storedColumns(inspected: Inspected): string[] {
  return inspected.inventory.triggers.flatMap((trigger) => {
    const found = repeated(trigger.identityProjectionColumns).map(
      (name) => `6 ${trigger.name}: ${name} twice in the projection`,
    );
    const check = (table: DbTableName, columns: readonly string[]) => {
      for (const name of columns) {
        const reason = reasonAgainst(inspected.table(table), name);
        if (reason !== undefined) found.push(`6 ${trigger.name}: ${qualified(table)}.${name} is ${reason}`);
      }
    };
    check(trigger.table, trigger.identityProjectionColumns);
    if (trigger.kind !== 'IdentityPropagationFallback') return found;
    for (const { referrerTable, referrerFkColumn, targetColumnMappings } of trigger.referrerUpdates) {
      check(referrerTable, [referrerFkColumn, ...targetColumnMappings.map(({ targetColumn }) => targetColumn)]);
      check(
        trigger.table,
        targetColumnMappings.map(({ sourceColumn }) => sourceColumn),
      );
    }
    return found;
  });
}

/** 7 (its first half), 8, §3.2: one fallback trigger per target of fallback edges, with one update per edge, in edge order. */
function fallbackTriggers(inspected: Inspected): string[] {
  const { model, inventory } = inspected;
  const found: string[] = [];
  const triggers = inventory.triggers.filter((trigger) => trigger.kind === 'IdentityPropagationFallback');
  if (model.dialect === 'pgsql') found.push(...triggers.map(({ name }) => `7 ${name}: a fallback trigger in pgsql`));
  const expected = new Map<string, string[]>();
  for (const { targetTable, receiverTable, receiverFkColumn, columnMappings } of model.propagationFallbacks) {
    const edges = expected.get(qualified(targetTable)) ?? [];
    expected.set(qualified(targetTable), [...edges, text([receiverTable, receiverFkColumn, columnMappings])]);
  }
  for (const trigger of triggers) {
    const actual = trigger.referrerUpdates.map((update) =>
      text([update.referrerTable, update.referrerFkColumn, update.targetColumnMappings]),
    );
    const wanted = expected.get(qualified(trigger.table)) ?? [];
    if (!sameList(actual, wanted))
      found.push(`8 ${trigger.name}: the updates [${actual.join('; ')}] instead of [${wanted.join('; ')}]`);
    expected.delete(qualified(trigger.table));
    if (trigger.name !== inspected.limit(`TR_${inspected.fullTable(trigger.table)}_PropagateIdentity`))
      found.push(`§3.2 ${trigger.name}: not the name of a fallback trigger of ${qualified(trigger.table)}`);
    if (!sameList(trigger.keyColumns, ['DocumentId'])) found.push(`§3.2 ${trigger.name}: ${trigger.keyColumns.join(', ')}`);
    const owner = inspected.resources.find(({ root }) => qualified(root.table) === qualified(trigger.table));
    const abstract = model.abstractIdentityTables.find(({ table }) => qualified(table.table) === qualified(trigger.table));
    const projection = owner
      ? inspected.triggersOn(owner.root, 'ReferentialIdentityMaintenance')[0]?.identityProjectionColumns
      : abstract?.table.columns.filter(({ sourcePath }) => sourcePath !== null).map(({ name }) => name);
    if (!projection || !sameList(trigger.identityProjectionColumns, projection))
      found.push(`11 §3.3 ${trigger.name}: the projection ${trigger.identityProjectionColumns.join(', ')}`);
  }
  return [...found, ...[...expected.keys()].map((table) => `8 ${table}: fallback edges without a trigger`)];
}

/** The columns that an identity path may name: those of its source path, or of the parts of a root reference that it is. */
function columnsAt(resource: ResourceModel, root: Table, path: JsonPath): string[] {
  const bindings = resource.documentReferenceBindings
    .filter(({ table }) => qualified(table) === qualified(root.table))
    .flatMap(({ identityBindings }) => identityBindings)
    .filter(({ referenceJsonPath }) => referenceJsonPath.canonical === path.canonical);
  if (bindings.length > 0) return bindings.slice(0, 1).map(({ column }) => column);
  return root.columns.filter(({ sourcePath }) => sourcePath?.canonical === path.canonical).map(({ name }) => name);
}

/** 9, §4.1, §4.2: one element per identity path in schema order, of the right column; the projection is their storage. */
function identityElements(inspected: Inspected): string[] {
  return inspected.resources.flatMap(({ resource, root }) => {
    const [trigger] = inspected.triggersOn(root, 'ReferentialIdentityMaintenance');
    if (!trigger) return [];
    const found: string[] = [];
    const paths = trigger.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
    const wanted = resource.identityJsonPaths.map(({ canonical }) => canonical);
    if (!sameList(paths, wanted))
      found.push(`9 ${trigger.name}: the paths ${paths.join(', ')} instead of ${wanted.join(', ')}`);
    for (const element of trigger.identityElements) {
      const column = columnOf(root, element.column);
      if (!columnsAt(resource, root, element.identityJsonPath).includes(element.column))
        found.push(`§4.1 ${trigger.name}: ${element.column} is not the column of ${element.identityJsonPath.canonical}`);
      if (text(element.scalarType) !== text(column?.scalarType) || element.isDescriptor !== (column?.kind === 'DescriptorFk'))
        found.push(`§3.3 ${trigger.name}: type or kind of ${element.column}`);
    }
    const storage = [...new Set(trigger.identityElements.map(({ column }) => storageOf(root, column)))];
    if (!sameList(trigger.identityProjectionColumns, storage))
      found.push(`§4.2 ${trigger.name}: the projection ${trigger.identityProjectionColumns.join(', ')}`);
    return found;
  });
}

/** 11, §4.3: an alias exactly for subclasses, over columns of the own identity, under the paths of the superclass. */
function superclassAliases(inspected: Inspected): string[] {
  const keys = new Map(inspected.model.effectiveSchema.resourceKeys.map((key) => [resourceLabel(key), key.id]));
  return inspected.resources.flatMap(({ resource, root }) => {
    const [trigger] = inspected.triggersOn(root, 'ReferentialIdentityMaintenance');
    if (!trigger) return [];
    const { superclassAlias: alias, identityElements: own } = trigger;
    const { superclass } = resource;
    if (!alias || !superclass)
      return alias === null && superclass === null ? [] : [`11 ${trigger.name}: alias or superclass alone`];
    const found: string[] = [];
    const columns = (elements: readonly IdentityElement[]) => elements.map(({ column }) => column);
    const strays = columns(alias.identityElements).filter((column) => !columns(own).includes(column));
    found.push(...strays.map((column) => `11 ${trigger.name}: the alias column ${column} is no own one`));
    if (resourceLabel(alias) !== resourceLabel(superclass.resource) || alias.resourceKeyId !== keys.get(resourceLabel(alias)))
      found.push(`§4.3 ${trigger.name}: an alias of ${alias.resourceKeyId} ${resourceLabel(alias)}`);
    const renamed = superclass.identityJsonPath;
    const wanted = renamed ? own.map((element) => ({ ...element, identityJsonPath: renamed })) : own;
    if (text(alias.identityElements) !== text(wanted)) found.push(`§4.3 ${trigger.name}: the elements of the alias`);
    return found;
  });
}

/** §4.3, 03 invariant 11: subclasses of an abstract resource maintain its identity table, column by column as their arm reads. */
function abstractIdentities(inspected: Inspected): string[] {
  const { model, inventory } = inspected;
  const found: string[] = [];
  let expected = 0;
  for (const { resource, root } of inspected.resources) {
    const { superclass } = resource;
    const target = model.abstractIdentityTables.find(
      ({ resourceKey }) => superclass !== null && resourceLabel(resourceKey) === resourceLabel(superclass.resource),
    );
    const label = resourceLabel(resource.resourceKey);
    const triggers = inspected.triggersOn(root, 'AbstractIdentityMaintenance');
    const [trigger] = triggers;
    if (triggers.length !== (target ? 1 : 0)) found.push(`§3.2 ${label}: ${triggers.length} abstract identity triggers`);
    if (!target || !trigger) continue;
    expected += 1;
    if (trigger.name !== inspected.limit(`TR_${inspected.fullTable(root.table)}_AbstractIdentity`))
      found.push(`§3.2 ${label}: an abstract identity trigger ${trigger.name}`);
    if (!sameList(trigger.keyColumns, ['DocumentId'])) found.push(`§3.2 ${trigger.name}: ${trigger.keyColumns.join(', ')}`);
    if (qualified(trigger.targetTable) !== qualified(target.table.table) || trigger.discriminatorValue !== label)
      found.push(`§3.3 ${trigger.name}: ${trigger.discriminatorValue} into ${qualified(trigger.targetTable)}`);
    const projection = inspected.triggersOn(root, 'ReferentialIdentityMaintenance')[0]?.identityProjectionColumns ?? [];
    if (!sameList(trigger.identityProjectionColumns, projection)) found.push(`§4.2 ${trigger.name}: another projection`);
    const arm = model.abstractUnionViews
      .find(({ resourceKey }) => resourceLabel(resourceKey) === resourceLabel(target.resourceKey))
      ?.unionArms.find(({ concreteMember }) => resourceLabel(concreteMember) === label);
    const wanted = target.table.columns.flatMap((column, position) => {
      const projected = arm?.projections[position];
      if (column.sourcePath === null) return [];
      return [{ sourceColumn: projected?.kind === 'SourceColumn' ? projected.column : '?', targetColumn: column.name }];
    });
    if (text(trigger.targetColumnMappings) !== text(wanted))
      found.push(`§4.3 ${trigger.name}: ${text(trigger.targetColumnMappings)}`);
  }
  const actual = inventory.triggers.filter(({ kind }) => kind === 'AbstractIdentityMaintenance').length;
  return actual === expected ? found : [...found, `§3.2 ${actual} abstract identity triggers instead of ${expected}`];
}

/** §5: the hierarchy, its triggers and its index. */
function hierarchy(inspected: Inspected): string[] {
  const { model, inventory } = inspected;
  const found: string[] = [];
  const view = model.abstractUnionViews.find(({ resourceKey }) => resourceKey.resourceName === 'EducationOrganization');
  const { authEdOrgHierarchy: actual } = inventory;
  if ((view === undefined) !== (actual === null)) return ['§5.1 hierarchy or abstract EducationOrganization alone'];
  const entities = actual?.entities ?? [];
  if (view) {
    const family = new Set([
      resourceLabel(view.resourceKey),
      ...view.unionArms.map((arm) => resourceLabel(arm.concreteMember)),
    ]);
    const members = new Map(view.unionArms.map((arm) => [qualified(arm.fromTable), arm.concreteMember]));
    if (!sameList(entities.map(({ table }) => qualified(table)).sort(), [...members.keys()].sort()))
      found.push(`§5.2 the entities ${entities.map(({ entityName }) => entityName).join(', ')}`);
    const names = entities.map(({ entityName }) => entityName);
    if (!sameList(names, [...names].sort())) found.push('§5.2 the entities are not sorted');
    for (const { resource, root } of inspected.resources) {
      const entity = entities.find(({ table }) => qualified(table) === qualified(root.table));
      if (!entity) continue;
      if (entity.entityName !== resource.resourceKey.resourceName)
        found.push(`§5.2 ${entity.entityName}: not the resource name`);
      const parents = resource.documentReferenceBindings
        .filter(
          ({ table, targetResource }) =>
            qualified(table) === qualified(root.table) && family.has(resourceLabel(targetResource)),
        )
        .map(({ identityBindings }) => identityBindings.map(({ column }) => column).join('+'))
        .sort((a, b) => (inspected.fullColumn(root.table, a) < inspected.fullColumn(root.table, b) ? -1 : 1));
      const listed = entity.parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn);
      if (!sameList(listed, parents)) found.push(`§5.2 ${entity.entityName}: the parents ${listed.join(', ')}`);
    }
  }
  const expectedTriggers = entities.flatMap((entity) =>
    ['Delete', 'Insert', ...(entity.parentFks.length > 0 ? ['Update'] : [])].map((event) =>
      text([inspected.limit(`TR_${entity.entityName}_AuthHierarchy_${event}`), entity.table, event, entity, [], []]),
    ),
  );
  const triggers = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'AuthHierarchyMaintenance'
      ? [
          text([
            trigger.name,
            trigger.table,
            trigger.triggerEvent,
            trigger.entity,
            trigger.keyColumns,
            trigger.identityProjectionColumns,
          ]),
        ]
      : [],
  );
  if (!sameList(triggers.sort(), expectedTriggers.sort())) found.push(`§5.3 the triggers ${triggers.join('; ')}`);
  const explicit = inventory.indexes.filter(({ kind }) => kind === 'Explicit');
  const authTable = { schema: 'auth', name: 'EducationOrganizationIdToEducationOrganizationId' };
  const wanted =
    entities.length === 0
      ? []
      : [
          {
            name: 'IX_EducationOrganizationIdToEducationOrganizationId_Target',
            table: authTable,
            kind: 'Explicit',
            isUnique: false,
            keyColumns: ['TargetEducationOrganizationId'],
            includeColumns: ['SourceEducationOrganizationId'],
          },
        ];
  if (text(explicit) !== text(wanted)) found.push(`§5.4 the explicit indexes ${text(explicit)}`);
  return found;
}

interface Entry {
  readonly name: string;
  readonly table: DbTableName;
}

/** 10: strictly ascending, ordinal; names unique in the scopes of §6. */
function order(inspected: Inspected): string[] {
  const isBefore = (a: Entry, b: Entry) => {
    if (a.table.schema !== b.table.schema) return a.table.schema < b.table.schema;
    if (a.table.name !== b.table.name) return a.table.name < b.table.name;
    return a.name < b.name;
  };
  const { indexes, triggers } = inspected.inventory;
  const unsorted = (list: readonly Entry[]) =>
    list.flatMap((entry, index) => {
      const before = list[index - 1];
      return before && !isBefore(before, entry) ? [`10 ${entry.name} after ${before.name}`] : [];
    });
  const isPgsql = inspected.model.dialect === 'pgsql';
  const inSchema = ({ table, name }: Entry) => `${table.schema} ${name}`;
  const inTable = ({ table, name }: Entry) => `${table.schema} ${table.name} ${name}`;
  return [
    ...unsorted(indexes),
    ...unsorted(triggers),
    ...repeated(indexes.map(isPgsql ? inSchema : inTable)).map((name) => `10 two indexes ${name}`),
    ...repeated(triggers.map(isPgsql ? inTable : inSchema)).map((name) => `10 two triggers ${name}`),
  ];
}

const checks = [
  constraintIndexes,
  foreignKeyIndexes,
  indexShapes,
  stampsAndIdentities,
  storedColumns,
  fallbackTriggers,
  identityElements,
  superclassAliases,
  abstractIdentities,
  hierarchy,
  order,
];

/** Everything in which an inventory of a model breaks the rules that one inventory shows (2 to 6, 8 to 11, parts of 7). */
export function inventoryViolations(model: RelationalModelSet, inventory: Inventory): string[] {
  if (model.dialect !== inventory.dialect) return [`an inventory for ${inventory.dialect} of a model for ${model.dialect}`];
  const inspected = new Inspected(model, inventory);
  return checks.flatMap((check) => check(inspected));
}

/** The pgsql form of an mssql identifier (ASCII); one that mssql had to shorten itself has the hash of the full name already. */
function pgsqlName(name: string): string {
  const isShortened = name.length === 128 && /_[0-9a-f]{10}$/.test(name);
  return isShortened ? `${name.slice(0, 52)}${name.slice(-11)}` : shortName(name, 'pgsql');
}

type Names = (name: string) => string;

const shortTable = (short: Names, { schema, name }: DbTableName): DbTableName => ({ schema: short(schema), name: short(name) });

/** All identifiers of a trigger shortened; JSON paths, project, resource and entity names and discriminators as they are. */
function shortTrigger(short: Names, trigger: DbTrigger): DbTrigger {
  const mappings = <Mapping extends { sourceColumn: string; targetColumn: string }>(list: readonly Mapping[]) =>
    list.map(({ sourceColumn, targetColumn }) => ({ sourceColumn: short(sourceColumn), targetColumn: short(targetColumn) }));
  const elements = (list: readonly IdentityElement[]) => list.map((element) => ({ ...element, column: short(element.column) }));
  const common = {
    name: short(trigger.name),
    table: shortTable(short, trigger.table),
    keyColumns: trigger.keyColumns.map(short),
    identityProjectionColumns: trigger.identityProjectionColumns.map(short),
  };
  switch (trigger.kind) {
    case 'DocumentStamping':
      return { ...trigger, ...common };
    case 'ReferentialIdentityMaintenance': {
      const { superclassAlias: alias } = trigger;
      return {
        ...trigger,
        ...common,
        identityElements: elements(trigger.identityElements),
        superclassAlias: alias && { ...alias, identityElements: elements(alias.identityElements) },
      };
    }
    case 'AbstractIdentityMaintenance':
      return {
        ...trigger,
        ...common,
        targetTable: shortTable(short, trigger.targetTable),
        targetColumnMappings: mappings(trigger.targetColumnMappings),
      };
    case 'IdentityPropagationFallback':
      return {
        ...trigger,
        ...common,
        referrerUpdates: trigger.referrerUpdates.map((update) => ({
          referrerTable: shortTable(short, update.referrerTable),
          referrerFkColumn: short(update.referrerFkColumn),
          targetColumnMappings: mappings(update.targetColumnMappings),
        })),
      };
    case 'AuthHierarchyMaintenance':
      return {
        ...trigger,
        ...common,
        entity: {
          ...trigger.entity,
          table: shortTable(short, trigger.entity.table),
          identityColumn: short(trigger.entity.identityColumn),
          parentFks: trigger.entity.parentFks.map((parent) => ({
            denormalizedParentIdColumn: short(parent.denormalizedParentIdColumn),
          })),
        },
      };
  }
}

/** Members in one order, so that equal values have equal texts. */
function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

const inOrder = (entries: readonly Entry[]) => entries.map(sortedText).sort();

/**
 * 7: without its fallback triggers and with all identifiers shortened by the pgsql rule, the mssql trigger list is the pgsql
 * one; the same goes for the index list where no key was reduced, names of constraints aside, whose hashes hold the actions.
 */
export function dialectViolations(pgsql: Inventory, mssql: Inventory): string[] {
  const fallbacks = mssql.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');
  const triggers = mssql.triggers.filter(({ kind }) => kind !== 'IdentityPropagationFallback');
  const found: string[] = [];
  const compare = (what: string, actual: readonly string[], expected: readonly string[]) => {
    if (sameList(actual, expected)) return;
    found.push(...expected.filter((entry) => !actual.includes(entry)).map((entry) => `7 pgsql lacks the ${what} ${entry}`));
    found.push(...actual.filter((entry) => !expected.includes(entry)).map((entry) => `7 only pgsql has the ${what} ${entry}`));
    if (found.length === 0) found.push(`7 a ${what} is listed more often in one dialect`);
  };
  compare('trigger', inOrder(pgsql.triggers), inOrder(triggers.map((trigger) => shortTrigger(pgsqlName, trigger))));
  if (fallbacks.length > 0) return found;
  const isConstraint = ({ kind }: DbIndex) => kind === 'PrimaryKey' || kind === 'UniqueConstraint';
  const named = (index: DbIndex) => (isConstraint(index) ? { ...index, name: '' } : index);
  const shortIndex = (index: DbIndex): DbIndex => ({
    ...index,
    name: pgsqlName(index.name),
    table: shortTable(pgsqlName, index.table),
    keyColumns: index.keyColumns.map(pgsqlName),
    includeColumns: index.includeColumns.map(pgsqlName),
  });
  compare('index', inOrder(pgsql.indexes.map(named)), inOrder(mssql.indexes.map((index) => named(shortIndex(index)))));
  return found;
}
