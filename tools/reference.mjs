/**
 * Writes docs/reference: the commands, targets, generators, members of `dms.json`, artifacts and codes, as the code has them.
 *
 *   node tools/reference.mjs            writes the pages
 *   node tools/reference.mjs --check    exit code 1 when one does not hold what would be written
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));
const pluginFolder = 'plugins/nx-dms';
const generated = '<!-- Written by tools/reference.mjs from the code. Do not edit. -->';

const text = (file) => readFileSync(path.join(workspaceRoot, file), 'utf8');
const json = (file) => JSON.parse(text(file));

/** The facts that only the code knows: it is TypeScript, which Node does not read. */
async function codeFacts() {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-reference-'));
  try {
    const [file] = await bundle({
      entryPoints: { facts: path.join(workspaceRoot, 'tools/reference/facts.ts') },
      outdir: folder,
      as: 'parts',
    });
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A text as one cell of a table; what Markdown would take for its own is escaped, but in code. */
function cell(value) {
  const parts = String(value)
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|')
    .trim()
    .split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith('`') ? part : part.replaceAll(/[<*]/g, '\\$&'))).join('');
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

const page = (title, ...parts) => `${[`# ${title}`, generated, ...parts.filter((part) => part !== '')].join('\n\n')}\n`;

const choicesOf = (choices) => (choices.length === 0 ? '' : ` One of: ${choices.join(', ')}.`);

function optionRows(options) {
  return options.map(({ flags, description, isRequired, choices, defaultValue }) => {
    const notes = [
      isRequired ? ' Required.' : '',
      choicesOf(choices),
      defaultValue === undefined ? '' : ` Default: ${defaultValue}.`,
    ];
    return [`\`${flags}\``, `${description.replace(/\.$/, '')}.${notes.join('')}`];
  });
}

function commandsPage({ commands, commonOptions }) {
  const common = new Set(commonOptions.map(({ flags }) => flags));
  const sections = commands.map((command) => {
    const own = command.options.filter(({ flags }) => !common.has(flags));
    const places = command.arguments.map(({ name, description, choices }) => [
      `\`${name}\``,
      `${description}.${choicesOf(choices)}`,
    ]);
    const usage = ['dms-ddl', command.name, '[options]', ...command.arguments.map(({ name }) => name)].join(' ');
    return [
      `## ${command.name}`,
      `\`${usage}\``,
      command.description.split('\n').join(' '),
      places.length + own.length === 0 ? '' : table(['argument, option', 'means'], [...places, ...optionRows(own)]),
      command.after === '' ? '' : `\`\`\`text\n${command.after}\n\`\`\``,
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return page(
    'Commands',
    'What `dms-ddl <command> --help` says. Results go to the standard output, diagnostics to the standard error.',
    table(
      ['command', 'does'],
      commands.map(({ name, summary }) => [`[\`${name}\`](#${name.replaceAll(' ', '-')})`, summary]),
    ),
    `## Options of every command\n\n${table(['option', 'means'], optionRows(commonOptions))}`,
    '`dms-ddl help <command>`, `-h` and `--help` explain a command, `-V` and `--version` print the version.',
    `## Exit codes\n\n${table(
      ['code', 'means'],
      [
        [0, 'done; for `verify`, `check` and `emit --check`: passed'],
        [1, 'at least one diagnostic that is no warning or note, or a failed check'],
        [2, 'wrong use of the command line'],
        [70, 'a bug: an exception with a stack'],
        ['130, 143', 'ended by SIGINT, SIGTERM'],
      ],
    )}`,
    ...sections,
  );
}

/** The types that a value may have. */
function typesOf({ type, anyOf = [], oneOf = anyOf }) {
  if (type !== undefined) return [type].flat().join(', ');
  return oneOf.length === 0 ? 'any value' : oneOf.map(typesOf).join(', ');
}

/** The properties of a schema that a user may give. */
function propertyRows({ properties = {}, required = [] }) {
  const isShown = ([, property]) =>
    property['x-priority'] !== 'internal' &&
    property.hidden !== true &&
    !/filled in by the plugin/.test(property.description ?? '');
  return Object.entries(properties)
    .filter(isShown)
    .map(([name, property]) => {
      const { description = '', enum: values, items } = property;
      const kind = values?.join(', ') ?? items?.enum?.join(', ') ?? typesOf(property);
      const notes = [
        required.includes(name) ? ' Required.' : '',
        'default' in property ? ` Default: \`${JSON.stringify(property.default)}\`.` : '',
      ];
      return [`\`${name}\``, kind, `${description}${notes.join('')}`];
    });
}

function targetsPage({ steps }) {
  const { executors } = json(`${pluginFolder}/executors.json`);
  const { generators } = json(`${pluginFolder}/generators.json`);
  const stepOf = new Map(steps.map((step) => [step.name, step]));
  const files = (names) => (names.length === 0 ? 'nothing' : names.map((name) => `\`${name}\``).join(', '));
  const section =
    (kind) =>
    ([name, { description, schema }]) => {
      const definition = json(path.posix.join(pluginFolder, schema.replace('./dist/', './src/')));
      const rows = propertyRows(definition);
      const step = kind === 'target' ? stepOf.get(name) : undefined;
      const examples = (definition.examples ?? []).map((example) => `${example.command}   # ${example.description}`);
      return [
        `### ${name}`,
        description,
        step ? `Reads ${files(step.reads)}. Writes ${files(step.writes)}.` : '',
        rows.length === 0 ? '' : table(['option', 'values', 'means'], rows),
        examples.length === 0 ? '' : `\`\`\`text\n${examples.join('\n')}\n\`\`\``,
      ]
        .filter((part) => part !== '')
        .join('\n\n');
    };
  return page(
    'Targets and generators of nx-dms',
    'A folder with an ApiSchema file has the target `normalize-schema`; a folder with a `dms.json` has the others, some of them only where `dms.json` asks for them ([dms.json](dms-json.md)). `<d>` is each dialect.',
    '## Targets',
    ...Object.entries(executors).map(section('target')),
    ...(Object.keys(generators).length === 0 ? [] : ['## Generators', ...Object.entries(generators).map(section('generator'))]),
  );
}

function configPage() {
  const schema = json(`${pluginFolder}/dms.schema.json`);
  const rows = (definition, prefix = '') =>
    propertyRows(definition).flatMap(([name, kind, description]) => {
      const plain = name.slice(1, -1);
      if (plain === '$comment') return [];
      const inner = definition.properties[plain];
      return [[`\`${prefix}${plain}\``, kind, description], ...(inner.properties ? rows(inner, `${prefix}${plain}.`) : [])];
    });
  return page(
    'dms.json',
    'A mapping set: schemas that are compiled together. Paths are relative to the file or to the workspace, as each member says. A `$comment` may stand in every object. An unknown member is an error.',
    table(['member', 'values', 'means'], rows(schema)),
  );
}

function artifactsPage({ steps }) {
  const readers = (file) => steps.filter(({ reads }) => reads.includes(file)).map(({ name }) => `\`${name}\``);
  const rows = steps.flatMap(({ name, writes }) =>
    writes.map((file) => [`\`${file}\``, `\`${name}\``, readers(file).join(', ')]),
  );
  return page(
    'Artifacts',
    'All files of a mapping set lie in one folder; `<d>` is `pgsql` or `mssql`. `schema.normalized.json` lies in the folder of its schema. What is in them stands in [the chapters](../architecture.md).',
    table(['file', 'written by', 'read by'], rows),
    '`dms-ddl emit` writes those of `derive-model`, `derive-inventory`, `compile-plans` and `emit-ddl` at once.',
  );
}

const classNames = {
  I: 'the input is wrong',
  M: 'a bug in dms',
  D: 'a database does not fit',
  R: 'a request at run time is wrong',
  W: 'a warning',
  N: 'a note',
};

/** The meaning of each code, as docs/design/errors.md has it. */
function meanings() {
  const rows = text('docs/design/errors.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return new Map(
    rows.flatMap((row) => {
      const [, names = '', , meaning = ''] = row.split('|').map((part) => part.trim());
      return [...names.matchAll(/`([A-Z_0-9]+)`/g)].map(([, code]) => [code, meaning]);
    }),
  );
}

function codesPage({ codes }) {
  const meaning = meanings();
  const rows = Object.entries(codes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, diagnosticClass]) => [`\`${code}\``, classNames[diagnosticClass], meaning.get(code) ?? '']);
  return page(
    'Codes of diagnostics',
    'A code keeps its meaning; scripts may rely on it. What has class “a warning” or “a note” does not fail a command. Where several codes have one meaning they are its cases, in that order.',
    table(['code', 'class', 'meaning'], rows),
  );
}

/** @returns {Promise<Record<string, string>>} text by path of the page */
export async function referencePages() {
  const facts = await codeFacts();
  return {
    'docs/reference/commands.md': commandsPage(facts),
    'docs/reference/targets.md': targetsPage(facts),
    'docs/reference/dms-json.md': configPage(),
    'docs/reference/artifacts.md': artifactsPage(facts),
    'docs/reference/codes.md': codesPage(facts),
  };
}

async function main() {
  const checks = process.argv.includes('--check');
  for (const [name, wanted] of Object.entries(await referencePages())) {
    const file = path.join(workspaceRoot, name);
    const found = readIfThere(file);
    if (found === wanted) continue;
    if (checks) {
      console.error(`differs ${name}\nRun: node tools/reference.mjs`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, wanted);
      console.log(`wrote ${name}`);
    }
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
