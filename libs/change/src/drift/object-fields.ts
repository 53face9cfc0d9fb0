import type {
  Catalog,
  CatalogColumn,
  CatalogTable,
  Check,
  ForeignKey,
  Grant,
  Index,
  Key,
  Role,
  Routine,
  Sequence,
  TableType,
  Trigger,
  View,
} from '@dms/catalog';

type Fields<Entry> = readonly (keyof Entry & string)[];

/** The compared fields of each kind of object, in this order, without those that identify it. */
interface ComparedFields {
  readonly extension: Fields<Catalog['extensions'][number]>;
  readonly sequence: Fields<Sequence>;
  readonly table: Fields<CatalogTable>;
  readonly column: Fields<CatalogColumn>;
  readonly primaryKey: Fields<Key>;
  readonly unique: Fields<Key>;
  readonly foreignKey: Fields<ForeignKey>;
  readonly check: Fields<Check>;
  readonly index: Fields<Index>;
  readonly trigger: Fields<Trigger>;
  readonly view: Fields<View>;
  readonly function: Fields<Routine>;
  readonly tableType: Fields<TableType>;
  readonly role: Fields<Role>;
  readonly grant: Fields<Grant>;
}

export const comparedFields: ComparedFields = {
  extension: ['schema'],
  sequence: ['type', 'start', 'increment', 'min', 'max', 'cycle', 'options'],
  table: ['storage', 'options'],
  column: ['type', 'nullable', 'identity', 'default', 'generated', 'collation'],
  // a table has only one, so its name does not matter
  primaryKey: ['name', 'columns', 'clustered', 'options'],
  unique: ['columns', 'clustered', 'options'],
  foreignKey: ['columns', 'target', 'targetColumns', 'onDelete', 'onUpdate', 'deferrable', 'validated', 'options'],
  check: ['expression', 'validated', 'options'],
  index: ['unique', 'columns', 'include', 'predicate', 'plain', 'valid'],
  trigger: ['timing', 'level', 'events', 'updateOf', 'oldTable', 'newTable', 'when', 'enabled', 'function', 'body', 'options'],
  view: ['columns', 'body', 'options'],
  function: [
    'result',
    'language',
    'volatility',
    'strict',
    'securityDefiner',
    'settings',
    'owner',
    'publicExecute',
    'body',
    'options',
  ],
  tableType: ['columns'],
  role: ['attributes', 'memberOf'],
  grant: ['privileges'],
};

/** Kinds that are parts of a table. */
export const tableParts = ['unique', 'foreignKey', 'check', 'index', 'trigger'] as const;
export type TablePart = (typeof tableParts)[number];

/** The parts of one kind. */
export function partsOf(table: CatalogTable, part: TablePart): readonly (Key | ForeignKey | Check | Index | Trigger)[] {
  switch (part) {
    case 'unique':
      return table.uniques;
    case 'foreignKey':
      return table.foreignKeys;
    case 'check':
      return table.checks;
    case 'index':
      return table.indexes;
    case 'trigger':
      return table.triggers;
  }
}
