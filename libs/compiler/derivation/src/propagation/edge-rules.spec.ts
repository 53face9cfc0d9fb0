import { qualified } from '@dms/model';
import { build, type Document, ownSchema, schemaSet, seeds, shuffled } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { referenceKeysOf } from '../../test/propagation-outcomes.ts';
import { deriveModel } from '../derive-model.ts';

/* Edge cases of design 11 §2 and §3 that are not in the table of §5. */

type EdgePairs = readonly (readonly [string, string])[];

/** A required reference is part of the identity, except in a collection. */
interface RuledReference {
  readonly to: string;
  readonly pairs: EdgePairs;
  readonly isRequired?: boolean;
  readonly isInCollection?: boolean;
}

interface RuledResource {
  readonly flag?: boolean;
  readonly memberOf?: string;
  /** References by mapping key; the object is `$.{key}Reference`. */
  readonly references?: Readonly<Record<string, RuledReference>>;
  readonly equal?: EdgePairs;
  /** Whether the resource has its own key `$.{name}Key`. */
  readonly hasKey?: boolean;
}

const objectName = (key: string) => `${key.toLowerCase()}Reference`;

function built(name: string, { flag = false, memberOf, references = {}, equal = [], hasKey = true }: RuledResource) {
  const key = `${name.toLowerCase()}Key`;
  const entries = Object.entries(references).map(([as, reference]) => {
    const { to, isRequired = true, isInCollection = false } = reference;
    const at = `$.${isInCollection ? 'items[*].' : ''}${objectName(as)}`;
    const pairs = reference.pairs.map(([identity, field]) => [identity, `${at}.${field}`] as const);
    const fields = reference.pairs.map(([, field]) => field);
    const schema = build.object(Object.fromEntries(fields.map((field) => [field, build.string()])), fields);
    return { as, pairs, isRequired, isInCollection, schema, mapping: build.reference(`Core:${to}`, pairs, isRequired) };
  });
  const inRoot = entries.filter(({ isInCollection }) => !isInCollection);
  const schemas = (list: typeof entries) => Object.fromEntries(list.map(({ as, schema }) => [objectName(as), schema]));
  const identity = inRoot.filter(({ isRequired }) => isRequired);
  const own = hasKey ? [key] : [];
  return build.resource(name, {
    allowIdentityUpdates: flag,
    identityJsonPaths: [
      ...own.map((property) => `$.${property}`),
      ...identity.flatMap(({ pairs }) => pairs.map(([, path]) => path)),
    ],
    documentPathsMapping: Object.fromEntries(entries.map(({ as, mapping }) => [as, mapping])),
    equalityConstraints: equal.map(([sourceJsonPath, targetJsonPath]) => ({ sourceJsonPath, targetJsonPath })),
    jsonSchemaForInsert: build.object(
      {
        ...Object.fromEntries(own.map((property) => [property, build.string()])),
        ...schemas(inRoot),
        items: build.array(build.object(schemas(entries.filter(({ isInCollection }) => isInCollection)))),
      },
      [...own, ...identity.map(({ as }) => objectName(as))],
    ),
    ...(memberOf === undefined
      ? {}
      : {
          isSubclass: true,
          superclassProjectName: 'Core',
          superclassResourceName: memberOf,
          superclassIdentityJsonPath: `$.${memberOf.toLowerCase()}Key`,
        }),
  });
}

function documentOf(
  resources: Readonly<Record<string, RuledResource>>,
  abstracts: readonly string[] = [],
): build.JsonRecord {
  return build.project(
    'Core',
    Object.entries(resources).map(([name, resource]) => built(name, resource)),
    {
      abstractResources: Object.fromEntries(
        abstracts.map((name) => [name, { identityJsonPaths: [`$.${name.toLowerCase()}Key`] }]),
      ),
    },
  );
}

/**
 * The references of a model as `Receiver.Base`, each with its action, its shape and, if it has a note, the covering key
 * or the reason in the note.
 */
