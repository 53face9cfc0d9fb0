import path from 'node:path';
import type { StoredEffectiveSchema } from '@dms/api-schema';
import { counted, diagnostic } from '@dms/diagnostics';
import { isThere } from '@dms/files';
import { mustExist } from '@dms/model';
import { dialects } from '@dms/sql';
import { compareEmitted, emitArtifacts } from '../build-steps/emit-artifacts.ts';
import { unchosenVersionLine } from '../build-steps/set-refusals.ts';
import { type Context, fileOperation, type Input, notSpecified, type OptionsOf } from '../declaring/operation.ts';
import { flag, nameList, output, writtenOption } from '../declaring/option.ts';
import { earlierSetOf, earlierSetOptions, odsOverridesOf, odsOverridesOption } from '../declaring/shared-options.ts';
import { severalDialects } from '../declaring/subject.ts';
import { artifactFile, emittedArtifactNames } from '../incremental-build/step-table.ts';
import type { SchemaSource } from '../sources/source.ts';
import { versionOption } from './hash.ts';

const emitOptions = {
  output: output('<dir>', 'folder for the artifacts; it must be new, empty, or hold artifacts only'),
  only: nameList(
    '<artifact...>',
    `write these artifacts and their manifests alone: ${emittedArtifactNames.join(', ')} (default: all)`,
    emittedArtifactNames,
    { group: 'output' },
  ),
  odsOverrides: odsOverridesOption(),
  ...earlierSetOptions,
  check: flag('write nothing; fail if the folder does not hold exactly what emit would write'),
};

const folderOf = ({ options, set }: Input<{ readonly output?: string | undefined }>) =>
  options.output ?? set?.outputDirectory;

/** The failure of `emit --check`, with the number of changed artifacts by kind. */
function outOfDate(folder: string, changes: readonly { readonly name: string; readonly kind: string }[]) {
  const counts = (['added', 'changed', 'removed'] as const)
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  const message = `${folder} differs from what emit writes now: ${counts.join(', ')}. Run the command without --check to write it.`;
  return diagnostic(
    'ARTIFACTS_OUT_OF_DATE',
    message,
    {},
    { folder, changes: changes.map(({ name, kind }) => ({ name, kind })) },
  );
}

/** The input of a run of `emit`. */
export type EmitInput = Input<OptionsOf<typeof emitOptions>, SchemaSource>;

/** The schemas to compile, and the output folder. */
function runOf(input: EmitInput, { onProgress, signal }: Context) {
  const { source, set } = input;
  return {
    schemas: source.files,
    mappingVersion: source.mappingVersion,
    dialects: input.dialects ?? dialects,
    outputDirectory: mustExist(folderOf(input), 'a folder'),
    odsOverrides: odsOverridesOf(input),
    only: input.options.only ?? set?.emit.only,
    earlier: earlierSetOf(input) ?? undefined,
    onProgress,
    signal,
  };
}

const common = (output: string, { effectiveSchemaHash, resourceKeyCount }: StoredEffectiveSchema) => ({
  output,
  effectiveSchemaHash,
  resourceKeyCount,
});

/** Writes the artifacts. */
export async function writtenArtifacts(input: EmitInput, context: Context) {
  const run = runOf(input, context);
  // only when a folder is written for the first time
  const isFirst = !isThere(path.join(run.outputDirectory, artifactFile('effectiveSchemaManifest')));
  const emitted = await emitArtifacts(run);
  const { info, documents, artifacts, removed, diagnostics } = emitted;
  if (isFirst && run.mappingVersion === undefined) {
    const { resourceKeyCount } = info;
    context.onNotice?.(await unchosenVersionLine({ documents, resourceKeyCount }, run.dialects, versionOption));
  }
  const files = artifacts.map((artifact) => ({
    name: artifact.name,
    bytes: artifact.bytes,
    // computed on demand, because it costs as much as writing the files
    get sha256() {
      return artifact.sha256;
    },
  }));
  return { ...common(run.outputDirectory, info), files, removed, diagnostics };
}

/** Compares the artifacts with the files of the folder, and changes nothing. */
export async function changedArtifacts(input: EmitInput, context: Context) {
  const run = runOf(input, context);
  const { info, ...compared } = await compareEmitted(run);
  return { ...common(run.outputDirectory, info), ...compared };
}

/**
 * Runs every step in one process; each file is byte-equal to that of the Nx target (design 06 §9). With `check`, only
 * reports the changes. A mistake leaves the folder as it was. Throws `INPUT_*`, the codes of the steps,
 * `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const emit = fileOperation({
  name: 'emit',
  group: 'first',
  summary: 'write the SQL scripts and all other artifacts of a schema set',
  description:
    'Compiles ApiSchema files into a relational backend and writes its artifacts into one folder: ' +
    'the fingerprint, models, inventories, plans, SQL scripts, catalogs and manifests. No database is needed. What other commands wrote ' +
    'there, such as reporting.<dialect>.sql, stays if the set is the same, and is removed with an earlier set.',
  note: 'With a dms.json the artifacts go into its outputDirectory, by default dist/<its folder> of the workspace, unless --output says otherwise.',
  examples: [
    'emit --schema core/ApiSchema.json --schema ext/ApiSchema.json --dialect pgsql --output out',
    'emit --schema core-6.1/ApiSchema.json --output out-6.1 --earlier out-5.2 --earlier-translation ed-fi-5.2-to-6.1',
  ],
  worksOn: { source: 'schemas', config: 'usual', dialect: severalDialects('those of the dms.json, otherwise both') },
  options: emitOptions,
  missing: (input) =>
    folderOf(input) === undefined ? [notSpecified(writtenOption('output', emitOptions.output))] : [],
  endsItself: true,
  async run(input, context) {
    if (!input.options.check) return { kind: 'written', ...(await writtenArtifacts(input, context)) } as const;
    const compared = await changedArtifacts(input, context);
    const { output: folder, changes } = compared;
    const failures = changes.length === 0 ? [] : [outOfDate(folder, changes)];
    return { kind: 'compared', ...compared, failures } as const;
  },
  lines(result, { showsNotes }) {
    if (result.kind === 'compared') {
      if (result.changes.length === 0)
        return [`The ${counted(result.compared, 'artifact')} in ${result.output} are what emit writes.`];
      return result.changes.map(({ name, kind }) => `${kind.padEnd(7)}  ${name}`);
    }
    return [
      `Artifacts written to ${result.output}`,
      `Effective schema hash: ${result.effectiveSchemaHash}`,
      `Resource key count: ${result.resourceKeyCount}`,
      ...(showsNotes ? ['Files written:', ...result.files.map(({ name }) => `  ${name}`)] : []),
      ...(result.removed.length === 0 ? [] : ['Files removed, which other commands wrote for an earlier set:']),
      ...result.removed.map((name) => `  ${name}`),
    ];
  },
  value({ diagnostics: _, ...result }) {
    if (result.kind === 'written') {
      const { kind: _kind, ...value } = result;
      return value;
    }
    const { kind: _kind, failures: _failures, ...value } = result;
    return { check: true, ...value };
  },
});
