import { readdir } from 'node:fs/promises';
import { dialects, inDialectOrder, type SqlDialect } from '@dms/sql';
import { ddlManifestFormat } from './artifact-formats.ts';
import type { ArtifactReader } from './step.ts';
import { emitSteps, filesOf } from './step-table.ts';

/**
 * The dialects of which a folder holds artifacts, `pgsql` before `mssql`. Empty for a folder that cannot be read:
 * whoever reads an artifact then says why.
 */
export async function dialectsOfArtifacts(folder: string): Promise<readonly SqlDialect[]> {
  const present = new Set<string>(await readdir(folder).catch(() => []));
  const shared = new Set(filesOf(emitSteps, []));
  return dialects.filter((dialect) =>
    filesOf(emitSteps, [dialect]).some((name) => present.has(name) && !shared.has(name)),
  );
}

/** The dialects for which artifacts have a script. Throws the codes of reading the manifest of scripts. */
export async function dialectsOfScripts(
  store: Pick<ArtifactReader<'ddlManifest'>, 'read'>,
): Promise<readonly SqlDialect[]> {
  return inDialectOrder((await store.read(ddlManifestFormat)).scripts.map(({ dialect }) => dialect));
}
