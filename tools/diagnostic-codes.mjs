/**
 * Writes libs/diagnostics/src/catalogue.ts, every code with its class, from the tables of docs/design/errors.md.
 *
 *   node tools/diagnostic-codes.mjs            writes the file
 *   node tools/diagnostic-codes.mjs --check    exit code 1 when it does not hold what would be written
 */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));

export const errorsFile = path.join(workspaceRoot, 'docs/design/errors.md');
export const catalogueFile = path.join(workspaceRoot, 'libs/diagnostics/src/catalogue.ts');

/** The meaning of each class, as in the reference. */
export const diagnosticClassNames = {
  I: 'the input is wrong',
  M: 'a bug in dms',
  D: 'a database does not fit',
  R: 'a request at run time is wrong',
  W: 'a warning',
  N: 'a note',
};

/**
 * @typedef {object} DocumentedCode
 * @property {string} code
 * @property {keyof typeof diagnosticClassNames} class
 * @property {string} meaning
 * @property {string} chapters `02, 05`
 * @property {string} section the heading of the table that lists it
 */

/**
 * @param {string} markdown the text of errors.md
 * @returns {DocumentedCode[]} in the order of the tables
 */
export function documentedCodes(markdown) {
  /** @type {Map<string, DocumentedCode>} */
  const found = new Map();
  let section = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    if (!line.startsWith('| `')) continue;
    const [, names = '', diagnosticClass = '', meaning = '', chapters = ''] = line.split('|').map((cell) => cell.trim());
    if (!Object.hasOwn(diagnosticClassNames, diagnosticClass)) {
      throw new Error(
        `errors.md: ${names} has the class "${diagnosticClass}", which is none of ${Object.keys(diagnosticClassNames).join(', ')}.`,
      );
    }
    for (const [, code = ''] of names.matchAll(/`([^`]*)`/g)) {
      if (!/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(code))
        throw new Error(`errors.md: ${code} is not upper snake case of two words or more.`);
      if (found.has(code)) throw new Error(`errors.md lists ${code} twice.`);
      const known = /** @type {DocumentedCode['class']} */ (diagnosticClass);
      found.set(code, { code, class: known, meaning, chapters, section });
    }
  }
  return [...found.values()];
}

/**
 * @param {readonly DocumentedCode[]} codes
 * @returns {string} the text of catalogue.ts
 */
export function catalogueText(codes) {
  const lines = codes.flatMap((entry, index) => [
    ...(entry.section === codes[index - 1]?.section ? [] : [`  // ${entry.section}`]),
    `  ${entry.code}: '${entry.class}',`,
  ]);
  return `// Written by tools/diagnostic-codes.mjs from docs/design/errors.md.

/**
 * Class of a diagnostic: \`I\` the input is wrong, \`M\` an internal contract is broken (a bug), \`D\` a database or its state,
 * \`R\` a document at run time, \`W\` a warning, \`N\` a note.
 */
export type DiagnosticClass = 'I' | 'M' | 'D' | 'R' | 'W' | 'N';

/** Every code of the system with its class. A code is never reused for another meaning. */
export const diagnosticClasses = {
${lines.join('\n')}
} as const satisfies Readonly<Record<string, DiagnosticClass>>;

export type DiagnosticCode = keyof typeof diagnosticClasses;
`;
}

function main() {
  const wanted = catalogueText(documentedCodes(readFileSync(errorsFile, 'utf8')));
  if (existsSync(catalogueFile) && readFileSync(catalogueFile, 'utf8') === wanted) return;
  const name = path.relative(process.cwd(), catalogueFile);
  if (process.argv.includes('--check')) {
    console.error(`differs ${name}\nRun: node tools/diagnostic-codes.mjs`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(catalogueFile, wanted);
  console.log(`wrote ${name}`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
