/**
 * Writes the import boundaries of the packages into biome.json: overrides with `noRestrictedImports`, made from the table in
 * rooms.mjs. The rest of biome.json stays as it is.
 *
 *   node tools/boundaries.mjs            writes biome.json
 *   node tools/boundaries.mjs --check    exit code 1 when biome.json does not hold what would be written
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { allowedImports, allowedTestImports, rooms } from './rooms.mjs';

/**
 * @typedef {typeof rooms[number]} Room
 * @typedef {{ includes: string[], linter: { rules: { style: Record<string, unknown> } } }} Override
 * @typedef {{ overrides?: Override[] }} BiomeConfiguration
 */

/** Shown for an import that reaches into a package, by its name or by a relative path. */
export const innerFileMessage = 'Import a package from its index.';

const lineWidth = 128;

/**
 * @param {Room} room
 * @param {readonly string[]} allowed
 */
export function boundaryMessage(room, allowed) {
  const roomName = room.folder.slice(room.folder.indexOf('/') + 1);
  if (allowed.length === 0) return `${roomName} may import no other package.`;
  return `${roomName} may import ${allowed.map((name) => name.replace('@dms/', '')).join(', ')} only.`;
}

/** Test files: the specs, and in the folder `test` of a package what several of them share. */
const testFiles = ['**/*.spec.ts', 'test/**/*.ts'];

/** @returns {Override[]} two for each package: its sources and its test files, which share no file */
export function boundaryOverrides() {
  return rooms.flatMap((room) => {
    const tests = testFiles.map((glob) => `${room.folder}/${glob}`);
    return [
      boundaryOverride([`${room.folder}/**`, ...tests.map((glob) => `!${glob}`)], room, allowedImports(room)),
      boundaryOverride(tests, room, allowedTestImports(room)),
    ];
  });
}

/**
 * @param {string[]} includes
 * @param {Room} room
 * @param {readonly string[]} allowed
 * @returns {Override}
 */
function boundaryOverride(includes, room, allowed) {
  const patterns = [
    { group: ['@dms/*', ...allowed.map((name) => `!${name}`)], message: boundaryMessage(room, allowed) },
    // The last three are the ways from inside one package into another: beside it, and down again from the root.
    {
      group: ['@dms/*/**', '**/../../*/src/**', '**/../../../libs/**', '**/../../../plugins/**'],
      message: innerFileMessage,
    },
  ];
  return { includes, linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } } };
}

/**
 * @template {BiomeConfiguration} T
 * @param {T} configuration
 * @returns {T} with the boundaries of today's table at the end of its overrides
 */
export function withBoundaries(configuration) {
  const others = (configuration.overrides ?? []).filter((override) => !isBoundary(override));
  return { ...configuration, overrides: [...others, ...boundaryOverrides()] };
}

/** @param {Partial<Override>} override */
export function isBoundary(override) {
  return override.linter?.rules?.style?.noRestrictedImports !== undefined;
}

/**
 * Writes JSON the way Biome's formatter leaves it, so that `biome check` accepts the file: on one line what fits.
 *
 * @param {unknown} value
 * @param {string} indent
 * @param {number} taken columns before and after the value on its line
 * @returns {string}
 */
function formatJson(value, indent = '', taken = 0) {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const oneLine = oneLineJson(value);
  if (indent !== '' && indent.length + taken + oneLine.length <= lineWidth) return oneLine;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Object.entries(value).map(([key, member]) => {
    const label = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    return `${inner}${label}${formatJson(member, inner, label.length + 1)}`;
  });
  return `${open}\n${members.join(',\n')}\n${indent}${close}`;
}

/**
 * @param {object} value
 * @returns {string}
 */
function oneLineJson(value) {
  /** @param {unknown} member */
  const write = (member) => (typeof member === 'object' && member !== null ? oneLineJson(member) : JSON.stringify(member));
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${write(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function main() {
  const configurationFile = fileURLToPath(new URL('../biome.json', import.meta.url));
  const present = JSON.parse(readFileSync(configurationFile, 'utf8'));
  const wanted = withBoundaries(present);
  if (process.argv.includes('--check')) {
    if (isDeepStrictEqual(present, wanted)) return;
    console.error('The boundaries in biome.json are not those of tools/rooms.mjs. Run: node tools/boundaries.mjs');
    process.exitCode = 1;
    return;
  }
  writeFileSync(configurationFile, `${formatJson(wanted)}\n`);
  console.log(`${boundaryOverrides().length} overrides written to biome.json`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
