import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { type Diagnostic, DmsError, listOfNames } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { dialects } from '@dms/sql';
import { groupBy } from '@dms/values';
import { compile } from '../../build-steps/emit-artifacts.ts';
import { emitSteps } from '../../incremental-build/step-table.ts';
import { memoryStore } from '../../incremental-build/stores.ts';
import type { FoundSchema, FoundSchemas } from '../../sources/find-schemas.ts';

/** A found file, with its fit for each generation. */
export interface JudgedSchema extends FoundSchema {
  readonly fits: FitsByGeneration;
  /** Each mistake once, whatever number of generations refuse the file because of it. */
  readonly mistakes: readonly SchemaMistake[];
}

/** A reason to refuse a file. */
export interface SchemaMistake extends Diagnostic {
  /** The generations that refuse the file because of it; left out if all do. */
  readonly generations?: readonly MappingVersion[];
}

/** Whether a file suits a generation, together with the other files that were found. Its mistakes are listed beside it. */
type Fit =
  | { readonly kind: 'fits' }
  | { readonly kind: 'refused' }
  /** It depends on another file. */
  | { readonly kind: 'open'; readonly because: string };

/** The fit of a file, by generation. */
type FitsByGeneration = Readonly<Record<MappingVersion, Fit>>;

type OnCheckProgress = ((part: string) => void) | undefined;

/**
 * Compiles the files as `emit` would, in each generation, and reports for each file whether it can be used, and its
 * mistakes. Nothing is written. An error without a file is attributed to the core.
 */
export async function judgedSchemas(
  found: FoundSchemas,
  onProgress?: OnCheckProgress,
): Promise<readonly JudgedSchema[]> {
  const { schemas } = found;
  const byVersion = (fit: (version: MappingVersion) => Fit) =>
    Object.fromEntries(mappingVersions.map((version) => [version, fit(version)])) as FitsByGeneration;
  const [core] = schemas.filter(({ isExtension }) => !isExtension);
  if (core === undefined) {
    const fits = byVersion(() => ({
      kind: 'open',
      because: 'an extension shows only beside its core; name the core too',
    }));
    return schemas.map((schema) => ({ ...schema, fits, mistakes: [] }));
  }
  const fileOf = ({ where }: Diagnostic) => where.file ?? core.file;
  const refusals: { readonly version: MappingVersion; readonly error: Diagnostic }[] = [];
  for (const version of mappingVersions)
    for (const error of await diagnosticsIn(found, version, onProgress)) refusals.push({ version, error });
  const mistakes = groupBy(distinctMistakes(refusals), fileOf);
  const refused = groupBy(refusals, ({ version }) => version);
  const fitOf = (file: string, version: MappingVersion): Fit => {
    const files = [...new Set((refused.get(version) ?? []).map(({ error }) => fileOf(error)))];
    if (files.includes(file)) return { kind: 'refused' };
    if (files.length === 0) return { kind: 'fits' };
    return { kind: 'open', because: `it shows when ${listOfNames(files)} fits` };
  };
  return schemas.map((schema) => ({
    ...schema,
    fits: byVersion((version) => fitOf(schema.file, version)),
    mistakes: mistakes.get(schema.file) ?? [],
  }));
}

/** All errors that `emit` would report for a set, in all dialects. */
async function diagnosticsIn(
  { documents }: FoundSchemas,
  mappingVersion: MappingVersion,
  onProgress: OnCheckProgress,
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

/** Each mistake once, with the generations that report it. */
function distinctMistakes(
  refusals: readonly { readonly version: MappingVersion; readonly error: Diagnostic }[],
): readonly SchemaMistake[] {
  const same = groupBy(refusals, ({ error: { code, message, where } }) => JSON.stringify([code, message, where]));
  return [...same.values()].map((group) => {
    const { error } = mustExist(group[0], 'a mistake');
    const generations = [...new Set(group.map(({ version }) => version))];
    return generations.length === mappingVersions.length ? error : { ...error, generations };
  });
}
