import { build, hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type DerivedModel, deriveModel } from '../../derive-model.ts';
import type { ForeignKeyConstraint, RelationalModelSet, Table } from '../../model/model.ts';
import { draftBefore, schemaSet } from '../../spec-support.ts';
import { identityMutableResources } from './identity-mutable.ts';
import { propagateIdentity } from './propagate-identity.ts';

type Documents = readonly build.JsonRecord[];

const core52 = (): build.JsonRecord => readSharedJson('inputs', 'ds-5.2-core.json');
const tpdm = (): build.JsonRecord => readSharedJson('inputs', 'tpdm-1.1-extension.json');

/** A reference of a test resource; part of the identity and required unless said otherwise. */
interface Reference {
  readonly to: string;
  /** Mapping key, the base name of the reference's columns; the target's name unless given. */
  readonly as: string;
  readonly isIdentity: boolean;
  readonly isRequired: boolean;
  readonly place: 'root' | 'collection' | 'extension';
}

/** A resource `A` has the key `$.aKey`; a member of an abstract resource `X` has the key `$.xKey` in its place. */
interface Resource {
  readonly name: string;
  readonly flag?: boolean;
  readonly isAbstract?: boolean;
  readonly memberOf?: string;
  readonly references?: readonly Reference[];
  /** Paths that must hold the same value. */
  readonly equal?: readonly (readonly [string, string])[];
}

const to = (target: string, as = target): Reference => ({ to: target, as, isIdentity: true, isRequired: true, place: 'root' });
const plain = (target: string, as = target): Reference => ({ ...to(target, as), isIdentity: false });
const optional = (target: string, as = target): Reference => ({ ...plain(target, as), isRequired: false });

const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const keyOf = ({ name, memberOf }: Resource) => `${camel(memberOf ?? name)}Key`;
const objectPath = ({ as, place }: Reference) => {
  const name = `${camel(as)}Reference`;
  if (place === 'collection') return `$.items[*].${name}`;
  return place === 'extension' ? `$._ext.more.${name}` : `$.${name}`;
};
const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);

function identityOf(resource: Resource, all: readonly Resource[]): string[] {
  const references = (resource.references ?? []).filter(({ isIdentity }) => isIdentity);
  return [...references.flatMap((reference) => partsOf(reference, all).map(({ path }) => path)), `$.${keyOf(resource)}`];
}

/** The identity of the target and where the reference spells it; a name that occurs twice gets its object in front. */
function partsOf(reference: Reference, all: readonly Resource[]): { identityPath: string; name: string; path: string }[] {
  const target = all.find(({ name }) => name === reference.to) as Resource;
  const paths = identityOf(target, all);
  return paths.map((identityPath) => {
    const isShared = paths.filter((other) => lastName(other) === lastName(identityPath)).length > 1;
    const steps = identityPath.slice(2).replaceAll('Reference', '').split('.');
    const name = isShared
      ? steps.map((step, index) => (index === 0 ? step : step.charAt(0).toUpperCase() + step.slice(1))).join('')
      : lastName(identityPath);
    return { identityPath, name, path: `${objectPath(reference)}.${name}` };
  });
}

function schemaOf(reference: Reference, all: readonly Resource[]): build.JsonRecord {
  const parts = partsOf(reference, all);
  return build.object(
    Object.fromEntries(parts.map(({ name }) => [name, build.string()])),
    parts.map(({ name }) => name),
  );
}

function built(resource: Resource, all: readonly Resource[]): build.BuiltResource {
  const references = (resource.references ?? []).filter(({ place }) => place !== 'extension');
  const propertiesAt = (place: Reference['place']) =>
    Object.fromEntries(
      references
        .filter((reference) => reference.place === place)
        .map((reference) => [`${camel(reference.as)}Reference`, schemaOf(reference, all)]),
    );
  const items = propertiesAt('collection');
  const key = keyOf(resource);
  return build.resource(resource.name, {
    allowIdentityUpdates: resource.flag ?? false,
    identityJsonPaths: identityOf(resource, all),
    documentPathsMapping: mappingOf(references, all),
    equalityConstraints: (resource.equal ?? []).map(([sourceJsonPath, targetJsonPath]) => ({ sourceJsonPath, targetJsonPath })),
    jsonSchemaForInsert: build.object(
      {
        ...propertiesAt('root'),
        ...(Object.keys(items).length > 0 ? { items: build.array(build.object(items)) } : {}),
        [key]: build.string(),
      },
      [
        key,
        ...references
          .filter(({ place, isRequired }) => place === 'root' && isRequired)
          .map(({ as }) => `${camel(as)}Reference`),
      ],
    ),
    ...(resource.memberOf === undefined
      ? {}
      : { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: resource.memberOf }),
  });
}

