import { type Catalog, type DatabaseDefinition, ownerRoleNames } from '@dms/catalog';
import { coreSchema } from '@dms/model';
import type { QualifiedName, SqlDialect } from '@dms/sql';
import { recordTable } from '../introspection/preparation-record.ts';
import { eventTable, notWritten, queueTable, trackedSchemas } from './written-tables.ts';

/*
 * The rights that a purpose needs, computed from the desired catalog (design 09c §1.1). Whatever asks for rights,
 * grants them or refuses a run without them reads this list.
 */

/**
 * The purposes that a role may have with a database. Each purpose needs its own rights; writing also needs those of
 * reading.
 */
export const rightPurposes = ['read', 'write', 'provision', 'upgrade'] as const;
export type RightPurpose = (typeof rightPurposes)[number];

/** The objects of a schema set that rights are about; a catalog has them all. */
export interface RightsSet extends Pick<Catalog, 'dialect' | 'mappingVersion' | 'schemas' | 'extensions'> {
  readonly tables: readonly QualifiedName[];
  readonly views: readonly QualifiedName[];
  readonly sequences: readonly QualifiedName[];
  readonly functions: readonly Pick<
    Catalog['functions'][number],
    'schema' | 'name' | 'arguments' | 'result' | 'owner'
  >[];
  readonly roles: readonly { readonly name: string }[];
}

/** The objects of a database whose script need not be written for that. */
export const rightsSetOf = (definition: DatabaseDefinition): RightsSet => ({
  dialect: definition.dialect,
  mappingVersion: definition.mappingVersion,
  schemas: [coreSchema, ...definition.schemas],
  extensions: definition.extensions.map((each) => ({ ...each })),
  tables: definition.tables,
  views: definition.views,
  sequences: definition.sequences,
  functions: definition.routines,
  roles: definition.ownerRole === null ? [] : [definition.ownerRole],
});

/** The set of a database of which no schema set is known: only rights on the database and on these schemas count. */
export const unknownSet = (dialect: SqlDialect, schemas: readonly string[]): RightsSet => ({
  dialect,
  mappingVersion: null,
  schemas: [...schemas],
  extensions: [],
  tables: [],
  views: [],
  sequences: [],
  functions: [],
  roles: [],
});

/** Rights that a purpose needs on one object. */
export interface NeededRights {
  /**
   * The word of a `GRANT`: `DATABASE`, `SCHEMA`, `TABLE`, `SEQUENCE` or `FUNCTION` in PostgreSQL; `DATABASE`, `SCHEMA` or
   * `OBJECT` in SQL Server. `LANGUAGE` is that of functions. `EXTENSION` stands for the schema and the functions of an
   * extension, wherever it is installed, and with CREATE for the schema in which a script would install it; `ROLE` for
   * membership in the role that owns functions, if the server has it.
   */
  readonly kind:
    | 'DATABASE'
    | 'SCHEMA'
    | 'TABLE'
    | 'SEQUENCE'
    | 'FUNCTION'
    | 'OBJECT'
    | 'EXTENSION'
    | 'LANGUAGE'
    | 'ROLE';
  /** The schema; empty for a database and for an extension. */
  readonly place: string;
  /** The name in the schema; empty for a schema and for the database of the session. */
  readonly name: string;
  /** The arguments of a function, with their names; empty for other objects. */
  readonly signature: string;
  readonly rights: readonly string[];
  /** Everybody has the rights from provisioning, so none is granted; someone may have revoked them. */
  readonly isPublic?: true;
  /** The rights are needed only where the object exists: who creates it owns it, and has them all. */
  readonly isOptional?: true;
}

/** What is known of an upgrade beforehand. */
export interface UpgradeNeeds {
  /** Whether a table moves to another schema; true where no plan is known. */
  readonly movesTables?: boolean | undefined;
}

type RightsOfPurpose = Readonly<Record<RightPurpose, (set: RightsSet, needs: UpgradeNeeds) => readonly NeededRights[]>>;

const onDatabase = (...rights: readonly string[]): NeededRights => ({
  kind: 'DATABASE',
  place: '',
  name: '',
  signature: '',
  rights,
});

const onSchema = (place: string, rights: readonly string[]): NeededRights => ({
  kind: 'SCHEMA',
  place,
  name: '',
  signature: '',
  rights,
});

