import { buildEffectiveSchema } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { DmsError } from '@dms/diagnostics';
import { dialects } from '@dms/sql';
import { ownSchema, ownSchemas } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it, vi } from 'vitest';
import type { RelationalModelSet } from '../model.ts';
import { validateModel } from './validate-model.ts';

const set = buildEffectiveSchema(ownSchemas.map((name) => ({ file: name, root: toJsonValue(ownSchema(name)) })));

/** The model of the repository's schemas with its first table changed. */
function broken(change: (table: RelationalModelSet['resources'][number]['tablesInDependencyOrder'][number]) => object) {
  const { model } = deriveModel(set, 'pgsql');
  const [first, ...others] = model.resources.filter(
    ({ tablesInDependencyOrder }) => tablesInDependencyOrder.length > 0,
  );
  const [root, ...children] = first!.tablesInDependencyOrder;
  const table = { ...root!, ...change(root!) };
  return { ...model, resources: [{ ...first!, tablesInDependencyOrder: [table, ...children] }, ...others] };
}

function violations(model: RelationalModelSet): string[] {
  try {
    validateModel(model);
    return [];
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    expect(new Set(error.diagnostics.map(({ code }) => code))).toEqual(new Set(['MODEL_INVARIANT']));
    return error.diagnostics.map(({ details }) => String(details.violation));
  }
}

describe('validation of a derived model', () => {
  it.each(dialects)('finds nothing in a model for %s', (dialect) => {
    expect(violations(deriveModel(set, dialect).model)).toEqual([]);
  });

  it('finds what is broken, with chapter and number of the invariant', () => {
    const found = violations(broken(({ columns }) => ({ columns: columns.toReversed() })));
    expect(found.some((text) => /^02 §18 5 .*not the key column/.test(text))).toBe(true);
    expect(found.some((text) => /^02 §18 16 columns of/.test(text))).toBe(true);
  });

  it('finds a name that nothing carries', () => {
    const found = violations(
      broken(({ key }) => ({
        key: { ...key, columns: [{ name: 'Lost', kind: 'ParentKeyPart', role: 'ParentOrdinal' }] },
      })),
    );
    expect(found.some((text) => /^03 §13 .*Lost/.test(text))).toBe(true);
  });

  it('runs in derivation where it is switched on', () => {
    expect(process.env.DMS_VALIDATE_MODEL).toBe('1');
    const { model } = deriveModel(set, 'pgsql', { validate: false });
    expect(deriveModel(set, 'pgsql', { validate: true }).model).toEqual(model);
    vi.stubEnv('DMS_VALIDATE_MODEL', '');
    expect(deriveModel(set, 'pgsql').model).toEqual(model);
    vi.unstubAllEnvs();
  });
});