function mappingOf(references: readonly Reference[], all: readonly Resource[]): build.JsonRecord {
  return Object.fromEntries(
    references.map((reference) => [
      reference.as,
      build.reference(
        `Core:${reference.to}`,
        partsOf(reference, all).map(({ identityPath, path }) => [identityPath, path] as const),
        reference.isRequired,
      ),
    ]),
  );
}

function documentsOf(all: readonly Resource[]): build.JsonRecord[] {
  const abstractResources = Object.fromEntries(
    all.filter(({ isAbstract }) => isAbstract).map(({ name }) => [name, { identityJsonPaths: [`$.${camel(name)}Key`] }]),
  );
  const concrete = all.filter(({ isAbstract }) => !isAbstract);
  const core = build.project(
    'Core',
    concrete.map((resource) => built(resource, all)),
    { abstractResources },
  );
  const extensions = concrete.flatMap((resource) => {
    const references = (resource.references ?? []).filter(({ place }) => place === 'extension');
    if (references.length === 0) return [];
    const properties = references.map((reference) => [`${camel(reference.as)}Reference`, schemaOf(reference, all)] as const);
    return [
      build.extensionOf(resource.name, {
        documentPathsMapping: mappingOf(references, all),
        jsonSchemaForInsert: build.object({ _ext: build.ext('more', build.object(Object.fromEntries(properties))) }),
      }),
    ];
  });
  return extensions.length === 0 ? [core] : [core, build.project('More', extensions, { isExtension: true })];
}

const tablesOf = (model: RelationalModelSet) => [
  ...model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
  ...model.abstractIdentityTables.map(({ table }) => table),
];

/** Reference keys: they start with the document id column of a reference. */
function referenceKeysOf(model: RelationalModelSet): { table: Table; key: ForeignKeyConstraint }[] {
  return tablesOf(model).flatMap((table) =>
    table.constraints.flatMap((key) => {
      if (key.kind !== 'ForeignKey') return [];
      const first = table.columns.find(({ name }) => name === key.columns[0]);
      return first?.kind === 'DocumentFk' ? [{ table, key }] : [];
    }),
  );
}

/** `{Target}→{Receiver}`, with the base name of the reference where it is not that of the target. */
function edgeName({ table, key }: { table: Table; key: ForeignKeyConstraint }): string {
  const target = key.targetTable.name.replace(/Identity$/, '');
  const base = (key.columns[0] as string).replace(/_DocumentId$/, '');
  return `${target}→${table.table.name}${base === target ? '' : ` as ${base}`}`;
}

/** What becomes of every reference key on SQL Server; keys, fallback list and notes must tell the same. */
function mssqlOutcomes({ model, notes }: DerivedModel): Record<string, string> {
  const keys = referenceKeysOf(model);
  const nameOfKey = new Map(
    keys.map((edge) => [
      `FK_${edge.table.table.name}_${(edge.key.columns[0] as string).replace(/_DocumentId$/, '')}_RefKey`,
      edgeName(edge),
    ]),
  );
  const outcomes = keys.map((edge): [string, string] => {
    const { table, key } = edge;
    const qualified = `${table.table.schema}.${table.table.name}`;
    const fullName = `FK_${table.table.name}_${(key.columns[0] as string).replace(/_DocumentId$/, '')}_RefKey`;
    const own = notes.filter(({ details }) => details.receiver === qualified && details.key === fullName);
    const served = model.propagationFallbacks.filter(
      ({ receiverTable, receiverFkColumn }) =>
        `${receiverTable.schema}.${receiverTable.name}` === qualified && receiverFkColumn === key.columns[0],
    );
    const shape = `${key.columns.length > 1 ? 'composite' : 'reduced'} ${key.onUpdate}, ${served.length} served`;
    expect(key.onDelete).toBe('NoAction');
    expect(key.deferrable).toBe(false);
    const [note, ...others] = own;
    expect(others).toEqual([]);
    if (!note)
      return [
        edgeName(edge),
        shape === 'composite Cascade, 0 served' ? 'cascade' : shape === 'composite NoAction, 0 served' ? 'no action' : shape,
      ];
    if (note.code === 'PROPAGATION_COVERED' && shape === 'composite NoAction, 0 served')
      return [edgeName(edge), `covered by ${nameOfKey.get(String(note.details.coveredBy))}`];
    if (note.code === 'PROPAGATION_FALLBACK' && shape === 'reduced NoAction, 1 served')
      return [edgeName(edge), `fallback, ${note.details.reason}`];
    return [edgeName(edge), `${note.code}, but ${shape}`];
  });
  return Object.fromEntries(outcomes);
}