const on = (kind: NeededRights['kind'], { schema, name }: QualifiedName, rights: readonly string[]): NeededRights => ({
  kind,
  place: schema,
  name,
  signature: '',
  rights,
});

/** The tables and views that a reader reads: all but the queue. */
const readable = ({ tables, views }: RightsSet): readonly QualifiedName[] =>
  [...tables, ...views].filter(({ schema, name }) => schema !== coreSchema || name !== queueTable);

/** The tables that a write of documents changes. */
const written = ({ tables }: RightsSet): readonly QualifiedName[] =>
  tables.filter(({ schema, name }) => schema !== coreSchema || !notWritten.includes(name));

/** Whether rows are only added to a table: events and recorded changes. */
const isAdded = ({ schema, name }: QualifiedName) =>
  schema.startsWith(trackedSchemas) || (schema === coreSchema && name === eventTable);

const rightsToWrite = (table: QualifiedName) => (isAdded(table) ? ['INSERT'] : ['INSERT', 'UPDATE', 'DELETE']);

/** The functions that are called by name; the server asks for no right on the function of a trigger. */
const called = ({ functions }: RightsSet) =>
  functions.filter(({ result, owner }) => result !== 'trigger' && !ownerRoleNames.includes(owner ?? ''));

/** What ALTER on the database does not give in schemas that another login owns. */
const rightsOfSeeds = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES', 'EXECUTE'];
const rightsOfRows = [...rightsOfSeeds, 'DELETE'];

/** The rights to create what PostgreSQL has in a script. */
const creating = ({ extensions, roles }: RightsSet): readonly NeededRights[] => [
  onDatabase('CONNECT', 'CREATE'),
  { ...on('LANGUAGE', { schema: '', name: 'plpgsql' }, ['USAGE']), isPublic: true },
  ...extensions.map(({ name }): NeededRights => {
    return { ...on('EXTENSION', { schema: '', name }, ['CREATE']), isPublic: true };
  }),
  ...roles.map(({ name }): NeededRights => ({ ...on('ROLE', { schema: '', name }, ['MEMBER']), isOptional: true })),
];

const changed = onDatabase('ALTER', 'VIEW DEFINITION');

const rights: Readonly<Record<SqlDialect, RightsOfPurpose>> = {
  pgsql: {
    read: (set) => [
      onDatabase('CONNECT'),
      ...set.schemas.map((schema) => onSchema(schema, ['USAGE'])),
      ...readable(set).map((name) => on('TABLE', name, ['SELECT'])),
    ],
    write: (set) => [
      ...written(set).map((table) => on('TABLE', table, rightsToWrite(table))),
      ...set.sequences.map((sequence) => on('SEQUENCE', sequence, ['USAGE'])),
      ...called(set).map((routine): NeededRights => {
        return { ...on('FUNCTION', routine, ['EXECUTE']), signature: routine.arguments, isPublic: true };
      }),
      // the functions of the set hash with it
      ...set.extensions.map(({ name }) => on('EXTENSION', { schema: '', name }, ['USAGE'])),
    ],
    provision: creating,
    upgrade: creating,
  },
  mssql: {
    read: (set) => readable(set).map((name) => on('OBJECT', name, ['SELECT'])),
    write: (set) => [
      ...written(set).map((table) => on('OBJECT', table, rightsToWrite(table))),
      ...set.sequences.map((sequence) => on('OBJECT', sequence, ['UPDATE'])),
      ...called(set).map((routine) => on('OBJECT', routine, ['EXECUTE'])),
    ],
    provision: ({ schemas }) => [
      changed,
      ...schemas.map((schema): NeededRights => ({ ...onSchema(schema, rightsOfSeeds), isOptional: true })),
    ],
    // a table that moves to another schema needs CONTROL, which holds all other rights
    upgrade: ({ schemas }, { movesTables = true }) => [
      changed,
      ...[...schemas, recordTable.schema].map((schema): NeededRights => {
        return { ...onSchema(schema, movesTables ? ['CONTROL'] : rightsOfRows), isOptional: true };
      }),
    ],
  },
};

/**
 * The rights that one purpose needs in a database of a set. Writing also needs those of reading, which are not in its
 * list. What only the database shows is asked besides: the owners of its objects.
 */
export const neededRights = (
  set: RightsSet,
  purpose: RightPurpose,
  needs: UpgradeNeeds = {},
): readonly NeededRights[] => rights[set.dialect][purpose](set, needs);
