import path from 'node:path';
import { fileURLToPath } from 'node:url';

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));

/** @type {Readonly<Record<string, readonly string[]>>} */
const standards = {
  v1: ['inputs', 'ds-5.2-core.json'],
  v2: ['fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'],
};

/**
 * Where the core of the data standard 5.2 for a generation lies beside the project, on machines that have it.
 *
 * @param {string} mappingVersion
 */
export function dataStandard(mappingVersion) {
  const place = standards[mappingVersion];
  if (!place) throw new Error(`--mapping-version takes ${Object.keys(standards).join(' or ')}.`);
  return path.join(shared, ...place);
}
