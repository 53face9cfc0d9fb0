import { diagnosticsOf, expectDiagnostics, fixtureDocumentsV2, hasSharedData, schemaSetV2 } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derivedV2, updateActions } from '../../test/cascading-keys.ts';
import {
  a,
  b,
  inCollection,
  inExtension,
  optional,
  type PropagatingResource,
  plain,
  s,
  sameA,
  to,
  x,
} from '../../test/propagating-resources.ts';
import { deriveModel } from '../index.ts';

const actions = (resources: readonly PropagatingResource[], dialect: 'pgsql' | 'mssql' = 'pgsql') =>
  updateActions(derivedV2(resources, dialect).model);
const both = (resources: readonly PropagatingResource[]) => [actions(resources, 'pgsql'), actions(resources, 'mssql')];

describe('mutability (design 15 §9.1)', () => {
  it('travels over identity references and makes their keys cascade', () => {
    const resources: readonly PropagatingResource[] = [
      a,
      b,
      { name: 'C', references: [plain('B')] },
      { name: 'D', references: [to('C')] },
    ];
    const expected = { FK_B_A_RefKey: 'Cascade', FK_C_B_RefKey: 'Cascade', FK_D_C_RefKey: 'NoAction' };
    expect(both(resources)).toEqual([expected, expected]);
  });

  it('comes from a reference to an abstract resource, although no member can change', () => {
    const resources: readonly PropagatingResource[] = [
      x,
      { name: 'T', memberOf: 'X' },
      { name: 'R', references: [to('X')] },
      { name: 'Q', references: [plain('R')] },
      { name: 'P', references: [plain('T')] },
    ];
    const expected = { FK_R_X_RefKey: 'Cascade', FK_Q_R_RefKey: 'Cascade', FK_P_T_RefKey: 'NoAction' };
    expect(both(resources)).toEqual([expected, expected]);
  });

  it('does not come from a reference outside the identity', () => {
    const resources: readonly PropagatingResource[] = [
      x,
      { name: 'T', memberOf: 'X' },
      { name: 'R', references: [plain('X'), optional('T')] },
      { name: 'Q', references: [to('R')] },
    ];
    const expected = { FK_R_X_RefKey: 'Cascade', FK_R_T_RefKey: 'NoAction', FK_Q_R_RefKey: 'NoAction' };
    expect(both(resources)).toEqual([expected, expected]);
  });

  it('counts for references in collections and extensions', () => {
    const resources: readonly PropagatingResource[] = [
      a,
      { name: 'R', references: [inCollection(to('A')), inExtension(to('A', 'More'))] },
    ];
    const expected = { FK_RItem_A_RefKey: 'Cascade', FK_RExtension_More_RefKey: 'Cascade' };
    expect(both(resources)).toEqual([expected, expected]);
  });
});

/** A diamond: R gets the key of A from A itself and from B. */
const diamond = (reference: typeof to, top: readonly PropagatingResource[] = [a]): readonly PropagatingResource[] => [
  ...top,
  b,
  { name: 'R', references: [reference('A'), reference('B')], equal: sameA },
];