function outcomes(dialect: 'pgsql' | 'mssql', ...documents: readonly Document[]): Record<string, string> {
  const { model, notes } = deriveModel(schemaSet(...documents), dialect);
  return Object.fromEntries(
    referenceKeysOf(model).map(({ table: { table }, key }) => {
      const base = (key.columns[0] as string).replace(/_DocumentId$/, '');
      const note = notes.find(
        ({ details }) => details.receiver === qualified(table) && details.key === `FK_${table.name}_${base}_RefKey`,
      );
      const said = note ? ` ${String(note.details.coveredBy ?? note.details.reason)}` : '';
      const shape = `${key.columns.length > 1 ? '' : 'reduced '}${key.onUpdate}${key.deferrable ? ' deferrable' : ''}`;
      return [`${table.name}.${base}`, shape + said];
    }),
  );
}

const toA: EdgePairs = [['$.aKey', 'aKey']];
const toB: EdgePairs = [
  ['$.bKey', 'bKey'],
  ['$.aReference.aKey', 'aKey'],
];
const a: RuledResource = { flag: true };
const b: RuledResource = { references: { A: { to: 'A', pairs: toA } } };
const toX: EdgePairs = [['$.xKey', 'xKey']];

describe('the preference among edges', () => {
  it('puts a concrete target before an abstract one, whatever their order by name', () => {
    // B→R is covered by the first edge in preference order that has A's key; in order of names that would be AA.
    const document = documentOf(
      {
        A: a,
        B: b,
        S: { flag: true, memberOf: 'X' },
        R: {
          references: { AA: { to: 'X', pairs: toX }, C: { to: 'A', pairs: toA }, D: { to: 'B', pairs: toB } },
          equal: [
            ['$.cReference.aKey', '$.dReference.aKey'],
            ['$.cReference.aKey', '$.aaReference.xKey'],
          ],
        },
      },
      ['X'],
    );
    expect(outcomes('mssql', document)).toEqual({
      'B.A': 'Cascade',
      'R.AA': 'Cascade',
      'R.C': 'Cascade',
      'R.D': 'NoAction FK_R_C_RefKey',
    });
  });

  it.each([
    ['required', true, 'NoAction FK_RItem_A_RefKey'],
    ['optional', false, 'reduced NoAction convergence'],
  ])('knows in a collection, too, which reference is %s', (_, isRequired, expected) => {
    const inCollection = (to: string, pairs: EdgePairs, required: boolean): RuledReference => ({
      to,
      pairs,
      isRequired: required,
      isInCollection: true,
    });
    const r: RuledResource = {
      references: { A: inCollection('A', toA, isRequired), B: inCollection('B', toB, false) },
      equal: [['$.items[*].aReference.aKey', '$.items[*].bReference.aKey']],
    };
    expect(outcomes('mssql', documentOf({ A: a, B: b, R: r }))).toEqual({
      'B.A': 'Cascade',
      'RItem.A': 'Cascade',
      'RItem.B': expected,
    });
  });
});

describe('circles', () => {
  it('of three lose the edge that comes last in preference order', () => {
    const to = (name: string): RuledReference => ({
      to: name,
      pairs: [[`$.${name.toLowerCase()}Key`, `${name.toLowerCase()}Key`]],
      isRequired: false,
    });
    const document = documentOf({
      A: { flag: true, references: { C: to('C') } },
      B: { flag: true, references: { A: to('A') } },
      C: { flag: true, references: { B: to('B') } },
    });
    expect(outcomes('mssql', document)).toEqual({
      'A.C': 'Cascade',
      'B.A': 'Cascade',
      'C.B': 'reduced NoAction cycle',
    });
    expect(outcomes('pgsql', document)).toEqual({ 'A.C': 'Cascade', 'B.A': 'Cascade', 'C.B': 'Cascade' });
  });
});

