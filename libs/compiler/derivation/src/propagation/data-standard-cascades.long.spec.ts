import { hasSharedData, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { core52, tpdm } from '../../test/data-standard.ts';
import { referenceKeysOf } from '../../test/propagation-outcomes.ts';
import { type DerivedModel, deriveModel } from '../derive-model.ts';

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
  const none = { covered: 0, fallbacks: 0, served: 0, reduced: 0 };

  it('has 77 cascades on pgsql, 55 of them to abstract identity tables, and 22 on mssql; one key of a document to itself is deferrable', () => {
    const set = schemaSet(core52());
    expect(numbers(deriveModel(set, 'pgsql'))).toEqual({ cascades: 77, toAbstract: 55, deferrable: 1, ...none });
    expect(numbers(deriveModel(set, 'mssql'))).toEqual({ cascades: 22, toAbstract: 0, deferrable: 0, ...none });
  });

  it('has 80 and 23 with TPDM', () => {
    const set = schemaSet(core52(), tpdm());
    expect(numbers(deriveModel(set, 'pgsql'))).toMatchObject({ cascades: 80, deferrable: 1, ...none });
    expect(numbers(deriveModel(set, 'mssql'))).toMatchObject({ cascades: 23, deferrable: 0, ...none });
  });
});
