import { handMadeCatalogs, transitSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { Catalog, CatalogTable } from '../catalog.ts';
import { diffCatalogs } from './diff-catalogs.ts';
import { type CatalogDifference, type ObjectKind, objectKinds, type Severity } from './difference.ts';
import { driftRules, type Judged, severityOf } from './drift-rules.ts';

const { catalogOf } = transitSet;
const { column, table } = handMadeCatalogs;

/* The severity of a difference (design 09a §2.1). */

const plain = {
  isManaged: false,
  isUnique: false,
  isMandatory: false,
  isCompared: false,
  isCalled: false,
  isOfPlanner: false,
  isOverload: false,
  isOfService: false,
} as const;
const judge = (object: ObjectKind, change: Judged['change'], traits: Partial<Judged> = {}) =>
  severityOf({ object, change, ...plain, ...traits });

/** The compared fields of each kind that has fields. */
const fieldsOf: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(driftRules).flatMap(([kind, rules]) => ('fields' in rules ? [[kind, rules.fields] as const] : [])),
);

describe('a missing object', () => {
  const kinds = objectKinds.filter((kind) => kind !== 'columnOrder' && kind !== 'index');

  it.each(kinds)('a %s is an error', (kind) => {
    expect(judge(kind, 'missing')).toBe('error');
  });

  it('an index is an error if it is unique and a warning otherwise', () => {
    expect(judge('index', 'missing', { isUnique: true })).toBe('error');
    expect(judge('index', 'missing')).toBe('warning');
  });
});

describe('an extra table', () => {
  it('is a warning in a schema of ours, and a note if the service adds it', () => {
    expect(judge('table', 'extra', { isManaged: true })).toBe('warning');
    expect(judge('table', 'extra', { isManaged: true, isOfService: true })).toBe('info');
  });
});

describe('an extra function', () => {
  it('that has the name of an expected one is an error, wherever it is', () => {
    for (const isManaged of [true, false])
      expect(judge('function', 'extra', { isOverload: true, isManaged })).toBe('error');
    expect(judge('function', 'extra', { isManaged: true })).toBe('warning');
  });
});

describe('a changed field', () => {
  /** The fields whose change is only a warning. */
  const mild: Readonly<Record<string, readonly string[]>> = {
    extension: ['schema'],
    primaryKey: ['name', 'clustered'],
    unique: ['clustered'],
    column: ['collation'],
    sequence: ['type', 'start', 'min'],
    function: ['publicExecute'],
  };
  const places = [...fieldsOf].flatMap(([kind, fields]) => fields.map((field) => [kind as ObjectKind, field] as const));

  it.each(places.filter(([kind]) => kind !== 'index'))('%s: %s', (kind, field) => {
    const expected = field === 'parameters' ? 'info' : mild[kind]?.includes(field) ? 'warning' : 'error';
    expect(judge(kind, 'changed', { field })).toBe(expected);
  });

  it.each(driftRules.index.fields)('index %s: an error if the index is unique and a warning otherwise', (field) => {
    expect(judge('index', 'changed', { field, isUnique: true })).toBe('error');
    expect(judge('index', 'changed', { field })).toBe('warning');
  });

  it('the right to call a function is an error if statements call it', () => {
    expect(judge('function', 'changed', { field: 'publicExecute', isCalled: true })).toBe('error');
  });

  it('an option of a function is a warning if only the planner reads it', () => {
    for (const isCalled of [true, false]) {
      expect(judge('function', 'changed', { field: 'options', isCalled, isOfPlanner: true })).toBe('warning');
      expect(judge('function', 'changed', { field: 'options', isCalled })).toBe('error');
    }
  });

  it('a collation is an error if other values are equal in it', () => {
    expect(judge('column', 'changed', { field: 'collation', isCompared: true })).toBe('error');
    expect(judge('column', 'extra', { isMandatory: true, isCompared: true })).toBe('error');
    expect(judge('column', 'extra', { isCompared: true })).toBe('warning');
  });

  it('the order of columns is an info, a seed row an error', () => {
    expect(judge('columnOrder', 'changed', { field: 'order' })).toBe('info');
    expect(judge('seed', 'changed', { field: 'projectName' })).toBe('error');
  });
});

