import { counted } from '@dms/diagnostics';
import { buildPacks, type SqlDialect, verifyPack, writePackManifest } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputArgument, pathArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { dialectsOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

const packArgument = ['<file>', 'a pack, as pack build writes it', pathArgument] as const;

/** Adds `dms-ddl pack` with its commands. */
export function addPack(program: Command, context: CommandContext): void {
  const pack = program
    .command('pack')
    .summary('mapping packs: the plans of a schema set as one file for a server')
    .description(
      'A pack holds everything that a server needs to read and write the documents of a schema set in one database: tables, ' +
        'statements, parameters. Its format is published as mapping-pack.proto beside this program.',
    );
  addBuild(pack, context);
  addManifest(pack, context);
  addVerify(pack, context);
}

type BuildCommandOptions = SourceOptions & JsonOption & { readonly dialect?: readonly SqlDialect[]; readonly output: string };

const [dialectFlags, , dialectsArgument] = dialectsOption;

function addBuild(pack: Command, { printerFor }: CommandContext): void {
  const command = pack
    .command('build')
    .summary('write the packs of a schema set')
    .description('Writes <dir>/<dialect>/dms-mappingpack-<version>-<hash>.mpack. Other files in these folders stay.');
  addSourceOptions(command.argument(...configArgument))
    .requiredOption('--output <dir>', 'folder for the packs of all schema sets', outputArgument)
    .option(dialectFlags, 'pgsql, mssql, or both as in pgsql,mssql (default: the dialects of the source)', dialectsArgument)
    .addHelpText('after', '\nExample:\n  dms-ddl pack build --artifacts out --dialect pgsql --output packs')
    .action(async (config: string | undefined, options: BuildCommandOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const written = await buildPacks({
        source: sourceOf(options, command, set),
        dialects: options.dialect ?? set?.dialects,
        outputDirectory: options.output,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      const files = written.map(({ key, artifact }) => ({ ...key, ...artifact }));
      printer.result(
        written.map(({ artifact }) => `${artifact.file}  ${counted(artifact.bytes, 'byte')}`),
        { command: 'pack build', output: options.output, files },
      );
    });
}

type ManifestCommandOptions = JsonOption & { readonly output: string; readonly plans?: boolean };

function addManifest(pack: Command, { printerFor }: CommandContext): void {
  pack
    .command('manifest')
    .summary('write the contents of a pack as pack.manifest.json')
    .description('Reads a pack with every check and writes its contents in a form that can be compared.')
    .argument(...packArgument)
    .requiredOption('--output <dir>', 'folder for pack.manifest.json', outputArgument)
    .option('--plans', 'write mappingset.manifest.json too')
    .addHelpText('after', '\nExample:\n  dms-ddl pack manifest packs/pgsql/dms-mappingpack-v1-….mpack --output manifests')
    .action(async (file: string, options: ManifestCommandOptions) => {
      const printer = printerFor(options);
      const { pack: found, artifacts } = await writePackManifest({
        file,
        outputDirectory: options.output,
        withMappingSet: options.plans,
      });
      printer.result(
        artifacts.map((artifact) => `Written: ${artifact.file}`),
        { command: 'pack manifest', file, ...found.mappingSet.key, files: artifacts.map((artifact) => artifact.file) },
      );
    });
}

function addVerify(pack: Command, { printerFor }: CommandContext): void {
  const command = pack
    .command('verify')
    .summary('check a pack')
    .description(
      'Reads a pack with every check that a server makes. Given a schema set, it also compares the pack with the one that pack build makes ' +
        'from it now.',
    )
    .argument(...packArgument);
  addSourceOptions(command)
    .addHelpText('after', '\nExample:\n  dms-ddl pack verify packs/pgsql/dms-mappingpack-v1-….mpack --artifacts out')
    .action(async (file: string, options: SourceOptions & JsonOption) => {
      const printer = printerFor(options);
      const hasSource = options.schema !== undefined || options.artifacts !== undefined;
      const { mappingSet, payloadLength, payloadSha256, ...made } = await verifyPack({
        file,
        source: hasSource ? sourceOf(options, command) : undefined,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      const { key, model } = mappingSet;
      const hash = Buffer.from(payloadSha256).toString('hex');
      printer.result(
        [
          `${file} is valid${hasSource ? ', and equals what pack build makes from the schema set' : ''}.`,
          `Effective schema hash: ${key.effectiveSchemaHash}`,
          `Dialect: ${key.dialect}, mapping version: ${key.relationalMappingVersion}`,
          `Resources: ${model.resources.length}, payload: ${counted(payloadLength, 'byte')}, SHA-256 ${hash}`,
          ...(made.producer === '' ? [] : [`Made by ${made.producer} ${made.producerVersion}`]),
        ],
        {
          command: 'pack verify',
          file,
          ...key,
          resources: model.resources.length,
          payload: { bytes: payloadLength, sha256: hash },
          producer: { name: made.producer, version: made.producerVersion },
        },
      );
    });
}