describe('keys that share a value', () => {
  const cascades = { FK_B_A_RefKey: 'Cascade', FK_R_A_RefKey: 'Cascade', FK_R_B_RefKey: 'Cascade' };

  it('all cascade on PostgreSQL; the first in edge order stays on SQL Server, the other is cut (case 10)', () => {
    const resources = diamond(plain);
    expect(actions(resources, 'pgsql')).toEqual(cascades);
    expect(actions(resources, 'mssql')).toEqual({ ...cascades, FK_R_B_RefKey: 'NoAction' });
  });

  it('cannot be told apart on SQL Server where they are optional (case 11)', () => {
    const resources = diamond(optional);
    expect(actions(resources, 'pgsql')).toEqual(cascades);
    expectDiagnostics(() => derivedV2(resources, 'mssql'), {
      code: 'MSSQL_CASCADE_UNSAFE',
      resource: 'Core:R',
      names: ['core.A', 'core.R', ['FK_R_A_RefKey', 'FK_R_B_RefKey'], 'AKey_Unified', 'optional'],
    });
    const [fault] = diagnosticsOf(() => derivedV2(resources, 'mssql'));
    expect(fault?.details).toEqual({
      resource: 'Core:R',
      origin: 'core.A',
      receiver: 'core.R',
      constraints: ['FK_R_A_RefKey', 'FK_R_B_RefKey'],
      reason: 'the reference that would update AKey_Unified is optional',
    });
    expect(fault?.where).toEqual({ resource: 'Core:R', path: '$.aReference' });
  });

  it('leave the first where the origin is an abstract table without members that can change (case 12)', () => {
    const family = (flag: boolean): readonly PropagatingResource[] => [
      x,
      { name: 'T', memberOf: 'X', flag },
      { name: 'B', references: [to('X')] },
      { name: 'R', references: [optional('X'), optional('B')], equal: [['$.xReference.xKey', '$.bReference.xKey']] },
    ];
    const edges = { FK_B_X_RefKey: 'Cascade', FK_R_B_RefKey: 'Cascade', FK_R_X_RefKey: 'Cascade' };
    expect(actions(family(false), 'pgsql')).toEqual(edges);
    // edge order: by the columns of the receiver, B_BKey before XKey_Unified
    expect(actions(family(false), 'mssql')).toEqual({ ...edges, FK_R_X_RefKey: 'NoAction' });
    expect(diagnosticsOf(() => derivedV2(family(true), 'mssql')).map(({ code }) => code)).toEqual([
      'MSSQL_CASCADE_UNSAFE',
    ]);
  });

  it('do not depend on the order in which resources and references are written', () => {
    const resources = diamond(plain);
    const turned = [...resources].reverse().map((resource) => ({
      ...resource,
      references: [...(resource.references ?? [])].reverse(),
    }));
    expect(actions(turned, 'mssql')).toEqual(actions(resources, 'mssql'));
  });

  it('may lose a key none of whose columns another key updates; a note says which', () => {
    const resources: readonly PropagatingResource[] = [
      a,
      { name: 'R', references: [plain('A', 'First'), plain('A', 'Second')] },
    ];
    const { model, notes } = derivedV2(resources, 'mssql');
    expect(updateActions(model)).toEqual({ FK_R_First_RefKey: 'Cascade', FK_R_Second_RefKey: 'NoAction' });
    expect(notes.map(({ code, message, where, details }) => ({ code, message, where, details }))).toEqual([
      {
        code: 'PROPAGATION_CUT',
        message:
          'Core:R: on SQL Server the key FK_R_Second_RefKey of core.R to core.A does not cascade, because a change would reach core.R over several keys; none of the other keys updates "Second_AKey", so while a row of core.R refers to a row of core.A over this key, the server refuses to change the values there that are repeated in this column.',
        where: { resource: 'Core:R', path: '$.secondReference' },
        details: { receiver: 'core.R', target: 'core.A', key: 'FK_R_Second_RefKey', unmoved: ['Second_AKey'] },
      },
    ]);
    expect(derivedV2(resources, 'pgsql').notes).toEqual([]);
  });

  it('lose a key whose columns others update with a note that says so', () => {
    const { notes } = derivedV2(diamond(plain), 'mssql');
    expect(notes.map(({ message }) => message)).toEqual([
      'Core:R: on SQL Server the key FK_R_B_RefKey of core.R to core.B does not cascade, because a change would reach core.R over several keys; none of the other keys updates "B_BKey", so while a row of core.R refers to a row of core.B over this key, the server refuses to change the values there that are repeated in this column.',
    ]);
    // B is identified only by its A
    const single: readonly PropagatingResource[] = [
      { name: 'A', flag: true, references: [] },
      {
        name: 'R',
        references: [plain('A', 'First'), plain('A', 'Second')],
        equal: [['$.firstReference.aKey', '$.secondReference.aKey']],
      },
    ];
    expect(derivedV2(single, 'mssql').notes.map(({ message }) => message)).toEqual([
      'Core:R: on SQL Server the key FK_R_Second_RefKey of core.R to core.A does not cascade, because a change would reach core.R over several keys; the other keys update its columns.',
    ]);
  });
});

