import { readdir } from 'node:fs/promises';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import { emitSteps, filesOf } from './step-table.ts';

/**
 * The dialects of which a folder holds artifacts, `pgsql` before `mssql`. Empty for a folder that cannot be read:
 * whoever reads an artifact then says why.
 */
export async function dialectsOfArtifacts(folder: string): Promise<readonly SqlDialect[]> {
  const present = new Set<string>(await readdir(folder).catch(() => []));
  const shared = new Set(filesOf(emitSteps, []));
  return allDialects.filter((dialect) =>
    filesOf(emitSteps, [dialect]).some((name) => present.has(name) && !shared.has(name)),
  );
}
