import { resourceLabel } from '@dms/api-schema';
import type { Inventory, TrackedChangeTable } from '@dms/inventory';
import {
  type Column,
  core,
  type ForeignKeyConstraint,
  Identities,
  type IdentityBlock,
  isMirroredKind,
  modelIndex,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { cachedByObject, groupBy } from '@dms/values';
import { uniqBy } from 'es-toolkit/array';

/*
 * The roles of names in the bodies of a table (design 09b §2.6), its lists, its place and its surroundings,
 * from the model and the inventory alone. Two columns of one table never have one role.
 */

/** An item of a list: its classes, and the mark of each thing that a line about the item may name. */
export interface ListedItem {
  /** What may decide how a body treats the item, one by one: its type, how it is stored, what it is part of. */
  readonly classes: readonly string[];
  readonly marks: ReadonlyMap<string, string>;
}

/** Columns, or other things, in an order that a body may repeat. */
interface NamedList {
  readonly name: string;
  readonly items: readonly ListedItem[];
}

/** A column in a form, and whether a line of a list may name it. */
interface RoleOfColumn {
  readonly text: string;
  readonly isListed: boolean;
}

/** The roles of what a body of one table may name. */
export interface TableRoles {
  /** `schema.name` of the table. */
  readonly self: string;
  readonly place: string;
  readonly surroundings: string;
  readonly lists: readonly NamedList[];
  table(name: string): string;
  column(table: string, name: string): RoleOfColumn;
  /** A text; of the text of a hash, also the path and what precedes it. */
  text(text: string): { readonly text: string; readonly before: string; readonly path: string | null };
  /** A number that stands for a resource key. */
  number(text: string): string;
}

/** The classes of a column: its type, and how it is stored. */
export const classesOf = ({ kind, scalarType, storage, isNullable }: Column): readonly string[] => [
  [kind, scalarType?.kind ?? ''].join(' '),
  [
    storage.kind === 'Stored' ? 'stored' : storage.presenceColumn === null ? 'alias' : 'alias of a present value',
    isNullable ? 'nullable' : '',
  ].join(' '),
];

const isStored = ({ storage }: Column) => storage.kind === 'Stored';

/** What a line about a column may name: the column and, for an alias, the columns that it is computed from. */
function columnMarks(table: Table, { name, storage }: Column): [string, string][] {
  const at = qualified(table.table);
  const own: [string, string] = [`${at} ${name}`, '#'];
  if (storage.kind === 'Stored') return [own];
  const presence = storage.presenceColumn;
  return [
    ...(presence === null ? [] : [[`${at} ${presence}`, '#presence'] as [string, string]]),
    [`${at} ${storage.canonicalColumn}`, '#stored'],
    own,
  ];
}

/** Finds a column of a table. */
type ColumnFinder = (table: Table, name: string) => Column | undefined;

const listOf = (name: string, table: Table, columns: readonly string[], columnOf: ColumnFinder): NamedList => {
  const items = columns.flatMap((each): ListedItem[] => {
    const column = columnOf(table, each);
    return column ? [{ classes: classesOf(column), marks: new Map(columnMarks(table, column)) }] : [];
  });
  return { name, items: items.length === columns.length ? items : [] };
};

/** The values of a tracked-change table: its columns alone, and the sources of the values alone. */
function trackedLists(table: Table, tracked: TrackedChangeTable, columnOf: ColumnFinder): readonly NamedList[] {
  const at = qualified(tracked.table);
  const values = tracked.valueColumns.map(({ oldColumn, newColumn, role, personJoinName, sourceColumn }) => {
    const steps = tracked.personJoins.find(({ name }) => name === personJoinName)?.joinPath ?? [];
    const source = columnOf(table, (role === 'PersonDocumentId' && steps[0]?.sourceColumn) || (sourceColumn ?? ''));
    const of = [`${role} ${steps.length}`, ...(source ? classesOf(source) : [])];
    return { oldColumn, newColumn, of, marks: source ? columnMarks(table, source) : [] };
  });
  const columns = (some: (value: (typeof values)[number]) => readonly (readonly [string, string])[]) =>
    values.flatMap((value) =>
      some(value).map(
        ([column, mark]): ListedItem => ({
          classes: value.of.map((each) => `${mark} ${each}`),
          marks: new Map([[`${at} ${column}`, mark]]),
        }),
      ),
    );
  const sources = (images: readonly string[]) =>
    values.flatMap(({ of, marks }) =>
      images.map(
        (image): ListedItem => ({
          classes: of.map((each) => `${image} ${each}`),
          marks: new Map(marks),
        }),
      ),
    );
  return [
    { name: 'old values', items: columns(({ oldColumn }) => [[oldColumn, '#old']]) },
    {
      name: 'old and new values',
      items: columns(({ oldColumn, newColumn }) => [
        [oldColumn, '#old'],
        [newColumn, '#new'],
      ]),
    },
    { name: 'sources', items: sources(['old']) },
    { name: 'sources of both', items: sources(['old', 'new']) },
  ];
}

/** The parts of a hash: the path and the column of each. */
const hashList = (
  name: string,
  table: Table,
  { identityElements }: IdentityBlock,
  columnOf: ColumnFinder,
): NamedList => ({
  name,
  items: identityElements.map(({ column: each, identityJsonPath, isDescriptor }) => {
    const column = columnOf(table, each);
    const of = [isDescriptor ? 'descriptor' : 'value', ...(column ? classesOf(column) : [each])];
    const marks = column ? columnMarks(table, column) : [];
    return { classes: of, marks: new Map([...marks, [`path ${identityJsonPath.canonical}`, '#path']]) };
  }),
});

/** Facts about all tables that the roles of each need. */
const modelFacts = cachedByObject((model: RelationalModelSet) => {
  const index = modelIndex(model);
  const cascades = index.allTables.flatMap(({ table }) =>
    index.foreignKeysOf(table).flatMap((key) => (key.onUpdate === 'Cascade' ? [key] : [])),
  );
  return {
    identities: new Identities(model),
    /** The keys that cascade new values out of a table. */
    cascadesFrom: groupBy(cascades, ({ targetTable }) => qualified(targetTable)),
  };
});

/** The triggers and records that each table has. */
const wantedOn = cachedByObject(({ triggers, trackedChangeTables, authEdOrgHierarchy }: Inventory) => ({
  triggers: groupBy(triggers, ({ table }) => qualified(table)),
  abstracts: groupBy(
    triggers.flatMap((each) => (each.kind === 'AbstractIdentityMaintenance' ? [each] : [])),
    ({ table }) => qualified(table),
  ),
  tracked: groupBy(trackedChangeTables, ({ sourceTable }) => qualified(sourceTable)),
  organizations: new Set(authEdOrgHierarchy?.entities.map(({ table }) => qualified(table))),
}));

const someOf = (count: number) => (count > 1 ? 'several' : String(count));

/** The roles in the bodies of the triggers of a table of a resource. */
export function rolesOf(
  { model, inventory }: { readonly model: RelationalModelSet; readonly inventory: Inventory },
  resource: ResourceModel,
  table: Table,
): TableRoles {
  const [root] = resource.tablesInDependencyOrder;
  const self = qualified(table.table);
  const rootName = root ? qualified(root.table) : self;
  const index = modelIndex(model);
  const { identities, cascadesFrom } = modelFacts(model);
  const wanted = wantedOn(inventory);
  const keys = index.foreignKeysOf(table);
  const parent = keys.find(
    ({ onDelete, targetTable }) => onDelete === 'Cascade' && targetTable.schema !== core.document.schema,
  );
  const parentName = parent ? qualified(parent.targetTable) : null;
  const entries = wanted.triggers.get(self) ?? [];
  const tracked = wanted.tracked.get(self) ?? [];
  const abstracts = wanted.abstracts.get(self) ?? [];
  const abstractsOfResource = new Set(
    (wanted.abstracts.get(rootName) ?? []).map(({ targetTable }) => qualified(targetTable)),
  );
  const own = identities.own(resource);
  const superclass = identities.ofSuperclass(resource);
  const siblings = new Map(resource.tablesInDependencyOrder.map((each, at) => [qualified(each.table), { each, at }]));

  const tableRoles = new Map<string, string>();
  for (const [name, { at }] of siblings) tableRoles.set(name, `table ${at} of the resource`);
  for (const [at, { targetTable }] of abstracts.entries()) tableRoles.set(qualified(targetTable), `abstract ${at}`);
  for (const [at, each] of tracked.entries()) tableRoles.set(qualified(each.table), `tracked ${at}`);
  if (parentName !== null) tableRoles.set(parentName, 'parent');
  tableRoles.set(rootName, 'root');
  tableRoles.set(self, 'self');

  const columnRoles = new Map<string, Map<string, RoleOfColumn>>();
  for (const [name, { each }] of siblings)
    columnRoles.set(
      name,
      new Map(rolesOfColumns(each).map(([column, text]) => [column, { text: `"${text}"`, isListed: name === self }])),
    );
  for (const { table: name, valueColumns, systemColumns } of tracked) {
    const roles = new Map<string, RoleOfColumn>();
    for (const [at, { oldColumn, newColumn }] of valueColumns.entries()) {
      roles.set(oldColumn, { text: `"old ${at}"`, isListed: true });
      roles.set(newColumn, { text: `"new ${at}"`, isListed: true });
    }
    for (const { column, role } of systemColumns) roles.set(column, { text: `"${role}"`, isListed: false });
    columnRoles.set(qualified(name), roles);
  }
  const abstractLists = abstracts.flatMap(({ targetTable, targetColumnMappings }, at) => {
    const target = index.table(targetTable)?.table;
    const name = qualified(targetTable);
    columnRoles.set(
      name,
      new Map(
        targetColumnMappings.map(({ targetColumn }, place) => [
          targetColumn,
          { text: `"copy ${place}"`, isListed: true },
        ]),
      ),
    );
    const items = targetColumnMappings.map(({ targetColumn }): ListedItem => {
      const column = target && index.columnOf(target, targetColumn);
      return {
        classes: column ? classesOf(column) : [targetColumn],
        marks: new Map([[`${name} ${targetColumn}`, '#copy']]),
      };
    });
    const sources = targetColumnMappings.map(({ sourceColumn }) => sourceColumn);
    return [{ name: `copies ${at}`, items }, listOf(`sources of copies ${at}`, table, sources, index.columnOf)];
  });

  const stored = table.columns.filter((column) => isStored(column) && !isMirroredKind(column.kind));
  const identityColumns = uniqBy(
    entries.map((each): readonly string[] => each.identityProjectionColumns),
    (columns) => JSON.stringify(columns),
  );
  const rowKey = table.identity.rootLocator[0] ?? table.key.columns[0]?.name ?? '';
  const lists: NamedList[] = [
    listOf(
      'stored',
      table,
      stored.map(({ name }) => name),
      index.columnOf,
    ),
    ...identityColumns.flatMap((columns, at) => [
      listOf(`identity ${at}`, table, columns, index.columnOf),
      listOf(`key and identity ${at}`, table, [...new Set([rowKey, ...columns])], index.columnOf),
    ]),
    ...(table === root ? [hashList('own hash', table, own, index.columnOf)] : []),
    ...(table === root && superclass ? [hashList('hash of the superclass', table, superclass, index.columnOf)] : []),
    ...abstractLists,
    ...tracked.flatMap((each) => trackedLists(table, each, index.columnOf)),
  ].filter(({ items }) => items.length > 0);

  const labels: [string, string][] = [
    ...(superclass ? ([[superclass.projectName + superclass.resourceName, '<superclass>']] as [string, string][]) : []),
    [own.projectName + own.resourceName, '<resource>'],
  ];
  const wholeTexts = new Map([
    ...(superclass ? ([[resourceLabel(superclass), '<superclass>']] as const) : []),
    [resourceLabel(own), '<resource>'] as const,
    [own.resourceName, '<name>'] as const,
  ]);
  const numbers = new Map([
    ...(superclass ? ([[String(superclass.resourceKeyId), '<superclass>']] as const) : []),
    [String(own.resourceKeyId), '<resource>'] as const,
  ]);
  const hashed = /^(.*?)(#?)(\$[^=]*)=$/s;
  return {
    self,
    place: placeOf(),
    surroundings: surroundingsOf(),
    lists,
    table: (name) => tableRoles.get(name) ?? `"${name}"`,
    column: (of, name) => columnRoles.get(of)?.get(name) ?? { text: `"${name}"`, isListed: false },
    text: (text) => {
      const whole = wholeTexts.get(text);
      if (whole !== undefined) return { text: whole, before: whole, path: null };
      const [, label = '', mark = '', path] = hashed.exec(text) ?? [];
      if (path === undefined) return { text: text.replaceAll('<', '<<'), before: text, path: null };
      const role = label === '' ? '' : (labels.find(([each]) => each === label)?.[1] ?? label.replaceAll('<', '<<'));
      return { text: `${role}${mark}${path}=`, before: `${role}${mark}`, path };
    },
    number: (text) => numbers.get(text) ?? text,
  };

  /** What chooses the bodies of the table. */
  function placeOf(): string {
    const { identity, key } = table;
    const rename = resource.superclass?.identityJsonPath ? 'renamed' : 'as it is';
    // a document may refer to itself: that defers keys
    const ofDocument = resource.tablesInDependencyOrder.flatMap((each) =>
      index
        .foreignKeysOf(each)
        .filter(({ onDelete, targetTable }) => onDelete !== 'Cascade' && isOwn(targetTable))
        .map(({ deferrable }) => [each === table ? 'self' : each === root ? 'root' : 'other', deferrable]),
    );
    return JSON.stringify([
      identity.tableKind,
      keyRoles(table),
      key.columns.map(({ role }) => role),
      parentName === rootName,
      table === root,
      superclass === null ? null : rename,
      entries.map((each) => [each.kind, each.identityProjectionColumns.length > 0]),
      tracked.map(({ kind, systemColumns }) => [kind, systemColumns.map(({ role }) => role)]),
      ofDocument,
      // the bodies of a hierarchy name all of its tables
      wanted.organizations.has(self) ? self : null,
    ]);
  }

  /** Whether a key leads from the resource to its own documents. */
  function isOwn(target: ForeignKeyConstraint['targetTable']): boolean {
    const name = qualified(target);
    return name === rootName || abstractsOfResource.has(name);
  }

  /** What a trial of a body may notice besides the body. */
  function surroundingsOf(): string {
    const cascades = keys.filter(({ onUpdate }) => onUpdate === 'Cascade');
    const columns = cascades.flatMap((each) => each.columns);
    const identity = new Set(identityColumns.flat());
    const isLeaving = [rootName, ...abstracts.map(({ targetTable }) => qualified(targetTable))].some(
      (name) => table === root && (cascadesFrom.get(name) ?? []).length > 0,
    );
    return JSON.stringify([
      someOf(cascades.length),
      new Set(columns).size < columns.length,
      columns.some((name) => identity.has(name)),
      isLeaving,
      keys.filter(({ targetTable }) => qualified(targetTable) === self).map(({ deferrable }) => deferrable),
      table.jsonScope.segments.filter(({ kind }) => kind === 'anyElement').length,
    ]);
  }
}

/** Which parts of the key are also the id of the document, and that of the row above. */
const keyRoles = ({ key, identity, columns }: Table) => {
  const places = new Map<string, number>(columns.map(({ name }, at) => [name, at]));
  const keyPlaces = key.columns.map(({ name }) => name);
  const placeIn = (name: string) => {
    const at = (keyPlaces as readonly string[]).indexOf(name);
    return at < 0 ? `column ${places.get(name)}` : `key ${at}`;
  };
  return [identity.rootLocator.map(placeIn), identity.parentLocator.map(placeIn)];
};

/** The role of each column of a table. */
function rolesOfColumns(table: Table): readonly (readonly [string, string])[] {
  const { key, identity, columns } = table;
  const keys = new Map<string, number>(key.columns.map(({ name }, at) => [name, at]));
  const roots = new Map<string, number>(identity.rootLocator.map((name, at) => [name, at]));
  const parents = new Map<string, number>(identity.parentLocator.map((name, at) => [name, at]));
  return columns.map(({ name, kind }, at) => {
    if (keys.has(name)) return [name, `key ${keys.get(name)}`] as const;
    if (roots.has(name)) return [name, `root ${roots.get(name)}`] as const;
    if (parents.has(name)) return [name, `parent ${parents.get(name)}`] as const;
    if (kind === 'Ordinal' || isMirroredKind(kind)) return [name, kind] as const;
    return [name, `value ${at}`] as const;
  });
}