function pgsqlOutcomes({ model, notes }: DerivedModel): Record<string, string> {
  expect(notes).toEqual([]);
  expect(model.propagationFallbacks).toEqual([]);
  return Object.fromEntries(
    referenceKeysOf(model).map((edge) => {
      expect(edge.key.onDelete).toBe('NoAction');
      expect(edge.key.columns.length).toBeGreaterThan(1);
      const action = edge.key.onUpdate === 'Cascade' ? 'cascade' : 'no action';
      return [edgeName(edge), `${action}${edge.key.deferrable ? ', deferrable' : ''}`];
    }),
  );
}

const derived = (all: readonly Resource[], dialect: 'pgsql' | 'mssql') => deriveModel(schemaSet(...documentsOf(all)), dialect);

const a: Resource = { name: 'A', flag: true };
const b: Resource = { name: 'B', references: [to('A')] };
const x: Resource = { name: 'X', isAbstract: true };
const s: Resource = { name: 'S', flag: true, memberOf: 'X' };
const inCollection = (reference: Reference): Reference => ({ ...reference, isIdentity: false, place: 'collection' });
const inExtension = (reference: Reference): Reference => ({ ...reference, isIdentity: false, place: 'extension' });
/** The value of A's key, as R has it from both of its references. */
const sameA = [['$.aReference.aKey', '$.bReference.aKey']] as const;
const sameX = [['$.sReference.xKey', '$.xReference.xKey']] as const;

interface Row {
  readonly row: string;
  readonly schema: string;
  readonly resources: readonly Resource[];
  readonly pgsql: Readonly<Record<string, string>>;
  readonly mssql: Readonly<Record<string, string>>;
}

const deferrable = 'cascade, deferrable';