describe('abstract resources', () => {
  const toS: EdgePairs = [['$.sKey', 'sKey']];
  const toT: EdgePairs = [['$.tKey', 'tKey']];

  it('a member that cannot change is not a candidate: a shared column makes no edge late', () => {
    const document = documentOf(
      {
        S: { flag: true, memberOf: 'X' },
        T: { memberOf: 'X' },
        R: {
          references: { T: { to: 'T', pairs: toT }, X: { to: 'X', pairs: toX } },
          equal: [['$.tReference.tKey', '$.xReference.xKey']],
        },
      },
      ['X'],
    );
    expect(outcomes('mssql', document)).toEqual({ 'R.T': 'NoAction', 'R.X': 'Cascade' });
    expect(outcomes('pgsql', document)).toEqual({ 'R.T': 'NoAction', 'R.X': 'Cascade' });
  });

  it('without a member that can change cascade on pgsql, where nothing is deferrable, and not on mssql', () => {
    const document = documentOf(
      { T: { memberOf: 'X' }, R: { references: { X: { to: 'X', pairs: toX }, Y: { to: 'X', pairs: toX } } } },
      ['X'],
    );
    expect(outcomes('pgsql', document)).toEqual({ 'R.X': 'Cascade', 'R.Y': 'Cascade' });
    expect(outcomes('mssql', document)).toEqual({ 'R.X': 'NoAction', 'R.Y': 'NoAction' });
  });

  it('change with a member whose identity holds a reference: its table follows in a later statement', () => {
    const document = documentOf(
      {
        A: a,
        T: { memberOf: 'X', references: { A: { to: 'A', pairs: toA } }, hasKey: false },
        R: {
          references: { A: { to: 'A', pairs: toA }, X: { to: 'X', pairs: toX } },
          equal: [['$.aReference.aKey', '$.xReference.xKey']],
        },
      },
      ['X'],
    );
    expect(outcomes('mssql', document)).toEqual({ 'T.A': 'Cascade', 'R.A': 'Cascade', 'R.X': 'reduced NoAction late' });
    expect(outcomes('pgsql', document)).toEqual({
      'T.A': 'Cascade',
      'R.A': 'Cascade deferrable',
      'R.X': 'Cascade deferrable',
    });
  });

  it('feed two targets of a table at once: both keys are deferrable, and one way is enough for SQL Server', () => {
    const viaX: RuledResource = { references: { X: { to: 'X', pairs: toX } }, hasKey: false };
    const pairs: EdgePairs = [['$.xReference.xKey', 'xKey']];
    const document = documentOf(
      {
        S: { flag: true, memberOf: 'X' },
        P: viaX,
        Q: viaX,
        R: { references: { P: { to: 'P', pairs }, Q: { to: 'Q', pairs } } },
        U: { references: { P: { to: 'P', pairs }, S: { to: 'S', pairs: toS } } },
      },
      ['X'],
    );
    expect(outcomes('pgsql', document)).toEqual({
      'P.X': 'Cascade',
      'Q.X': 'Cascade',
      'R.P': 'Cascade deferrable',
      'R.Q': 'Cascade deferrable',
      'U.P': 'Cascade deferrable',
      'U.S': 'Cascade deferrable',
    });
    // S feeds P only by a trigger, so U has no second path from S
    expect(outcomes('mssql', document)).toEqual({
      'P.X': 'Cascade',
      'Q.X': 'Cascade',
      'R.P': 'Cascade',
      'R.Q': 'reduced NoAction convergence',
      'U.P': 'Cascade',
      'U.S': 'Cascade',
    });
  });
});

describe('the order of the input (design 11 §6, invariant 5)', () => {
  it.each(seeds(3))('changes neither keys nor fallbacks nor notes: shuffle %i of campus and athletics', (seed) => {
    const derived = (documents: readonly Document[]) => {
      const { model, notes } = deriveModel(schemaSet(...documents), 'mssql');
      return { keys: outcomes('mssql', ...documents), fallbacks: model.propagationFallbacks, notes };
    };
    const documents: readonly build.JsonRecord[] = [ownSchema('campus'), ownSchema('athletics')];
    const wanted = derived(documents);
    expect(wanted.fallbacks.length).toBeGreaterThan(0);
    expect(wanted.notes.length).toBeGreaterThan(1);
    expect(derived(documents.map((document) => shuffled(document, seed)).reverse())).toEqual(wanted);
  });
});
