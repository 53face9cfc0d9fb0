import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import { type Pack, packFileName, packManifestText } from '@dms/packs';
import { type MappingSetKey, mappingSetManifestText } from '@dms/plans';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import { artifactFile } from '../engine/step-table.ts';
import type { Artifact } from '../engine/stores.ts';
import { compiledMappingSets, type DatabaseSource, dialectsOf, readPackFile } from '../sources/source.ts';
import { packOf } from './build-pack.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

export interface BuildPacksOptions {
  readonly source: DatabaseSource;
  /** By default the dialects of the source; a folder of artifacts may have only one. */
  readonly dialects?: readonly SqlDialect[] | undefined;
  /** The root folder of the packs; each pack is written into the folder of its dialect. */
  readonly outputDirectory: string;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface WrittenPack {
  readonly key: MappingSetKey;
  readonly artifact: Artifact;
}

/**
 * `dms-ddl pack build`: writes `<root>/<dialect>/dms-mappingpack-<version>-<hash>.mpack` for each dialect; each file is written
 * completely or not at all (design 08 §12.4). Other packs in these folders stay. Throws `INPUT_*`, `MODEL_FILE_INVALID`,
 * `PACK_*`, `OUTPUT_*` and the codes of the steps.
 */
export async function buildPacks({ source, dialects, outputDirectory, onProgress }: BuildPacksOptions): Promise<WrittenPack[]> {
  const wanted = dialects ?? (await dialectsOf(source));
  const chosen = allDialects.filter((dialect) => wanted.includes(dialect));
  const mappingSets = await compiledMappingSets(source, chosen, onProgress);
  const built = [];
  for (const mappingSet of mappingSets) {
    const { key } = mappingSet;
    onProgress?.(`build-pack ${key.dialect}`);
    const name = packFileName(key);
    built.push({ key, file: { name, content: (await packOf(mappingSet, name)).bytes } });
  }
  onProgress?.('write');
  const written: WrittenPack[] = [];
  for (const { key, file } of built) {
    const folder = path.join(outputDirectory, key.dialect);
    const set = { writer: 'pack-build', files: [file], earlier: [file.name], markers: [] };
    for (const artifact of await replaceFiles(folder, set)) written.push({ key, artifact });
  }
  return written;
}

export interface ReadPackResult {
  readonly pack: Pack;
  readonly artifacts: readonly Artifact[];
}

export interface PackManifestOptions {
  readonly file: string;
  readonly outputDirectory: string;
  /** Writes `mappingset.manifest.json` too. */
  readonly withMappingSet?: boolean | undefined;
}

/**
 * `dms-ddl pack manifest`: reads a pack with every check and writes its contents as `pack.manifest.json` (design 08 §12.6).
 * Throws `INPUT_FILE_*`, `PACK_*`, `OUTPUT_*`.
 */
export async function writePackManifest(options: PackManifestOptions): Promise<ReadPackResult> {
  const pack = await readPackFile(options.file);
  const name = 'pack.manifest.json';
  const mappingSetManifest = artifactFile('mappingSetManifest');
  const files = [
    { name, content: packManifestText(pack) },
    ...(options.withMappingSet ? [{ name: mappingSetManifest, content: mappingSetManifestText([pack.mappingSet]) }] : []),
  ];
  const set = { writer: 'pack-manifest', files, earlier: files.map((file) => file.name), markers: [] };
  return { pack, artifacts: await replaceFiles(options.outputDirectory, set) };
}

export interface VerifyPackOptions {
  readonly file: string;
  /** The expected source of the pack. */
  readonly source?: DatabaseSource | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/**
 * `dms-ddl pack verify`: reads a pack with every check; if a source is given, the pack must equal the one built from it. Throws
 * `INPUT_*`, `PACK_*` and the codes of the steps.
 */
export async function verifyPack({ file, source, onProgress }: VerifyPackOptions): Promise<Pack> {
  onProgress?.('read the pack');
  const pack = await readPackFile(file);
  if (source === undefined) return pack;
  for (const mappingSet of await compiledMappingSets(source, [pack.mappingSet.key.dialect], onProgress)) {
    await readPackFile(file, mappingSet.key);
    const built = await packOf(mappingSet, file);
    const [expected, found] = [hex(built.pack.payloadSha256), hex(pack.payloadSha256)];
    if (found !== expected) {
      const message = `${file} is of the same schema set as the source, but another pack: the hash of its payload is ${found}, not ${expected}. Build it again.`;
      fail('PACK_PAYLOAD_HASH', message, { file }, { step: 'source', what: 'payload_sha256', expected, found });
    }
  }
  return pack;
}
