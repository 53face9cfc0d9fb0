import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { counted, diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { dialects as allDialects } from '@dms/sql';
import { emittedArtifactNames } from '../engine/step-table.ts';
import { fileOperation, type Input, notSpecified } from '../operation/operation.ts';
import { flag, nameList, output } from '../operation/option.ts';
import { odsOverridesOption } from '../operation/shared-options.ts';
import { severalDialects } from '../operation/subject.ts';
import { noteUnchosenVersion } from '../sources/unchosen-version.ts';
import { compareEmitted, emit as emitArtifacts } from '../steps/emit.ts';

const folderOf = ({ options, set }: Input<{ readonly output?: string | undefined }>) =>
  options.output ?? set?.outputDirectory;

/** What `emit` would change: how many artifacts of each kind. */
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

/**
 * Every step in one process, each file byte-equal to that of the Nx target (design 06 §9); with `check`, what it would
 * change. A mistake leaves the folder as it was. Throws `INPUT_*`, the codes of the steps, `DDL_OUTPUT_NOT_EMPTY` and
 * `OUTPUT_*`.
 */
export const emit = fileOperation({
  name: 'emit',
  group: 'first',
  summary: 'write the SQL scripts and all other artifacts of a schema set',
  description:
    'Compiles ApiSchema files into a relational backend and writes every artifact into one folder: ' +
    'the fingerprint, models, inventories, plans, SQL scripts, catalogs and manifests. No database is needed.',
  note: 'With a dms.json the artifacts go into its outputDirectory, by default dist/<its folder> of the workspace, unless --output says otherwise.',
  examples: ['emit --schema core/ApiSchema.json --schema ext/ApiSchema.json --output out --dialect pgsql'],
  worksOn: { source: 'schemas', config: true, dialect: severalDialects('those of the dms.json, otherwise both') },
  arguments: {},
  options: {
    output: output('<dir>', 'folder for the artifacts; it must be new, empty, or hold artifacts only'),
    only: nameList(
      '<artifact...>',
      `write these artifacts and their manifests alone: ${emittedArtifactNames.join(', ')} (default: all)`,
      emittedArtifactNames,
      { group: 'output' },
    ),
    odsOverrides: odsOverridesOption(),
    check: flag('write nothing; fail if the folder does not hold exactly what emit would write'),
  },
  missing: (input) => (folderOf(input) === undefined ? [notSpecified('--output <dir>')] : []),
  endsItself: true,
  async run(input, context) {
    const { onProgress, signal } = context;
    const { source, dialects = allDialects } = input;
    const folder = mustExist(folderOf(input), 'a folder');
    const { only = input.set?.emit.only, odsOverrides = input.set?.odsOverrides ?? undefined, check } = input.options;
    const run = {
      schemas: source.files,
      mappingVersion: source.mappingVersion,
      dialects,
      outputDirectory: folder,
      odsOverrides,
      only,
      onProgress,
      signal,
    };
    const common = ({ effectiveSchemaHash, resourceKeyCount }: EffectiveSchemaManifest) => ({
      output: folder,
      effectiveSchemaHash,
      resourceKeyCount,
    });
    if (check) {
      const { info, compared, changes, diagnostics } = await compareEmitted(run);
      noteUnchosenVersion(source, context);
      const failures = changes.length === 0 ? [] : [outOfDate(folder, changes)];
      return { kind: 'compared', ...common(info), compared, changes, diagnostics, failures } as const;
    }
    const { info, artifacts, diagnostics } = await emitArtifacts(run);
    noteUnchosenVersion(source, context);
    const files = artifacts.map((artifact) => ({
      name: artifact.name,
      bytes: artifact.bytes,
      // computed on demand, because it costs as much as writing the files
      get sha256() {
        return artifact.sha256;
      },
    }));
    return { kind: 'written', ...common(info), files, diagnostics } as const;
  },
  lines(result) {
    if (result.kind === 'compared') {
      if (result.changes.length === 0)
        return [`The ${counted(result.compared, 'artifact')} in ${result.output} are what emit writes.`];
      return result.changes.map(({ name, kind }) => `${kind.padEnd(7)}  ${name}`);
    }
    return [
      `Artifacts written to ${result.output}`,
      `Effective schema hash: ${result.effectiveSchemaHash}`,
      `Resource key count: ${result.resourceKeyCount}`,
      'Files written:',
      ...result.files.map(({ name }) => `  ${name}`),
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