describe('an extra object', () => {
  it.each<[ObjectKind, Severity, Severity]>([
    ['schema', 'info', 'info'],
    ['extension', 'info', 'info'],
    ['index', 'info', 'info'],
    ['column', 'warning', 'warning'],
    ['table', 'warning', 'info'],
    ['view', 'warning', 'info'],
    ['function', 'warning', 'info'],
    ['sequence', 'warning', 'info'],
    ['tableType', 'warning', 'info'],
    ['primaryKey', 'error', 'error'],
    ['unique', 'error', 'error'],
    ['foreignKey', 'error', 'error'],
    ['check', 'error', 'error'],
    ['trigger', 'error', 'error'],
    ['seed', 'error', 'error'],
  ])('a %s has severity %s in a schema of the expected catalog and %s elsewhere', (kind, managed, elsewhere) => {
    expect(judge(kind, 'extra', { isManaged: true })).toBe(managed);
    expect(judge(kind, 'extra')).toBe(elsewhere);
  });

  it('is an error if it can refuse rows: a unique index or a mandatory column', () => {
    expect(judge('index', 'extra', { isUnique: true })).toBe('error');
    expect(judge('column', 'extra', { isMandatory: true })).toBe('error');
  });
});

/* The objects that a comparison treats as managed, unique and mandatory. */

