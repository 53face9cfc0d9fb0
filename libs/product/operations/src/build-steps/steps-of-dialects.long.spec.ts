import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allSteps } from '../../test/all-steps.ts';
import { filesIn, scratchFolders } from '../../test/scratch-folder.ts';
import { dialects, emitSteps, filesOf, type SqlDialect } from '../index.ts';

const scratchFolder = scratchFolders();

describe('steps', () => {
  it('remove their outputs of a dialect that the set has no more', async () => {
    const folder = scratchFolder();
    await allSteps(scratchFolder(), folder);
    await allSteps(scratchFolder(), folder, ['pgsql']);
    expect(readdirSync(folder).filter((name) => name.includes('mssql'))).toEqual([]);
  });

  const inBoth = ['effective-schema.manifest.json', 'document-schemas.json', 'ods-mapping.json'];
  const ofAll = ['ddl.manifest.json', 'mappingset.manifest.json'];
  const of = (dialect: SqlDialect) =>
    filesOf(emitSteps, [dialect]).filter((name) => !inBoth.includes(name) && !ofAll.includes(name));

  it('for one dialect leave the files of another as they are, and none that would be right for neither', async () => {
    const folder = scratchFolder();
    await allSteps(scratchFolder(), folder, dialects, [], ['campus']);
    const before = filesIn(folder);
    await allSteps(scratchFolder(), folder, ['pgsql'], ['mssql']);
    const after = filesIn(folder);
    expect(Object.keys(after).sort()).toEqual([...inBoth, ...of('mssql'), ...of('pgsql')].sort());
    for (const name of of('mssql')) expect(after[name] === before[name], name).toBe(true);
    for (const name of [...inBoth, ...of('pgsql')]) expect(after[name] !== before[name], name).toBe(true);
  });

  it('for each dialect, at the same time, make what one run for both makes', async () => {
    const apart = scratchFolder();
    const together = scratchFolder();
    await allSteps(scratchFolder(), apart, dialects, [], ['campus']);
    const manifest = path.join(apart, 'effective-schema.manifest.json');
    let isAway = false;
    const watch = setInterval(() => {
      isAway ||= !existsSync(manifest);
    });
    await Promise.all([
      allSteps(scratchFolder(), apart, ['pgsql'], ['mssql']),
      allSteps(scratchFolder(), apart, ['mssql'], ['pgsql']),
    ]);
    clearInterval(watch);
    await allSteps(scratchFolder(), together);
    const { 'ddl.manifest.json': _ddl, 'mappingset.manifest.json': _plans, ...expected } = filesIn(together);
    expect(filesIn(apart)).toEqual(expected);
    // Nx may be caching it for the other run
    expect(isAway).toBe(false);
  });
});
