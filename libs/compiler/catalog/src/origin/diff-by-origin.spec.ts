import { mustExist } from '@dms/model';
import { transitSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { Catalog, Routine } from '../catalog.ts';
import { diffByOrigin } from './origin.ts';

/* Functions of the other maker that a database still has (design 09a §2.5). */

describe('functions of the other maker that no trigger calls', () => {
  const ours = transitSet.catalogOf('pgsql');
  const routine = mustExist(
    ours.functions.find(({ name }) => name === 'uuidv5'),
    'the function that hashes',
  );
  const theirs: Routine = { ...routine, name: 'of_service', arguments: 'a integer' };
  const service = async (): Promise<Catalog> => ({ ...ours, functions: [...ours.functions, theirs] });
  const judged = (...more: readonly Routine[]) =>
    diffByOrigin(ours, { ...ours, functions: [...ours.functions, ...more] }, service);

  it('are left over', async () => {
    const { diff, leftovers } = await judged(theirs);
    expect([diff.differences, leftovers]).toEqual([[], ['dms.of_service']]);
  });

  it.each([
    ['dms.of_service(a integer, b integer)', { ...theirs, arguments: 'a integer, b integer' }, 'warning'],
    ['dms.uuidv5(uuid, character varying)', { ...routine, arguments: 'uuid, character varying' }, 'error'],
  ])('are not those of the same name with other arguments: %s', async (path, overload, severity) => {
    const { diff, leftovers } = await judged(overload);
    expect(leftovers).toEqual([]);
    expect(diff.differences).toMatchObject([{ object: 'function', change: 'extra', path: [path], severity }]);
  });
});
