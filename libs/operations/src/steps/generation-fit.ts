import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { type Diagnostic, DmsError, listOfNames } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import { mustExist } from '@dms/model';
import { dialects } from '@dms/sql';
import { emitSteps } from '../engine/step-table.ts';
import { memoryStore } from '../engine/stores.ts';
import type { FoundSchemas } from '../sources/find-schemas.ts';
import { compile } from './emit-artifacts.ts';

/** Whether a file suits a generation, together with the files that were found beside it. */
export type Fit =
  | { readonly kind: 'fits' }
  | { readonly kind: 'refused'; readonly reasons: readonly Diagnostic[] }
  /** Another file decides. */
  | { readonly kind: 'open'; readonly because: string };

/** The fit of a file, by generation. */
export type Fits = Readonly<Record<MappingVersion, Fit>>;

type OnProgress = ((part: string) => void) | undefined;

/** Everything that `emit` would say against a set, in all dialects. */
async function mistakesIn(
  { documents }: FoundSchemas,
  mappingVersion: MappingVersion,
  onProgress: OnProgress,
): Promise<readonly Diagnostic[]> {
  onProgress?.(`compile as ${mappingVersion}`);
  try {
    await compile({ documents, mappingVersion }, new Set(emitSteps), { dialects, store: memoryStore() });
    return [];
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics;
    throw error;
  }
}

/**
 * Compiles the files as `emit` would, in each generation, and says of each file whether it can be used. Nothing is
 * written. A mistake without a file belongs to the core.
 */
export async function generationFits(found: FoundSchemas, onProgress?: OnProgress): Promise<readonly Fits[]> {
  const { schemas } = found;
  const [core] = schemas.filter(({ isExtension }) => !isExtension);
  if (core === undefined) {
    const open: Fit = { kind: 'open', because: 'an extension shows only beside its core; name the core too' };
    return schemas.map(() => Object.fromEntries(mappingVersions.map((version) => [version, open])) as Fits);
  }
  const mistakes = new Map<MappingVersion, ReadonlyMap<string, readonly Diagnostic[]>>();
  for (const version of mappingVersions) {
    const all = await mistakesIn(found, version, onProgress);
    mistakes.set(version, new Map(groupBy(all, ({ where }) => where.file ?? core.file)));
  }
  const fitOf = (file: string, version: MappingVersion): Fit => {
    const byFile = mustExist(mistakes.get(version), version);
    const reasons = byFile.get(file);
    if (reasons !== undefined) return { kind: 'refused', reasons };
    if (byFile.size === 0) return { kind: 'fits' };
    return { kind: 'open', because: `it shows when ${listOfNames([...byFile.keys()])} fits` };
  };
  return schemas.map(
    ({ file }) => Object.fromEntries(mappingVersions.map((version) => [version, fitOf(file, version)])) as Fits,
  );
}
