import path from 'node:path';
import { counted, fail } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import { packFileName, packManifestText } from '@dms/packs';
import { type MappingSetKey, mappingSetManifestText } from '@dms/plans';
import { hexOf } from '@dms/values';
import { buildCheckedPack } from '../build-steps/build-pack.ts';
import { fileOperation, writtenLines } from '../declaring/operation.ts';
import { flag, inputFile, output, required } from '../declaring/option.ts';
import { scriptsOfSet } from '../declaring/subject.ts';
import { artifactFile } from '../incremental-build/step-table.ts';
import type { Artifact } from '../incremental-build/stores.ts';
import { chosenDialects, compiledMappingSets, readPackFile } from '../sources/source.ts';

const packArgument = { file: required(inputFile('<file>', 'a pack, as pack build writes it')) };

interface WrittenPack {
  readonly key: MappingSetKey;
  readonly artifact: Artifact;
}

/**
 * Writes `<root>/<dialect>/dms-mappingpack-<version>-<hash>.mpack` for each dialect; each file is written completely or
 * not at all (design 08 §12.4). Other packs in these folders stay. Throws `INPUT_*`, `MODEL_FILE_INVALID`, `PACK_*`,
 * `OUTPUT_*` and the codes of the steps.
 */
export const buildPacks = fileOperation({
  name: 'pack build',
  group: 'compile',
  summary: 'write the packs of a schema set',
  description: 'Writes <dir>/<dialect>/dms-mappingpack-<version>-<hash>.mpack. Other files in these folders stay.',
  examples: ['pack build --artifacts out --dialect pgsql --output packs'],
  worksOn: scriptsOfSet,
  options: { output: required(output('<dir>', 'folder for the packs of all schema sets')) },
  async run({ source, dialects, options }, { onProgress }) {
    const mappingSets = await compiledMappingSets({
      source,
      dialects: await chosenDialects(source, dialects),
      onProgress,
    });
    const built = [];
    for (const mappingSet of mappingSets) {
      const { key } = mappingSet;
      onProgress?.(`build-pack ${key.dialect}`);
      const name = packFileName(key);
      built.push({ key, file: { name, content: (await buildCheckedPack(mappingSet, name)).bytes } });
    }
    onProgress?.('write');
    const written: WrittenPack[] = [];
    for (const { key, file } of built) {
      const set = { writer: 'pack-build', files: [file], earlier: [file.name], markers: [] };
      for (const artifact of await replaceFiles(path.join(options.output, key.dialect), set))
        written.push({ key, artifact });
    }
    return { written, diagnostics: [] };
  },
  lines: ({ written }) => written.map(({ artifact }) => `${artifact.file}  ${counted(artifact.bytes, 'byte')}`),
  value: ({ written }, { options }) => ({
    output: options.output,
    files: written.map(({ key, artifact }) => ({ ...key, ...artifact })),
  }),
});

/**
 * Reads a pack with every check and writes its contents as `pack.manifest.json` (design 08 §12.6). Throws
 * `INPUT_FILE_*`, `PACK_*`, `OUTPUT_*`.
 */
export const packManifest = fileOperation({
  name: 'pack manifest',
  group: 'compile',
  summary: 'write the contents of a pack as pack.manifest.json',
  description: 'Reads a pack with every check and writes its contents in a form that can be compared.',
  examples: ['pack manifest packs/pgsql/*.mpack --output manifests'],
  worksOn: { source: 'none' },
  arguments: packArgument,
  options: {
    output: required(output('<dir>', 'folder for pack.manifest.json')),
    plans: flag('write mappingset.manifest.json too', { group: 'output' }),
  },
  async run({ options }) {
    const pack = await readPackFile(options.file);
    const name = 'pack.manifest.json';
    const mappingSetManifest = artifactFile('mappingSetManifest');
    const files = [
      { name, content: packManifestText(pack) },
      ...(options.plans ? [{ name: mappingSetManifest, content: mappingSetManifestText([pack.mappingSet]) }] : []),
    ];
    const set = { writer: 'pack-manifest', files, earlier: files.map((file) => file.name), markers: [] };
    return { pack, artifacts: await replaceFiles(options.output, set), diagnostics: [] };
  },
  lines: ({ artifacts }) => writtenLines(artifacts),
  value: ({ pack, artifacts }, { options }) => ({
    file: options.file,
    ...pack.mappingSet.key,
    files: artifacts.map(({ file }) => file),
  }),
});

/**
 * Reads a pack with every check; if a source is given, the pack must equal the one built from it. Throws `INPUT_*`,
 * `PACK_*` and the codes of the steps.
 */
export const verifyPack = fileOperation({
  name: 'pack verify',
  group: 'compile',
  summary: 'check a pack',
  description:
    'Reads a pack with every check that a server makes. Given a schema set, it also compares the pack with the one that pack build makes ' +
    'from it now.',
  examples: ['pack verify packs/pgsql/*.mpack --artifacts out'],
  worksOn: { source: 'possibleSet', config: 'named' },
  arguments: packArgument,
  options: {},
  async run({ source, options: { file } }, { onProgress }) {
    onProgress?.('read the pack');
    const pack = await readPackFile(file);
    if (source === undefined) return { ...pack, diagnostics: [] };
    for (const mappingSet of await compiledMappingSets({
      source,
      dialects: [pack.mappingSet.key.dialect],
      onProgress,
    })) {
      await readPackFile(file, mappingSet.key);
      const built = await buildCheckedPack(mappingSet, file);
      const expected = hexOf(built.pack.payloadSha256);
      const found = hexOf(pack.payloadSha256);
      if (found !== expected) {
        const message = `${file} is of the same schema set as the source, but another pack: the hash of its payload is ${found}, not ${expected}. Build it again.`;
        fail('PACK_PAYLOAD_HASH', message, { file }, { step: 'source', what: 'payload_sha256', expected, found });
      }
    }
    return { ...pack, diagnostics: [] };
  },
  lines({ mappingSet: { key, model }, payloadLength, payloadSha256, ...made }, { source, options: { file } }) {
    return [
      `${file} is valid${source === undefined ? '' : ', and equals what pack build makes from the schema set'}.`,
      `Effective schema hash: ${key.effectiveSchemaHash}`,
      `Dialect: ${key.dialect}, mapping version: ${key.relationalMappingVersion}`,
      `Resources: ${model.resources.length}, payload: ${counted(payloadLength, 'byte')}, SHA-256 ${hexOf(payloadSha256)}`,
      ...(made.producer === '' ? [] : [`Made by ${made.producer} ${made.producerVersion}`]),
    ];
  },
  value: (
    { mappingSet: { key, model }, payloadLength, payloadSha256, producer, producerVersion },
    { options: { file } },
  ) => ({
    file,
    ...key,
    resources: model.resources.length,
    payload: { bytes: payloadLength, sha256: hexOf(payloadSha256) },
    producer: { name: producer, version: producerVersion },
  }),
});