/** Design 11 §5; `A←B` reads "B references A". */
const rows: readonly Row[] = [
  {
    row: '1',
    schema: 'A(flag) ← B',
    resources: [a, b],
    pgsql: { 'A→B': 'cascade' },
    mssql: { 'A→B': 'cascade' },
  },
  {
    row: '2',
    schema: 'A(flag) ← B ← C',
    resources: [a, b, { name: 'C', references: [to('B')] }],
    pgsql: { 'A→B': 'cascade', 'B→C': 'cascade' },
    mssql: { 'A→B': 'cascade', 'B→C': 'cascade' },
  },
  {
    row: '3',
    schema: 'A(no flag) ← B',
    resources: [{ name: 'A' }, b],
    pgsql: { 'A→B': 'no action' },
    mssql: { 'A→B': 'no action' },
  },
  {
    row: '4',
    schema: "A(flag) ← B ← R, A ← R, R unifies A's value",
    resources: [a, b, { name: 'R', references: [to('A'), to('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'cascade', 'B→R': 'covered by A→R' },
  },
  {
    row: '4b',
    schema: 'as 4, B(flag) too: B→R has more changing columns',
    resources: [a, { ...b, flag: true }, { name: 'R', references: [to('A'), to('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'covered by B→R', 'B→R': 'cascade' },
  },
  {
    row: '5',
    schema: "as 4, R's columns not unified",
    resources: [a, b, { name: 'R', references: [to('A'), to('B')] }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'cascade', 'B→R': 'fallback, convergence' },
  },
  {
    row: '6',
    schema: 'A(flag) ← B(flag) ← A, both optional and not identity',
    resources: [
      { ...a, references: [optional('B')] },
      { name: 'B', flag: true, references: [optional('A')] },
    ],
    pgsql: { 'A→B': 'cascade', 'B→A': 'cascade' },
    mssql: { 'A→B': 'fallback, cycle', 'B→A': 'cascade' },
  },
  {
    row: '7',
    schema: 'A(flag) references itself (optional parent)',
    resources: [{ ...a, references: [optional('A', 'Parent')] }],
    pgsql: { 'A→A as Parent': 'cascade' },
    mssql: { 'A→A as Parent': 'fallback, cycle' },
  },
  {
    row: '8',
    schema: 'S(flag) member of X; R references S and X unified, both required',
    resources: [x, s, { name: 'R', references: [to('S'), to('X')], equal: sameX }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '8',
    schema: 'the same, S required, X optional',
    resources: [x, s, { name: 'R', references: [to('S'), optional('X')], equal: sameX }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '8',
    schema: 'the same, S optional, X required',
    resources: [x, s, { name: 'R', references: [optional('S'), to('X')], equal: sameX }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '8b',
    schema: 'as 8, not unified',
    resources: [x, s, { name: 'R', references: [to('S'), to('X')] }],
    pgsql: { 'S→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→R': 'cascade', 'X→R': 'cascade' },
  },
  {
    row: '8c',
    schema: 'S(flag) member of X; S ← M ← R, X ← R unified',
    resources: [
      x,
      s,
      { name: 'M', references: [to('S')] },
      { name: 'R', references: [to('M'), to('X')], equal: [['$.mReference.xKey', '$.xReference.xKey']] },
    ],
    pgsql: { 'S→M': 'cascade', 'M→R': deferrable, 'X→R': deferrable },
    mssql: { 'S→M': 'cascade', 'M→R': 'cascade', 'X→R': 'fallback, late' },
  },
  {
    row: '9',
    schema: 'two independent flagged parents of R',
    resources: [a, { name: 'C', flag: true }, { name: 'R', references: [to('A'), to('C')] }],
    pgsql: { 'A→R': 'cascade', 'C→R': 'cascade' },
    mssql: { 'A→R': 'cascade', 'C→R': 'cascade' },
  },
  {
    row: '10',
    schema: 'child table references A(flag)',
    resources: [a, { name: 'R', references: [inCollection(optional('A'))] }],
    pgsql: { 'A→RItem': 'cascade' },
    mssql: { 'A→RItem': 'cascade' },
  },
  {
    row: '11',
    schema: 'extension table references A(flag)',
    resources: [a, { name: 'R', references: [inExtension(optional('A'))] }],
    pgsql: { 'A→RExtension': 'cascade' },
    mssql: { 'A→RExtension': 'cascade' },
  },
  {
    row: '12',
    schema: 'as 4, A→R optional',
    resources: [a, b, { name: 'R', references: [optional('A'), to('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'covered by B→R', 'B→R': 'cascade' },
  },
  {
    row: '12b',
    schema: 'as 4, A→R and B→R optional',
    resources: [a, b, { name: 'R', references: [optional('A'), optional('B')], equal: sameA }],
    pgsql: { 'A→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→R': 'cascade', 'B→R': 'fallback, convergence' },
  },
  {
    row: '13',
    schema: 'R references A(flag) twice, not unified',
    resources: [a, { name: 'R', references: [to('A'), to('A', 'Other')] }],
    pgsql: { 'A→R': deferrable, 'A→R as Other': deferrable },
    mssql: { 'A→R': 'cascade', 'A→R as Other': 'fallback, convergence' },
  },
  {
    row: '13',
    schema: 'R references A(flag) twice, unified',
    resources: [
      a,
      { name: 'R', references: [to('A'), to('A', 'Other')], equal: [['$.aReference.aKey', '$.otherReference.aKey']] },
    ],
    pgsql: { 'A→R': deferrable, 'A→R as Other': deferrable },
    mssql: { 'A→R': 'cascade', 'A→R as Other': 'covered by A→R' },
  },
  {
    row: '14',
    schema: "A(flag) ← B, C(flag) ← B, A ← R and B ← R unify A's value",
    resources: [
      a,
      { name: 'C', flag: true },
      { name: 'B', references: [to('A'), to('C')] },
      { name: 'R', references: [to('A'), to('B')], equal: sameA },
    ],
    pgsql: { 'A→B': 'cascade', 'C→B': 'cascade', 'A→R': deferrable, 'B→R': deferrable },
    mssql: { 'A→B': 'cascade', 'C→B': 'cascade', 'A→R': 'covered by B→R', 'B→R': 'cascade' },
  },
  {
    row: '15',
    schema: "A(flag) ← B, A ← C, B ← R and C ← R unify A's value",
    resources: [
      a,
      b,
      { name: 'C', references: [to('A')] },
      { name: 'R', references: [to('B'), to('C')], equal: [['$.bReference.aKey', '$.cReference.aKey']] },
    ],
    pgsql: { 'A→B': 'cascade', 'A→C': 'cascade', 'B→R': deferrable, 'C→R': deferrable },
    mssql: { 'A→B': 'cascade', 'A→C': 'cascade', 'B→R': 'cascade', 'C→R': 'covered by B→R' },
  },
];

describe('the rows of design 11 §5', () => {
  it.each(rows)('row $row on mssql: $schema', ({ resources, mssql }) => {
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual(mssql);
  });

  it.each(rows)('row $row on pgsql: $schema', ({ resources, pgsql }) => {
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual(pgsql);
  });
});

describe('late edges (design 11 §3.2)', () => {
  it('what moves over an optional reference may move later, where the reference is absent', () => {
    const resources: readonly Resource[] = [
      x,
      s,
      { name: 'M', references: [to('X'), optional('S')], equal: [['$.xReference.xKey', '$.sReference.xKey']] },
      { name: 'R', references: [to('S'), optional('M')], equal: [['$.sReference.xKey', '$.mReference.xKey']] },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'S→M': 'cascade',
      'X→M': 'fallback, late',
      'S→R': 'cascade',
      'M→R': 'fallback, late',
    });
  });

  it('two references to one table, whose rows follow over different triggers', () => {
    const sameSecond = [['$.firstReference.secondAKey', '$.otherReference.secondAKey']] as const;
    const resources: readonly Resource[] = [
      a,
      {
        name: 'B',
        references: [to('A', 'First'), to('A', 'Second'), optional('A', 'Third')],
        equal: [['$.secondReference.aKey', '$.thirdReference.aKey']],
      },
      { name: 'R', references: [to('B', 'First'), optional('B', 'Other')], equal: sameSecond },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→B as First': 'cascade',
      'A→B as Second': 'fallback, convergence',
      'A→B as Third': 'fallback, convergence',
      'B→R as First': 'fallback, late',
      'B→R as Other': 'fallback, convergence',
    });
  });
});

describe('the preference among edges (design 11 §3.1)', () => {
  it('takes the required edge of a circle before the optional one', () => {
    const resources = [
      { ...a, references: [optional('B')] },
      { ...b, flag: true },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({ 'A→B': 'cascade', 'B→A': 'fallback, cycle' });
  });

  it('takes the edge with more changing columns before the one with fewer', () => {
    const resources = [
      { ...a, references: [optional('B')] },
      { name: 'B', flag: true, references: [optional('A'), to('C')] },
      { name: 'C', flag: true },
    ];
    // A changes aKey; B changes bKey and cKey: B→A moves two columns.
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({ 'A→B': 'fallback, cycle', 'B→A': 'cascade' });
    const swapped = [
      { ...a, references: [optional('B'), to('C')] },
      { name: 'B', flag: true, references: [optional('A')] },
      { name: 'C', flag: true },
    ];
    expect(mssqlOutcomes(derived(swapped, 'mssql'))).toMatchObject({ 'A→B': 'cascade', 'B→A': 'fallback, cycle' });
  });

  it('counts changing columns, not columns', () => {
    // B's own key never changes, so both keys of R move one column, and the first in edge order stays.
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')], equal: sameA }];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({ 'A→R': 'cascade', 'B→R': 'covered by A→R' });
  });

  it('takes the first in edge order otherwise: by the base name of the key within a table', () => {
    const resources = [
      a,
      b,
      { name: 'R', references: [to('A', 'Zebra'), to('B')], equal: [['$.zebraReference.aKey', '$.bReference.aKey']] as const },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→B': 'cascade',
      'A→R as Zebra': 'covered by B→R',
      'B→R': 'cascade',
    });
  });

  it('orders edges of different receivers by table, not by the names of their keys', () => {
    // The table A comes before AB, but FK_AB_A_RefKey before FK_A_AB_RefKey.
    const resources = [
      { name: 'A', flag: true, references: [optional('AB')] },
      { name: 'AB', flag: true, references: [optional('A')] },
    ];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({ 'AB→A': 'cascade', 'A→AB': 'fallback, cycle' });
  });
});

describe('covered edges', () => {
  it('need a required cascade: an optional one may be absent where the other reference is present', () => {
    const resources = [a, b, { name: 'R', references: [optional('A'), optional('B')], equal: sameA }];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({ 'B→R': 'fallback, convergence' });
  });

  it('need a cascade over all of their changing columns', () => {
    // B brings aKey and, because it has the flag, bKey; A→R has only aKey, but is required.
    const resources = [a, { ...b, flag: true }, { name: 'R', references: [to('A'), optional('B')], equal: sameA }];
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→B': 'cascade',
      'A→R': 'cascade',
      'B→R': 'fallback, convergence',
    });
  });
});

describe('which resources are identity-mutable (design 11 §1)', () => {
  const mutableIn = (...documents: Documents) =>
    [...identityMutableResources(draftBefore(propagateIdentity, ...documents))].sort();
  const mutableOf = (resources: readonly Resource[]) => mutableIn(...documentsOf(resources));

  it('the flagged ones, and all whose identity holds a reference to one, over any number of steps', () => {
    const resources = [
      a,
      b,
      { name: 'C', references: [to('B')] },
      { name: 'D', references: [plain('A'), optional('B')] },
      { name: 'E', references: [to('D')] },
    ];
    expect(mutableOf(resources)).toEqual(['Core:A', 'Core:B', 'Core:C']);
  });

  it('an abstract resource with such a member, and what has it in its identity, but no other member', () => {
    const resources = [
      x,
      s,
      { name: 'T', memberOf: 'X' },
      { name: 'R', references: [to('X')] },
      { name: 'Y', isAbstract: true },
      { name: 'U', memberOf: 'Y' },
    ];
    expect(mutableOf(resources)).toEqual(['Core:R', 'Core:S', 'Core:X']);
  });

  it('a circle of identities adds nothing by itself', () => {
    const resources = [x, { name: 'T', memberOf: 'X', references: [to('R')] }, { name: 'R', references: [to('X')] }];
    expect(mutableOf(resources)).toEqual([]);
    const flagged = [x, { name: 'T', memberOf: 'X', references: [to('R')], flag: true }, { name: 'R', references: [to('X')] }];
    expect(mutableOf(flagged)).toEqual(['Core:R', 'Core:T', 'Core:X']);
  });

  it('never a descriptor', () => {
    const core = build.project('Core', [build.descriptor('ColorDescriptor', { allowIdentityUpdates: true })]);
    expect(mutableIn(core)).toEqual([]);
  });

  it.runIf(hasSharedData)('fifteen in the data standard 5.2, with TPDM too (needs the shared conformance data)', () => {
    const flagged = [
      'ClassPeriod',
      'Grade',
      'GradebookEntry',
      'Location',
      'Section',
      'Session',
      'StudentSchoolAssociation',
      'StudentSectionAssociation',
    ];
    const added = [
      'CourseOffering',
      'SectionAttendanceTakenEvent',
      'StaffSectionAssociation',
      'StudentGradebookEntry',
      'StudentSchoolAttendanceEvent',
      'StudentSectionAttendanceEvent',
      'SurveySectionAssociation',
    ];
    const expected = [...flagged, ...added].map((name) => `Ed-Fi:${name}`).sort();
    expect(mutableIn(core52())).toEqual(expected);
    expect(mutableIn(core52(), tpdm())).toEqual(expected);
  });
});

describe('PostgreSQL (design 11 §2)', () => {
  it('cascades from an abstract target in any case, from a concrete one that is identity-mutable', () => {
    const resources = [
      x,
      { name: 'T', memberOf: 'X' },
      { name: 'C' },
      { name: 'D', references: [optional('A')] },
      a,
      b,
      { name: 'R', references: [plain('X'), plain('C'), plain('D'), plain('B')] },
    ];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toMatchObject({
      'X→R': 'cascade',
      'C→R': 'no action',
      'D→R': 'no action',
      'B→R': 'cascade',
    });
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toMatchObject({
      'X→R': 'no action',
      'C→R': 'no action',
      'D→R': 'no action',
      'B→R': 'cascade',
    });
  });

  it('defers exactly the keys of a table that one flagged root feeds, not a third key beside them', () => {
    const resources = [a, b, { name: 'C', flag: true }, { name: 'R', references: [plain('A'), plain('B'), plain('C')] }];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual({
      'A→B': 'cascade',
      'A→R': deferrable,
      'B→R': deferrable,
      'C→R': 'cascade',
    });
  });

  it('does not defer two keys whose targets have no changing source in common', () => {
    const resources = [
      { name: 'A' },
      { ...b, flag: true },
      { name: 'C', flag: true, references: [to('A')] },
      { name: 'R', references: [plain('B'), plain('C')] },
    ];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual({
      'A→B': 'no action',
      'A→C': 'no action',
      'B→R': 'cascade',
      'C→R': 'cascade',
    });
  });

  it('defers keys of a child table and of an extension table', () => {
    const inTable = (place: (reference: Reference) => Reference) => [
      a,
      b,
      { name: 'R', references: [place(optional('A')), place(optional('B'))] },
    ];
    expect(pgsqlOutcomes(derived(inTable(inCollection), 'pgsql'))).toMatchObject({
      'A→RItem': deferrable,
      'B→RItem': deferrable,
    });
    expect(pgsqlOutcomes(derived(inTable(inExtension), 'pgsql'))).toMatchObject({
      'A→RExtension': deferrable,
      'B→RExtension': deferrable,
    });
  });

  it('does not defer two keys of different tables of one resource', () => {
    const resources = [a, { name: 'R', references: [plain('A'), inCollection(optional('A', 'Other'))] }];
    expect(pgsqlOutcomes(derived(resources, 'pgsql'))).toEqual({ 'A→R': 'cascade', 'A→RItem as Other': 'cascade' });
  });
});

describe('fallback edges (design 11 §3.3)', () => {
  const keyOfEdge = (model: RelationalModelSet, edge: string) => {
    const found = referenceKeysOf(model).find((candidate) => edgeName(candidate) === edge);
    return found as { table: Table; key: ForeignKeyConstraint };
  };
  const unified: Resource = {
    name: 'R',
    references: [to('A'), to('B'), optional('B', 'Other')],
    equal: [
      ['$.aReference.aKey', '$.bReference.aKey'],
      ['$.bReference.bKey', '$.rKey'],
    ],
  };

  it('reduce the key to the document id, under the name without _RefKey', () => {
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')] }];
    const { table, key } = keyOfEdge(derived(resources, 'mssql').model, 'B→R');
    expect(key).toEqual({
      kind: 'ForeignKey',
      name: 'FK_R_B',
      columns: ['B_DocumentId'],
      targetTable: { schema: 'core', name: 'B' },
      targetColumns: ['DocumentId'],
      onDelete: 'NoAction',
      onUpdate: 'NoAction',
      deferrable: false,
    });
    expect(table.constraints).toContainEqual({
      kind: 'AllOrNoneNullability',
      name: 'CK_R_B_AllNone',
      fkColumn: 'B_DocumentId',
      dependentColumns: ['B_AKey', 'B_BKey'],
    });
    expect(table.constraints.filter(({ name }) => name === 'FK_R_B_RefKey')).toEqual([]);
  });

  it("keep the target's referenced key", () => {
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')] }];
    const target = tablesOf(derived(resources, 'mssql').model).find(({ table }) => table.name === 'B') as Table;
    expect(target.constraints).toContainEqual({
      kind: 'Unique',
      name: 'UX_B_RefKey',
      columns: ['DocumentId', 'A_AKey', 'BKey'],
    });
  });

  it('leave the other keys of the table composite, named as before', () => {
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')] }];
    expect(keyOfEdge(derived(resources, 'mssql').model, 'A→R').key).toMatchObject({
      name: 'FK_R_A_RefKey',
      columns: ['A_DocumentId', 'A_AKey'],
      targetColumns: ['DocumentId', 'AKey'],
      onUpdate: 'Cascade',
    });
  });

  it('are listed with the pairs of the full key, in key order, as stored columns on both sides', () => {
    const pgsql = derived([a, b, unified], 'pgsql').model;
    expect(keyOfEdge(pgsql, 'B→R as Other').key.columns).toEqual(['Other_DocumentId', 'Other_AKey', 'Other_BKey']);
    const { model } = derived([a, b, unified], 'mssql');
    expect(mssqlOutcomes(derived([a, b, unified], 'mssql'))).toMatchObject({ 'B→R as Other': 'fallback, convergence' });
    expect(model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'B' },
        receiverTable: { schema: 'core', name: 'R' },
        receiverFkColumn: 'Other_DocumentId',
        columnMappings: [
          { sourceColumn: 'A_AKey', targetColumn: 'Other_AKey' },
          { sourceColumn: 'BKey', targetColumn: 'Other_BKey' },
        ],
      },
    ]);
  });

  it('name canonical columns where the source or the copy is unified', () => {
    const resources = [
      a,
      b,
      { name: 'C', references: [to('A'), to('B')], equal: sameA },
      {
        name: 'R',
        references: [optional('A'), optional('C')],
        // C's identity has A's key twice; the second spelling, bAKey, is left out of the key (design 04 §11.4).
        equal: [['$.aReference.aKey', '$.cReference.aAKey']] as const,
      },
    ];
    const { model } = derived(resources, 'mssql');
    expect(model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'C' },
        receiverTable: { schema: 'core', name: 'R' },
        receiverFkColumn: 'C_DocumentId',
        columnMappings: [
          { sourceColumn: 'AKey_Unified', targetColumn: 'AKey_Unified' },
          { sourceColumn: 'B_BKey', targetColumn: 'C_BKey' },
          { sourceColumn: 'CKey', targetColumn: 'C_CKey' },
        ],
      },
    ]);
  });

  it('may lead into a child table, an extension table and from an abstract identity table', () => {
    const resources = [
      a,
      x,
      s,
      {
        name: 'R',
        references: [
          inCollection(optional('A')),
          inCollection(optional('A', 'Other')),
          inExtension(optional('X')),
          inExtension(optional('X', 'Second')),
        ],
      },
    ];
    const { model } = derived(resources, 'mssql');
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→RItem': 'cascade',
      'A→RItem as Other': 'fallback, convergence',
      'X→RExtension as Second': 'cascade',
      'X→RExtension': 'fallback, convergence',
    });
    expect(model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'A' },
        receiverTable: { schema: 'core', name: 'RItem' },
        receiverFkColumn: 'Other_DocumentId',
        columnMappings: [{ sourceColumn: 'AKey', targetColumn: 'Other_AKey' }],
      },
      {
        targetTable: { schema: 'core', name: 'XIdentity' },
        receiverTable: { schema: 'more', name: 'RExtension' },
        receiverFkColumn: 'X_DocumentId',
        columnMappings: [{ sourceColumn: 'XKey', targetColumn: 'X_XKey' }],
      },
    ]);
    expect(keyOfEdge(model, 'A→RItem as Other').key).toMatchObject({ name: 'FK_RItem_Other', targetColumns: ['DocumentId'] });
    expect(keyOfEdge(model, 'X→RExtension').key).toMatchObject({ name: 'FK_RExtension_X', targetColumns: ['DocumentId'] });
  });

  it('are listed by target, those of one target in edge order', () => {
    const resources = [
      a,
      { name: 'Z', references: [to('A'), to('A', 'Second'), to('A', 'Third')] },
      { name: 'Q', references: [to('A'), to('A', 'Zulu')] },
      { name: 'AB', flag: true },
      { name: 'P', references: [to('AB'), to('AB', 'Other')] },
    ];
    const { model } = derived(resources, 'mssql');
    expect(
      model.propagationFallbacks.map(
        ({ targetTable, receiverTable, receiverFkColumn }) => `${targetTable.name} ${receiverTable.name} ${receiverFkColumn}`,
      ),
    ).toEqual(['A Q Zulu_DocumentId', 'A Z Second_DocumentId', 'A Z Third_DocumentId', 'AB P Other_DocumentId']);
  });

  it('of a resource that references itself name its root on both sides', () => {
    const resources = [{ ...a, references: [optional('A', 'Parent')] }];
    expect(derived(resources, 'mssql').model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'A' },
        receiverTable: { schema: 'core', name: 'A' },
        receiverFkColumn: 'Parent_DocumentId',
        columnMappings: [{ sourceColumn: 'AKey', targetColumn: 'Parent_AKey' }],
      },
    ]);
  });
});

