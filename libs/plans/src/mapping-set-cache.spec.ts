import type { MappingVersion } from '@dms/api-schema';
import { handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileMappingSet, type MappingSet, MappingSetCache, type MappingSetKey } from './index.ts';

const { modelSet } = handMade;

const mappingSet = compileMappingSet(modelSet([]));
const { key } = mappingSet;
const failure = new Error('no schema');

/** A compilation that ends when it is told to. */
function compilation() {
  const runs: { succeed: (result: MappingSet) => void; fail: (error: Error) => void }[] = [];
  const compile = () =>
    new Promise<MappingSet>((succeed, fail) => {
      runs.push({ succeed, fail });
    });
  return { runs, compile };
}

const outcome = (promise: Promise<MappingSet>) =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe('the mapping set cache (design 08 §9.3)', () => {
  it('compiles once for concurrent callers, and never again after success', async () => {
    const cache = new MappingSetCache();
    const { runs, compile } = compilation();
    const [first, second] = [cache.get(key, compile), cache.get({ ...key }, compile)];
    await Promise.resolve();
    expect(runs).toHaveLength(1);
    runs[0]?.succeed(mappingSet);
    expect(await first).toBe(mappingSet);
    expect(await second).toBe(mappingSet);
    expect(await cache.get(key, compile)).toBe(mappingSet);
    expect(runs).toHaveLength(1);
  });

  it('case 38: a failure goes to both waiters, and the next request compiles again', async () => {
    const cache = new MappingSetCache();
    const { runs, compile } = compilation();
    const waiting = [outcome(cache.get(key, compile)), outcome(cache.get(key, compile))];
    await Promise.resolve();
    expect(runs).toHaveLength(1);
    runs[0]?.fail(failure);
    expect(await Promise.all(waiting)).toEqual([{ error: failure }, { error: failure }]);
    const next = cache.get(key, compile);
    await Promise.resolve();
    expect(runs).toHaveLength(2);
    runs[1]?.succeed(mappingSet);
    expect(await next).toBe(mappingSet);
  });

  it('a compilation that fails at once is delivered and forgotten in the same way', async () => {
    const cache = new MappingSetCache();
    let calls = 0;
    const broken = () => {
      calls += 1;
      throw failure;
    };
    await expect(cache.get(key, broken)).rejects.toBe(failure);
    await expect(cache.get(key, broken)).rejects.toBe(failure);
    expect(calls).toBe(2);
    expect(await cache.get(key, () => mappingSet)).toBe(mappingSet);
  });

  it('with a cool-down the failure stays until it is over', async () => {
    let now = 1000;
    const cache = new MappingSetCache({ failureCooldownSeconds: 5, now: () => now });
    let calls = 0;
    const broken = () => {
      calls += 1;
      throw failure;
    };
    await expect(cache.get(key, broken)).rejects.toBe(failure);
    now += 4999;
    await expect(cache.get(key, () => mappingSet)).rejects.toBe(failure);
    expect(calls).toBe(1);
    now += 1;
    expect(await cache.get(key, () => mappingSet)).toBe(mappingSet);
  });

  it.each<[string, Partial<MappingSetKey>]>([
    ['hash', { effectiveSchemaHash: 'b'.repeat(64) }],
    ['dialect', { dialect: 'mssql' }],
    ['mapping version', { relationalMappingVersion: 'v0' as MappingVersion }],
  ])('keys differ by their %s', async (_, changes) => {
    const cache = new MappingSetCache();
    await cache.get(key, () => mappingSet);
    const other = { ...mappingSet, key: { ...key, ...changes } };
    expect(await cache.get(other.key, () => other)).toBe(other);
    expect(await cache.get(key, () => other)).toBe(mappingSet);
  });

  it('a schema of another key is refused with both keys, and not kept', async () => {
    const cache = new MappingSetCache();
    const wanted: MappingSetKey = { ...key, effectiveSchemaHash: 'f'.repeat(64) };
    const found = await outcome(cache.get(wanted, () => mappingSet));
    expect(found).toMatchObject({ error: { code: 'MAPPING_KEY_MISMATCH' } });
    const { message } = (found as { error: Error }).error;
    expect(message).toContain(`${'f'.repeat(64)}/pgsql/v1`);
    expect(message).toContain(`${'a'.repeat(64)}/pgsql/v1`);
    const right = { ...mappingSet, key: wanted };
    expect(await cache.get(wanted, () => right)).toBe(right);
    expect(await cache.get(key, () => mappingSet)).toBe(mappingSet);
  });

  it('a negative cool-down is a mistake of the configuration', () => {
    expect(() => new MappingSetCache({ failureCooldownSeconds: -1 })).toThrow(/failureCooldownSeconds/);
  });
});