describe('differences of catalogs', () => {
  const catalog = catalogOf('pgsql');
  const withTables = (...tables: readonly CatalogTable[]): Catalog => ({ ...catalog, tables });
  const severities = (expected: Catalog, actual: Catalog) =>
    diffCatalogs(expected, actual).differences.map(
      ({ object, change, severity }: CatalogDifference) => `${severity} ${change} ${object}`,
    );

  it('the severity of an extra table depends on its schema', () => {
    const [first] = catalog.tables as readonly [CatalogTable];
    const extra = (schema: string) => severities(catalog, withTables(...catalog.tables, table(schema, 'Mine')));
    expect(extra(first.schema)).toEqual(['warning extra table']);
    expect(extra('elsewhere')).toEqual(['info extra table']);
    // the schema of a table in the expected catalog is managed
    const only = { ...withTables(table('listed', 'A')), schemas: [], views: [], functions: [], sequences: [] };
    expect(severities(only, { ...only, tables: [...only.tables, table('listed', 'B')] })).toEqual([
      'warning extra table',
    ]);
  });

  it('a schema is managed if the expected catalog has anything in it', () => {
    const nothing: Catalog = { ...withTables(), schemas: [], views: [], functions: [], sequences: [], tableTypes: [] };
    const view = { schema: 'listed', name: 'V', columns: [], body: '' };
    const routine = {
      arguments: '',
      result: '',
      language: 'sql',
      volatility: null,
      strict: null,
      securityDefiner: false,
      settings: [],
      owner: null,
      publicExecute: true,
      body: '',
    };
    const sequence = { type: 'bigint', start: '1', increment: '1', min: '1', max: '9', cycle: false };
    for (const owner of [
      { schemas: ['listed'] },
      { views: [view] },
      { functions: [{ ...routine, schema: 'listed', name: 'F' }] },
      { sequences: [{ ...sequence, schema: 'listed', name: 'S' }] },
      { tableTypes: [{ schema: 'listed', name: 'Y', columns: [] }] },
    ] satisfies readonly Partial<Catalog>[]) {
      const expected = { ...nothing, ...owner };
      expect(severities(expected, { ...expected, tables: [table('listed', 'T')] })).toEqual(['warning extra table']);
      expect(severities(expected, { ...expected, tables: [table('other', 'T')] })).toEqual(['info extra table']);
    }
  });

  it('an index is unique if either catalog says so', () => {
    const index = { name: 'i', columns: ['a'], include: [], predicate: null, plain: true, valid: true };
    const indexed = (...unique: readonly boolean[]) =>
      withTables(table('s', 'T', { indexes: unique.map((isUnique) => ({ ...index, unique: isUnique })) }));
    expect(severities(indexed(true), indexed())).toEqual(['error missing index']);
    expect(severities(indexed(), indexed(true))).toEqual(['error extra index']);
    expect(severities(indexed(true), indexed(false))).toEqual(['error changed index']);
    expect(severities(indexed(false), indexed(true))).toEqual(['error changed index']);
    expect(severities(indexed(false), indexed())).toEqual(['warning missing index']);
    expect(severities(indexed(), indexed(false))).toEqual(['info extra index']);
  });

  const textColumn = { ...column, name: 'a', type: 'varchar(9)' };
  const key = { name: 'K', columns: ['a'], clustered: null };
  const reference: CatalogTable['foreignKeys'][number] = {
    name: 'F',
    columns: ['a'],
    target: { schema: 's', table: 'O' },
    targetColumns: ['a'],
    onDelete: 'NO ACTION',
    onUpdate: 'NO ACTION',
    deferrable: false,
    validated: true,
  };
  const index = { name: 'i', columns: ['a'], include: [], predicate: null, plain: true, valid: true };
  it.each<[string, Partial<CatalogTable>, string, Severity]>([
    ['of a column without a key', {}, 'C', 'warning'],
    ['in which different texts are equal', {}, 'ci NOT DETERMINISTIC', 'error'],
    ['of the primary key', { primaryKey: key }, 'C', 'error'],
    ['of a unique constraint', { uniques: [key] }, 'C', 'error'],
    ['of a foreign key', { foreignKeys: [reference] }, 'C', 'error'],
    ['of a unique index', { indexes: [{ ...index, unique: true }] }, 'C', 'error'],
    ['of an index', { indexes: [{ ...index, unique: false }] }, 'C', 'warning'],
  ])('another collation %s', (_, parts, collation, severity) => {
    const of = (name: string | null) =>
      withTables(table('s', 'T', { columns: [{ ...textColumn, collation: name }], ...parts }));
    expect(severities(of(null), of(collation))).toEqual([`${severity} changed column`]);
    expect(severities(of(collation), of(null))).toEqual([`${severity} changed column`]);
    const onServer = (name: string | null): Catalog => ({ ...of(name), dialect: 'mssql' });
    expect(severities(onServer(null), onServer('Latin1_General_CS_AS'))).toEqual(['error changed column']);
  });

  it('the collation of the database is that of columns without one', () => {
    const wanted = (collation: string | null) =>
      withTables(table('s', 'T', { columns: [{ ...textColumn, collation }], primaryKey: key }));
    const live = (collation: string | null) => ({ ...wanted(collation), collation: 'CI' });
    expect(severities(wanted('CI'), live(null))).toEqual([]);
    expect(severities(wanted(null), live(null))).toEqual([]);
    expect(severities(wanted('CS'), live(null))).toEqual(['error changed column']);
    expect(severities(wanted('CI'), live('CS'))).toEqual(['error changed column']);
    expect(severities(wanted('CI'), wanted(null))).toEqual(['error changed column']);
  });

  it('only a computed value that is stored is as nullable as wanted', () => {
    const of = (stored: boolean, nullable: boolean) =>
      withTables(table('s', 'T', { columns: [{ ...textColumn, nullable, generated: { expression: 'b', stored } }] }));
    expect(severities(of(false, true), of(false, false))).toEqual([]);
    expect(severities(of(true, true), of(true, false))).toEqual(['error changed column']);
  });

  it.each<[string, Partial<Catalog['functions'][number]>, Partial<Catalog['functions'][number]>, Severity]>([
    ['a trigger function that anybody may call', {}, { publicExecute: false }, 'warning'],
    [
      'one with the rights of its owner',
      { securityDefiner: true, publicExecute: false },
      { publicExecute: true },
      'error',
    ],
    ['one that statements call', { result: 'integer' }, { publicExecute: false }, 'error'],
    ['one that the planner may run in parallel', {}, { options: ['PARALLEL SAFE'] }, 'warning'],
    ['one that the planner takes for leakproof', { options: ['PARALLEL SAFE'] }, { options: ['LEAKPROOF'] }, 'warning'],
    ['one that returns several rows', {}, { options: ['PARALLEL SAFE', 'SETOF'] }, 'error'],
    ['one with a support function', { result: 'integer' }, { options: ['SUPPORT mine'] }, 'error'],
  ])('%s', (_, before, after, severity) => {
    const routine: Catalog['functions'][number] = {
      schema: 's',
      name: 'F',
      arguments: '',
      result: 'trigger',
      language: 'plpgsql',
      volatility: 'volatile',
      strict: false,
      securityDefiner: false,
      settings: [],
      owner: null,
      publicExecute: true,
      body: '',
    };
    const of = (some: Partial<Catalog['functions'][number]>): Catalog => ({
      ...catalog,
      functions: [{ ...routine, ...some }],
    });
    expect(severities(of(before), of({ ...before, ...after }))).toEqual([`${severity} changed function`]);
  });

  it.each<[string, Partial<CatalogTable['columns'][number]>, Severity]>([
    ['that needs a value', {}, 'error'],
    ['that may be NULL', { nullable: true }, 'warning'],
    ['with a default', { default: '1' }, 'warning'],
    ['with an identity', { identity: 'always' }, 'warning'],
    ['that is computed', { generated: { expression: '1', stored: true } }, 'warning'],
  ])('an extra column %s', (_, change, severity) => {
    const known = { ...column, name: 'a' };
    const before = withTables(table('s', 'T', { columns: [known] }));
    const after = withTables(table('s', 'T', { columns: [known, { ...column, name: 'b', ...change }] }));
    expect(severities(before, after)).toEqual([`${severity} extra column`]);
  });
});