describe('the report (design 11 §3.4)', () => {
  it('has a note per covered edge with the covering key', () => {
    const { notes } = derived([a, b, { name: 'R', references: [to('A'), to('B')], equal: sameA }], 'mssql');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({
      code: 'PROPAGATION_COVERED',
      class: 'N',
      where: { resource: 'Core:R', path: '$.bReference' },
      details: { receiver: 'core.R', target: 'core.B', key: 'FK_R_B_RefKey' },
    });
    expect(Object.values(notes[0]?.details ?? {})).toContain('FK_R_A_RefKey');
    expect(notes[0]?.message).toContain('FK_R_A_RefKey');
  });

  it.each([
    {
      reason: 'cycle',
      resources: [{ ...a, references: [optional('A', 'Parent')] }],
      receiver: 'core.A',
      target: 'core.A',
      key: 'FK_A_Parent_RefKey',
    },
    {
      reason: 'convergence',
      resources: [a, b, { name: 'R', references: [to('A'), to('B')] }],
      receiver: 'core.R',
      target: 'core.B',
      key: 'FK_R_B_RefKey',
    },
    {
      reason: 'late',
      resources: [x, s, { name: 'R', references: [to('S'), to('X')], equal: sameX }],
      receiver: 'core.R',
      target: 'core.XIdentity',
      key: 'FK_R_X_RefKey',
    },
  ])('has a note per fallback edge with its reason: $reason', ({ reason, resources, receiver, target, key }) => {
    const { notes } = derived(resources, 'mssql');
    const note = notes.find(({ details }) => details.key === key);
    expect(note).toMatchObject({ code: 'PROPAGATION_FALLBACK', class: 'N', details: { receiver, target, key, reason } });
    expect(note?.message).toContain(key);
  });

  it('is empty where every edge cascades, and for PostgreSQL', () => {
    expect(derived([a, b], 'mssql').notes).toEqual([]);
    expect(derived([a, b, { name: 'R', references: [to('A'), to('B')] }], 'pgsql').notes).toEqual([]);
  });
});

