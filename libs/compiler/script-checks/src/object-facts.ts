import {
  type Catalog,
  type CatalogTable,
  type ForeignKey,
  type Grant,
  needsOfServer,
  type Routine,
} from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import { core, coreSchema, coreV1, coreV2, modelIndex, qualified, type RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { CheckedScript } from './checked-script.ts';
import type { ScriptFinding } from './text-form.ts';

/*
 * S21: facts of objects that no row shows, or only a row that no check writes: defaults, collations, deferral, storage,
 * what a function may do, and who may use what. The script and its catalog come from one definition, so a comparison of
 * the two cannot show that it is wrong. The facts are stated here once more, by the chapters.
 */

/** The values of defaults, in the normal form of a catalog (design 09a §1.5). */
type DefaultValue = 'version' | 'itemId' | 'now' | 'zero';

const nextOf = (sequence: { readonly schema: string; readonly name: string }) => `nextval(${qualified(sequence)})`;

/** The defaults of core tables, by column (design 06 §4, 16 §2). */
const coreDefaults: Readonly<Record<string, DefaultValue>> = {
  [`${qualified(core.document)}.ContentVersion`]: 'version',
  [`${qualified(core.document)}.IdentityVersion`]: 'version',
  [`${qualified(core.document)}.ContentLastModifiedAt`]: 'now',
  [`${qualified(core.document)}.IdentityLastModifiedAt`]: 'now',
  [`${qualified(core.document)}.CreatedAt`]: 'now',
  [`${qualified(core.descriptor)}.ContentVersion`]: 'zero',
  [`${qualified(core.descriptor)}.ContentLastModifiedAt`]: 'now',
  [`${qualified(core.documentCache)}.ComputedAt`]: 'now',
  [`${qualified(core.effectiveSchema)}.AppliedAt`]: 'now',
  [`${qualified(coreV1.documentChangeEvent)}.CreatedAt`]: 'now',
};

/** The defaults of columns of resources, by kind (design 16 §4.3, §4.4). */
const defaultsOfKinds: Readonly<Record<string, DefaultValue>> = {
  CollectionKey: 'itemId',
  MirroredContentVersion: 'zero',
  MirroredContentLastModifiedAt: 'now',
};

/** The default of each column that has one, by `schema.table.column`. */
function expectedDefaults(
  model: RelationalModelSet,
  { trackedChangeTables }: Inventory,
): ReadonlyMap<string, DefaultValue> {
  const ofResources = modelIndex(model).tables.flatMap(({ key, table: { columns } }) =>
    columns.flatMap(({ name, kind }): [string, DefaultValue][] => {
      const value = defaultsOfKinds[kind];
      return value === undefined ? [] : [[`${key}.${name}`, value]];
    }),
  );
  const ofTracked = trackedChangeTables.flatMap(({ table, systemColumns }) =>
    systemColumns.flatMap(({ role, column }): [string, DefaultValue][] =>
      role === 'CreatedAt' ? [[`${qualified(table)}.${column}`, 'now']] : [],
    ),
  );
  return new Map([...Object.entries(coreDefaults), ...ofResources, ...ofTracked]);
}

/** The texts by which a descriptor is found (design 22 §2.3). */
const descriptorTexts = ['Namespace', 'CodeValue', 'Uri', 'UriLowered'].map(
  (name) => `${qualified(core.descriptor)}.${name}`,
);

/**
 * Whether the generation folds URIs and compares the texts of identities in its own way (design 22 §2.1, §2.3). The marks
 * of the model do not show it: a set whose keys have no text has none.
 */
const foldsUris = ({ effectiveSchema }: RelationalModelSet): boolean =>
  needsOfServer(effectiveSchema.relationalMappingVersion).uriFolding !== null;

/** The columns with texts of identities, by `schema.table.column`; empty in generations that do not tell them apart. */
function identityTextsOf({ model, inventory }: Pick<CheckedScript, 'model' | 'inventory'>): ReadonlySet<string> {
  if (!foldsUris(model)) return new Set();
  const marked = modelIndex(model).allTables.flatMap(({ key, table: { columns } }) =>
    columns.flatMap(({ name, identityText }) => (identityText ? [`${key}.${name}`] : [])),
  );
  const tracked = inventory.trackedChangeTables.flatMap(({ table, valueColumns }) =>
    valueColumns.flatMap(({ oldColumn, newColumn, scalarType, origins }) =>
      scalarType.kind === 'String' && origins.includes('Identity')
        ? [oldColumn, newColumn].map((name) => `${qualified(table)}.${name}`)
        : [],
    ),
  );
  return new Set([...descriptorTexts, ...marked, ...tracked]);
}

/** The column that compares its texts by their bytes, where the database might not (design 16 §2.2). */
const binaryColumn = `${qualified(coreV2.documentCacheState)}.ProjectionLifecycleState`;

/** An expected fact, and the one in the catalog. */
type ComparedFact = readonly [what: string, expected: unknown, found: unknown];

/** What the model and the inventory say about single columns, by `schema.table.column`. */
interface ColumnFacts {
  readonly defaults: ReadonlyMap<string, DefaultValue>;
  /** The columns with texts of identities. */
  readonly identityTexts: ReadonlySet<string>;
}

function* factsOfTable(
  { now, binaryCollation, identityCollation, folding }: EngineFacts,
  table: CatalogTable,
  mayDefer: (key: ForeignKey) => boolean,
  { defaults: byColumn, identityTexts }: ColumnFacts,
): Generator<ComparedFact> {
  const tableName = qualified(table);
  const defaults: Readonly<Record<DefaultValue, string>> = {
    version: nextOf(core.changeVersionSequence),
    itemId: nextOf(coreV2.collectionItemIdSequence),
    now,
    zero: '0',
  };
  yield [`the storage of ${tableName}`, 'ordinary', table.storage];
  for (const name of ['parameters', 'options'] as const) yield [`the ${name} of ${tableName}`, [], table[name] ?? []];
  for (const column of table.columns) {
    const name = `${tableName}.${column.name}`;
    const value = byColumn.get(name);
    yield [`the default of ${name}`, value === undefined ? null : defaults[value], column.default];
    const isGenerated = name === `${qualified(core.document)}.DocumentId`;
    yield [`the identity of ${name}`, isGenerated ? 'always' : null, column.identity];
    const ofIdentity = identityTexts.has(name) ? identityCollation : null;
    yield [`the collation of ${name}`, name === binaryColumn ? binaryCollation : ofIdentity, column.collation];
  }
  const constraints = [
    ...(table.primaryKey === null ? [] : [table.primaryKey]),
    ...[table.uniques, table.foreignKeys, table.checks, table.triggers].flat(),
  ];
  for (const each of constraints) yield [`the options of ${each.name} of ${tableName}`, [], each.options ?? []];
  for (const each of [...table.foreignKeys, ...table.checks])
    yield [`whether ${each.name} of ${tableName} is validated`, true, each.validated];
  for (const key of table.foreignKeys)
    if (!mayDefer(key)) yield [`the deferral of ${key.name} of ${tableName}`, false, key.deferrable];
  for (const { name, plain, valid, predicate, unique, columns } of table.indexes) {
    const isFolding = name === foldingIndex && tableName === qualified(core.descriptor);
    yield [
      `the kind of ${name} of ${tableName}`,
      [!isFolding || folding.isPlain, true, null],
      [plain, valid, predicate],
    ];
    if (isFolding) yield [`the columns of ${name} of ${tableName}`, [true, ...folding.columns], [unique, ...columns]];
  }
  for (const { name, enabled, when } of table.triggers)
    yield [`whether ${name} of ${tableName} always runs`, [true, null], [enabled, when]];
}

/**
 * Whether a key of a table may be deferrable (design 11 §2): on PostgreSQL one that cascades, and one that leads from a
 * document to itself, also by an abstract identity.
 */
function deferralRule({ hasDeferredKeys }: EngineFacts, model: RelationalModelSet) {
  const index = modelIndex(model);
  return (table: CatalogTable) =>
    ({ onUpdate, target }: ForeignKey): boolean => {
      if (!hasDeferredKeys || target.schema === coreSchema) return false;
      const to = index.table({ schema: target.schema, name: target.table });
      if (onUpdate === 'CASCADE' || to === undefined) return onUpdate === 'CASCADE';
      return to.resource === undefined || (to.isRoot && to.resource === index.table(table)?.resource);
    };
}

/** The role that owns the functions of the queue (design 16 §2.6). */
const ownerRole = 'edfi_dms_enqueue_owner';

const ownedFunctions: readonly string[] = [
  'TF_Document_EnqueueProjectionInsert',
  'TF_Document_EnqueueProjectionUpdate',
];

type RoutineFacts = Omit<Routine, 'schema' | 'name' | 'body' | 'options'>;

const plain = { securityDefiner: false, settings: [], owner: null, publicExecute: true } as const;

/** The index that finds descriptors by their URI, whatever the letter case (design 22 §2.1). */
const foldingIndex = 'UX_Descriptor_UriLowered_ResourceKeyId';

/** What the engines have in their own way. */
interface EngineFacts {
  readonly now: string;
  readonly binaryCollation: string | null;
  /** The collation of texts of identities, where the generation marks them (design 22 §2.3). */
  readonly identityCollation: string | null;
  /** The columns of the index that folds URIs, and whether all of them are columns of the table. */
  readonly folding: { readonly isPlain: boolean; readonly columns: readonly string[] };
  readonly hasDeferredKeys: boolean;
  /** Whether a role owns functions (design 16 §2.6). */
  readonly hasOwnerRole: boolean;
  /** The least number of a sequence, whose greatest is that of 64 bits. */
  readonly least: string;
  /** The functions that statements call (design 06 §5.1, 16 §2.4). */
  readonly calledRoutines: Readonly<Record<string, RoutineFacts>>;
}

const engineFacts: Readonly<Record<SqlDialect, EngineFacts>> = {
  pgsql: {
    now: 'now()',
    binaryCollation: null,
    identityCollation: null,
    folding: { isPlain: false, columns: ['lower("Uri" COLLATE "pg_c_utf8")', 'ResourceKeyId'] },
    hasDeferredKeys: true,
    hasOwnerRole: true,
    least: '1',
    calledRoutines: {
      [core.uuidv5.name]: {
        ...{ arguments: 'namespace_uuid uuid, name_text text', result: 'uuid', language: 'plpgsql' },
        ...{ volatility: 'immutable', strict: true, ...plain },
      },
      // it reads a sequence, so each call may return another number
      [coreV2.getMaxChangeVersion.name]: {
        ...{ arguments: '', result: 'bigint', language: 'plpgsql', volatility: 'volatile', strict: false, ...plain },
      },
      [coreV2.throwError.name]: {
        ...{ arguments: 'code text, msg text', result: 'integer', language: 'plpgsql' },
        ...{ volatility: 'volatile', strict: false, ...plain },
      },
    },
  },
  mssql: {
    now: 'sysutcdatetime()',
    binaryCollation: 'Latin1_General_100_BIN2',
    identityCollation: 'SQL_Latin1_General_CP1_CI_AS',
    folding: { isPlain: true, columns: ['UriLowered', 'ResourceKeyId'] },
    hasDeferredKeys: false,
    hasOwnerRole: false,
    least: '-9223372036854775808',
    calledRoutines: {
      [core.uuidv5.name]: {
        ...{ arguments: '@namespace_uuid uniqueidentifier, @name_text nvarchar(max)', result: 'uniqueidentifier' },
        ...{ language: 'tsql', volatility: null, strict: null, ...plain },
      },
      [coreV2.getMaxChangeVersion.name]: {
        ...{ arguments: '', result: 'bigint', language: 'tsql', volatility: null, strict: null, ...plain },
      },
    },
  },
};

/** A function that holds the body of a trigger. */
const triggerRoutine: RoutineFacts = {
  ...{ arguments: '', result: 'trigger', language: 'plpgsql', volatility: 'volatile', strict: false, ...plain },
};

/** One that writes more than the session may: it has the rights of its owner, and nobody else may call it. */
const ownedRoutine: RoutineFacts = {
  ...triggerRoutine,
  ...{ securityDefiner: true, settings: ['search_path=pg_catalog'], owner: ownerRole, publicExecute: false },
};

function routineFacts(dialect: SqlDialect, { schema, name }: Routine): RoutineFacts {
  if (schema !== coreSchema) return triggerRoutine;
  return engineFacts[dialect].calledRoutines[name] ?? (ownedFunctions.includes(name) ? ownedRoutine : triggerRoutine);
}

const inOrder = (facts: object): unknown => Object.entries(facts).sort(([left], [right]) => (left < right ? -1 : 1));

function* factsOfRoutines({ dialect, functions }: Catalog): Generator<ComparedFact> {
  for (const routine of functions) {
    const { schema, name, body: _, options = [], ...facts } = routine;
    yield [`the attributes of ${schema}.${name}`, inOrder(routineFacts(dialect, routine)), inOrder(facts)];
    yield [`the options of ${schema}.${name}`, [], options];
  }
}

const grant = (kind: Grant['kind'], name: string, ...privileges: readonly string[]): Grant => {
  return { kind, schema: coreSchema, name, grantee: ownerRole, privileges };
};

/** The rights of the role (design 16 §2.6). */
const ownerGrants: readonly Grant[] = [
  ...ownedFunctions.map((name) => grant('function', name, 'EXECUTE')),
  grant('schema', coreSchema, 'USAGE'),
  grant('table', coreV2.documentCacheState.name, 'SELECT'),
  grant('table', coreV2.documentProjectionWork.name, 'INSERT', 'SELECT', 'UPDATE'),
];

function* factsOfRights({ dialect, tables, roles, grants }: Catalog): Generator<ComparedFact> {
  const hasQueue = tables.some((table) => qualified(table) === qualified(coreV2.documentProjectionWork));
  const hasRole = hasQueue && engineFacts[dialect].hasOwnerRole;
  yield ['the roles', hasRole ? [inOrder({ name: ownerRole, attributes: [], memberOf: [] })] : [], roles.map(inOrder)];
  const texts = (some: readonly Grant[]) =>
    some
      .map(
        ({ kind, schema, name, grantee, privileges }) =>
          `${privileges.join(', ')} on ${kind} ${schema}.${name} to ${grantee}`,
      )
      .sort();
  yield ['the rights', texts(hasRole ? ownerGrants : []), texts(grants)];
}

/** Sequences count all numbers of 64 bits from 1 on (design 06 §4). */
function* factsOfSequences({ dialect, sequences }: Catalog): Generator<ComparedFact> {
  const { least: min } = engineFacts[dialect];
  const usual = { type: 'bigint', start: '1', increment: '1', min, max: '9223372036854775807', cycle: false };
  for (const { schema, name, options = [], ...facts } of sequences)
    yield [`the sequence ${schema}.${name}`, [inOrder(usual), []], [inOrder(facts), options]];
}

/** S21 (design 09b §2.4), for a catalog; S5 and the step `catalog` compare the catalog with the script. */
export function wrongFacts(
  input: Pick<CheckedScript, 'dialect' | 'model' | 'inventory'>,
  catalog: Catalog,
): ScriptFinding[] {
  const engine = engineFacts[input.dialect];
  const mayDefer = deferralRule(engine, input.model);
  const columns: ColumnFacts = {
    defaults: expectedDefaults(input.model, input.inventory),
    identityTexts: identityTextsOf(input),
  };
  const indexes = catalog.tables.find((table) => qualified(table) === qualified(core.descriptor))?.indexes ?? [];
  const facts: ComparedFact[] = [
    [
      `whether ${qualified(core.descriptor)} has ${foldingIndex}`,
      foldsUris(input.model),
      indexes.some(({ name }) => name === foldingIndex),
    ],
    ...catalog.tables.flatMap((table) => [...factsOfTable(engine, table, mayDefer(table), columns)]),
    ...factsOfRoutines(catalog),
    ...factsOfRights(catalog),
    ...factsOfSequences(catalog),
  ];
  return facts.flatMap(([what, expected, found]) => {
    const [wanted, is] = [JSON.stringify(expected), JSON.stringify(found)];
    return wanted === is ? [] : [{ id: 'S21', text: `${what} must be ${wanted}, and is ${is}` }];
  });
}