describe('a circle of cascades on SQL Server', () => {
  it.each<[string, readonly PropagatingResource[], readonly string[], string]>([
    ['of a resource that refers to itself', [{ ...a, references: [optional('A', 'Parent')] }], ['core.A'], 'Core:A'],
    [
      'of three resources',
      [{ ...a, references: [optional('C')] }, { ...b }, { name: 'C', references: [to('B')] }],
      ['core.A', 'core.B', 'core.C'],
      'Core:A',
    ],
    [
      'over an abstract table of which no member can change, below a table that can',
      [
        x,
        { name: 'T', memberOf: 'X' },
        { name: 'P', references: [to('X'), optional('Q')] },
        { name: 'Q', references: [to('P')] },
      ],
      ['core.P', 'core.Q'],
      'Core:P',
    ],
  ])('%s is refused, with its tables', (_, resources, tables, label) => {
    expect(Object.values(actions(resources, 'pgsql'))).not.toContain('NoAction');
    expectDiagnostics(() => derivedV2(resources, 'mssql'), {
      code: 'MSSQL_CASCADE_CYCLE',
      resource: label,
      names: [[...tables, tables[0] as string], 'v1'],
    });
    const [fault] = diagnosticsOf(() => derivedV2(resources, 'mssql'));
    expect(fault?.details).toEqual({ resource: label, tables });
  });

  it('is none where the identities cannot change', () => {
    const resources: readonly PropagatingResource[] = [{ name: 'A', references: [optional('A', 'Parent')] }];
    expect(actions(resources, 'mssql')).toEqual({ FK_A_Parent_RefKey: 'NoAction' });
  });
});

describe('deferrable keys on PostgreSQL (design 11 §2, 15 §9.2)', () => {
  const deferrable = (resources: readonly PropagatingResource[], dialect: 'pgsql' | 'mssql' = 'pgsql') => {
    const { model } = derivedV2(resources, dialect);
    return model.resources
      .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder)
      .flatMap(({ constraints }) => constraints)
      .flatMap((key) => (key.kind === 'ForeignKey' && key.deferrable ? [key.name] : []));
  };

  it('are those of one row that one change feeds', () => {
    expect(deferrable(diamond(plain))).toEqual(['FK_R_A_RefKey', 'FK_R_B_RefKey']);
    expect(deferrable(diamond(plain), 'mssql')).toEqual([]);
  });

  it('also count references to abstract resources, which a member with a flag feeds', () => {
    const resources: readonly PropagatingResource[] = [
      x,
      s,
      { name: 'R', references: [plain('X'), plain('S')], equal: [['$.xReference.xKey', '$.sReference.xKey']] },
    ];
    expect(deferrable(resources)).toEqual(['FK_R_S_RefKey', 'FK_R_X_RefKey']);
    expect(deferrable([x, { ...s, flag: false }, ...resources.slice(2)])).toEqual([]);
  });
});

describe.runIf(hasSharedData)('error-unsafe-cascade-cycle (needs the shared conformance data)', () => {
  const documents = () => fixtureDocumentsV2('error-unsafe-cascade-cycle');

  it('derives on PostgreSQL and is refused on SQL Server', () => {
    const set = schemaSetV2(...documents());
    const { model } = deriveModel(set, 'pgsql', { strict: false });
    expect(Object.values(updateActions(model))).toEqual(['Cascade']);
    expectDiagnostics(() => deriveModel(set, 'mssql', { strict: false }), {
      code: 'MSSQL_CASCADE_CYCLE',
      resource: 'Ed-Fi:Looper',
      names: ['edfi.Looper'],
    });
  });
});