describe.runIf(hasSharedData)('the data standard 5.2 (needs the shared conformance data)', () => {
  const numbers = ({ model, notes }: DerivedModel) => {
    const keys = referenceKeysOf(model).map(({ key }) => key);
    const abstractTables = new Set(model.abstractIdentityTables.map(({ table }) => table.table.name));
    const cascades = keys.filter(({ onUpdate }) => onUpdate === 'Cascade');
    return {
      cascades: cascades.length,
      toAbstract: cascades.filter(({ targetTable }) => abstractTables.has(targetTable.name)).length,
      deferrable: keys.filter((key) => key.deferrable).length,
      covered: notes.filter(({ code }) => code === 'PROPAGATION_COVERED').length,
      fallbacks: notes.filter(({ code }) => code === 'PROPAGATION_FALLBACK').length,
      served: model.propagationFallbacks.length,
      reduced: keys.filter(({ columns }) => columns.length === 1).length,
    };
  };
  const none = { deferrable: 0, covered: 0, fallbacks: 0, served: 0, reduced: 0 };

  it('has 77 cascades on pgsql, 55 of them to abstract identity tables, and 22 on mssql', () => {
    const set = schemaSet(core52());
    expect(numbers(deriveModel(set, 'pgsql'))).toEqual({ cascades: 77, toAbstract: 55, ...none });
    expect(numbers(deriveModel(set, 'mssql'))).toEqual({ cascades: 22, toAbstract: 0, ...none });
  });

  it('has 80 and 23 with TPDM', () => {
    const set = schemaSet(core52(), tpdm());
    expect(numbers(deriveModel(set, 'pgsql'))).toMatchObject({ cascades: 80, ...none });
    expect(numbers(deriveModel(set, 'mssql'))).toMatchObject({ cascades: 23, ...none });
  });
});
