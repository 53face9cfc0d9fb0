import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type MappingVersion, readMappingVersion } from '@dms/api-schema';

const shared = path.resolve(import.meta.dirname, '../../../shared');

const standardV2 = path.join(shared, 'fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json');

const standards: Readonly<Record<MappingVersion, string>> = {
  v1: path.join(shared, 'inputs', 'ds-5.2-core.json'),
  v2: standardV2,
  'v2-natural': standardV2,
};

const laterFiles = ['ds-5.2-core.later.json', 'tpdm-1.1-extension.later.json'].map((name) =>
  path.join(shared, 'inputs', name),
);

/** The files of the data standard 5.2 with TPDM by generation, in the folder `shared` beside the project. */
export const published52: Readonly<Record<MappingVersion, readonly string[]>> = {
  v1: ['ds-5.2-core.json', 'tpdm-1.1-extension.json'].map((name) => path.join(shared, 'inputs', name)),
  v2: laterFiles,
  'v2-natural': laterFiles,
};

/** The file of the core of the data standard 5.2 for a generation, on machines that have it beside the project. */
export const dataStandard = (version: MappingVersion): string => standards[version];

/**
 * The core of the data standard 6.1 there: without its OpenAPI payloads, and as published, with them and compressed.
 */
export const standard61 = {
  stripped: path.join(shared, 'inputs', 'ds-6.1-core.json'),
  whole: path.join(shared, 'inputs', 'ds-6.1-core.with-openapi.json.gz'),
} as const;

/** Writes 6.1 in its published size into a folder. */
export function writeWhole61(folder: string): string {
  const file = path.join(folder, 'ds-6.1-core.with-openapi.json');
  writeFileSync(file, gunzipSync(readFileSync(standard61.whole)));
  return file;
}

/** The extension TPDM for the core of 5.2. */
export const tpdm = path.join(shared, 'inputs', 'tpdm-1.1-extension.json');

/** The option `--mapping-version` of a benchmark. */
export const versionOf = (option: string): MappingVersion => readMappingVersion(option, '--mapping-version');

/** The absolute path of a file that a user names; ends the process with a message if there is no such file. */
export function existingFile(file: string, advice: string): string {
  const place = path.resolve(file);
  if (existsSync(place)) return place;
  console.error(`${place} does not exist. ${advice}`);
  return process.exit(1);
}

/** The file that a user names for the core of the data standard 5.2; by default the one beside the project. */
export function coreOf(file: string | undefined, version: MappingVersion, benchmark: string): string {
  const advice = `Name the ApiSchema file of the data standard 5.2: npm run bench -- ${benchmark} <file>`;
  return existingFile(file ?? dataStandard(version), advice);
}
