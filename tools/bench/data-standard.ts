import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type MappingVersion, readMappingVersion } from '@dms/api-schema';

const shared = path.resolve(import.meta.dirname, '../../../shared');

const standards: Readonly<Record<MappingVersion, string>> = {
  v1: path.join(shared, 'inputs', 'ds-5.2-core.json'),
  v2: path.join(shared, 'fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'),
};

/** The data standard 5.2 with TPDM, as its files of both generations lie beside the project. */
export const published52: Readonly<Record<MappingVersion, readonly string[]>> = {
  v1: ['ds-5.2-core.json', 'tpdm-1.1-extension.json'].map((name) => path.join(shared, 'inputs', name)),
  v2: ['ds-5.2-core.later.json', 'tpdm-1.1-extension.later.json'].map((name) => path.join(shared, 'inputs', name)),
};

/** Where the core of the data standard 5.2 for a generation lies beside the project, on machines that have it. */
export const dataStandard = (version: MappingVersion): string => standards[version];

/** The core of the data standard 6.1 there: without its OpenAPI payloads, and compressed with them, as it is published. */
export const standard61 = {
  stripped: path.join(shared, 'inputs', 'ds-6.1-core.json'),
  whole: path.join(shared, 'inputs', 'ds-6.1-core.with-openapi.json.gz'),
} as const;

/** Writes the published size of 6.1 into a folder. */
export function writeWhole61(folder: string): string {
  const file = path.join(folder, 'ds-6.1-core.with-openapi.json');
  writeFileSync(file, gunzipSync(readFileSync(standard61.whole)));
  return file;
}

/** The extension TPDM for that core. */
export const tpdm = path.join(shared, 'inputs', 'tpdm-1.1-extension.json');

/** The option `--mapping-version` of a benchmark. */
export const versionOf = (option: string): MappingVersion => readMappingVersion(option, '--mapping-version');

/** The absolute path of a schema file; ends the process with a message if there is no such file. */
export function existingSchema(file: string, advice: string): string {
  const place = path.resolve(file);
  if (existsSync(place)) return place;
  console.error(`${place} does not exist. ${advice}`);
  return process.exit(1);
}

/** The file that a user names for the core of the data standard 5.2, or that beside the project. */
export function coreOf(file: string | undefined, version: MappingVersion, benchmark: string): string {
  const advice = `Name the ApiSchema file of the data standard 5.2: npm run bench -- ${benchmark} <file>`;
  return existingSchema(file ?? dataStandard(version), advice);
}
