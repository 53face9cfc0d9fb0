import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DiagnosticClass, diagnosticClasses } from '../../libs/base/diagnostics/src/catalogue.ts';
import { codeAnchor } from '../../libs/base/diagnostics/src/code-address.ts';
import { codeMeanings } from '../../libs/base/diagnostics/src/code-meanings.ts';
import { commandHeadings } from '../../libs/product/cli/src/commands/help.ts';
import { exitCodeMeanings } from '../../libs/product/cli/src/exit-codes.ts';
import { chaptersWithTables } from './reference/chapter-tables.ts';
import { environmentFacts } from './reference/environment-facts.ts';
import type { CommandFacts, CommonOptionFacts, DocumentedTarget } from './reference/facts.ts';
import * as codeFacts from './reference/facts.ts';
import { anchor, fenced, listed, paragraphs, table } from './reference/markdown.ts';
import { changesDatabases, type ReadmeTable, withTables } from './reference/readme-tables.ts';

/*
 * Generates docs/reference from the code: the commands, targets, generators, members of `dms.json` and `fleet.json`,
 * artifacts, codes and variables. Also generates the tables of commands and targets in the READMEs, and tables of
 * chapters.
 */

const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url));
const pluginFolder = 'plugins/nx-dms';
const generated = '<!-- Written by npm run generate from the code. Do not edit. -->';

/** The members of a JSON schema that the pages show. */
interface ShownSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly anyOf?: readonly ShownSchema[];
  readonly oneOf?: readonly ShownSchema[];
  readonly enum?: readonly string[];
  readonly items?: ShownSchema;
  readonly properties?: Readonly<Record<string, ShownSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly hidden?: boolean;
  readonly 'x-priority'?: string;
  readonly examples?: readonly { readonly command: string; readonly description: string }[];
}

interface ReferencePages extends ReadmeTable {
  readonly commands: readonly CommandFacts[];
  readonly commonOptions: readonly CommonOptionFacts[];
  readonly artifacts: typeof codeFacts.artifacts;
  readonly emitSteps: typeof codeFacts.emitSteps;
  readonly otherCommands: typeof codeFacts.otherCommands;
}

const text = (file: string) => readFileSync(path.join(workspaceRoot, file), 'utf8');
const schemaOf = (file: string): ShownSchema => JSON.parse(text(file));
const chapterFiles = readdirSync(path.join(workspaceRoot, 'docs/design')).sort();

const page = (title: string, ...parts: readonly string[]) =>
  `${[`# ${title}`, generated, ...parts.filter((part) => part !== '')].join('\n\n')}\n`;

const choicesOf = (choices: readonly string[]) => (choices.length === 0 ? '' : ` One of: ${choices.join(', ')}.`);

function optionRows(options: readonly CommonOptionFacts[]) {
  return options.map(({ flags, description, isRequired, choices, defaultValue }) => {
    const notes = [
      isRequired ? ' Required.' : '',
      choicesOf(choices),
      defaultValue === undefined ? '' : ` Default: ${defaultValue}.`,
    ];
    return [`\`${flags}\``, `${description.replace(/\.$/, '')}.${notes.join('')}`];
  });
}

/** The sections of a page of commands; the options of every command are on the page that lists all. */
export function commandSections(
  commands: readonly CommandFacts[],
  commonOptions: readonly CommonOptionFacts[],
): string[] {
  const common = new Set(commonOptions.map(({ flags }) => flags));
  return commands.map((command) => {
    const own = command.options.filter(({ flags }) => !common.has(flags));
    const places = command.arguments.map(({ name, description, choices }) => [
      `\`${name}\``,
      `${description}.${choicesOf(choices)}`,
    ]);
    const usage = ['dms-ddl', command.name, '[options]', ...command.arguments.map(({ name }) => name)].join(' ');
    return [
      `## ${command.name}`,
      `\`${usage}\``,
      paragraphs(command.description),
      places.length + own.length === 0 ? '' : table(['argument, option', 'means'], [...places, ...optionRows(own)]),
      command.after === '' ? '' : fenced(command.after),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
}

/** The groups of commands, in the order of the help: page, heading and commands of each. */
function commandGroups(commands: readonly CommandFacts[]) {
  return Object.entries(commandHeadings).map(([name, heading]) => ({
    file: `commands/${name}.md`,
    title: heading.replace(/:$/, ''),
    commands: commands.filter((command) => command.heading === heading),
  }));
}

/** The page that lists all commands, and a page for each group of them. */
function commandPages({ commands, commonOptions }: ReferencePages): Record<string, string> {
  const groups = commandGroups(commands);
  const lists = groups.map(({ file, title, commands: members }) => {
    const rows = members.map(({ name, summary }) => [`[\`${name}\`](${file}#${name.replaceAll(' ', '-')})`, summary]);
    return `## ${title}\n\n${table(['command', 'does'], rows)}`;
  });
  const overview = page(
    'Commands',
    'The help of `dms-ddl <command> --help`. Results are printed on the standard output. Diagnostics, notices, progress, messages about wrong use and bugs are printed on the standard error, with `--json` too; only `--report sarif` without `--report-file` prints its log in place of the result.',
    'With `--json` each result is one object of the type `result` (`step` for a step of a long run), and on the standard error each diagnostic one of the type `diagnostic`, wrong use of the type `usage`, a bug of the type `bug`. Their members have names in camel case; names that are data, such as those of tables, stay as they are, and files keep the names of their format.',
    ...lists,
    `## Options of every command\n\n${table(['option', 'means'], optionRows(commonOptions))}`,
    '`dms-ddl help <command>`, `-h` and `--help` explain a command, `-V` and `--version` print the version.',
    `## Exit codes\n\n${table(['code', 'means'], exitCodeMeanings)}`,
  );
  const pages = groups.map(({ file, title, commands: members }) => [
    `docs/reference/${file}`,
    page(
      `Commands: ${title}`,
      '[All commands](../commands.md) lists the options that every command has.',
      ...commandSections(members, commonOptions),
    ),
  ]);
  return { 'docs/reference/commands.md': overview, ...Object.fromEntries(pages) };
}

/** The possible types of a value. */
function typesOf({ type, anyOf = [], oneOf = anyOf }: ShownSchema): string {
  if (type !== undefined) return [type].flat().join(', ');
  return oneOf.length === 0 ? 'any value' : oneOf.map(typesOf).join(', ');
}

/** The properties of a schema that a user may give. */
function propertyRows({ properties = {}, required = [] }: ShownSchema): MemberRow[] {
  const isShown = ([, property]: readonly [string, ShownSchema]) =>
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

/** The inputs of a target as a sentence. */
function readsSentence({ name, reads, addedBy, placesOf, dependsOn }: DocumentedTarget): string {
  if (name === 'normalize-schema') return 'Reads the ApiSchema file of its project.';
  if (reads.length === 0) return 'Reads `dms.json` alone.';
  const artifacts = name === 'check-golden' ? `the artifacts of ${listed(dependsOn, 'and')}` : listed(reads);
  if (placesOf === 'earlier')
    return `Reads ${artifacts}, and the artifacts and files that \`earlier\` of \`dms.json\` names.`;
  if (placesOf === 'translate')
    return `Reads ${artifacts}, and the documents, the artifacts and the files that \`translate\` of \`dms.json\` names.`;
  if (placesOf === undefined) return `Reads ${artifacts}.`;
  const where =
    addedBy === undefined
      ? `the folder \`${placesOf}\` where \`dms.json\` names one`
      : `the folder \`${placesOf}\` of \`dms.json\``;
  return `Reads ${artifacts}, and ${where}.`;
}

function writesSentence({ name, writes }: DocumentedTarget): string {
  if (writes.length > 0) return `Writes ${listed(writes)}.`;
  return changesDatabases(name) ? 'Writes no file: it changes databases.' : 'Writes no file.';
}

function missingEntry(name: string): never {
  throw new Error(`executors.json lacks ${name}.`);
}

/** The generators with the definitions of their options. */
function generatorEntries(): ReadmeTable['generators'] {
  const { generators }: { readonly generators: ReadmeTable['executors'] } = JSON.parse(
    text(`${pluginFolder}/generators.json`),
  );
  return Object.fromEntries(
    Object.entries(generators).map(([name, entry]) => {
      const definition = schemaOf(path.posix.join(pluginFolder, entry.schema.replace('./dist/', './src/')));
      return [name, { ...entry, definition }];
    }),
  );
}

function targetsPage({ targets, executors, generators }: ReferencePages): string {
  const section = (name: string, entry: ReadmeTable['executors'][string], ...facts: readonly string[]) => {
    const { description, schema } = entry;
    const definition = schemaOf(path.posix.join(pluginFolder, schema.replace('./dist/', './src/')));
    const rows = propertyRows(definition);
    const examples = (definition.examples ?? []).map((example) => `${example.command}   # ${example.description}`);
    return [
      `### ${name}`,
      description,
      ...facts,
      rows.length === 0 ? '' : table(['option', 'values', 'means'], rows),
      examples.length === 0 ? '' : fenced(examples.join('\n')),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  };
  const targetSections = targets.map((target) =>
    section(
      target.name,
      executors[target.name] ?? missingEntry(target.name),
      `${readsSentence(target)} ${writesSentence(target)}`,
    ),
  );
  const generatorSections = Object.entries(generators).map(([name, generator]) => section(name, generator));
  return page(
    'Targets and generators of nx-dms',
    'A folder with an ApiSchema file has the target `normalize-schema`. A folder with a `dms.json` has the others, which all read the `dms.json`; some exist only if `dms.json` has the member for them ([dms.json](dms-json.md)). In the name of a file `<d>` stands for each dialect.',
    '## Targets',
    ...targetSections,
    '## Generators',
    ...generatorSections,
  );
}

type MemberRow = readonly [member: string, kind: string, description: string];

/** The members of a JSON file, each followed by the members of its objects and of its list entries. */
function memberRows(definition: ShownSchema, prefix = ''): MemberRow[] {
  return propertyRows(definition).flatMap(([name, kind, description]): MemberRow[] => {
    const plain = name.slice(1, -1);
    if (plain === '$comment') return [];
    const inner = definition.properties?.[plain] ?? {};
    const items = inner.items?.properties ? inner.items : undefined;
    const place = items ? `${plain}[].` : `${plain}.`;
    return [[`\`${prefix}${plain}\``, kind, description], ...memberRows(items ?? inner, `${prefix}${place}`)];
  });
}

function fleetPage() {
  return page(
    'fleet.json',
    'Many databases of one schema set ([18](../design/18-fleets.md) §1). One of `databases`, `env` and `query` lists them. The member `databases.fleet` of a [dms.json](dms-json.md) is such an object, the list alone, or the name of such a file. Paths of connection files are relative to the workspace; without a workspace, to the folder of this file. An unknown member is an error.',
    table(['member', 'values', 'means'], memberRows(schemaOf(`${pluginFolder}/fleet.schema.json`))),
  );
}

function translationPage() {
  return page(
    'translation.json',
    'What becomes of the documents of one schema set in another ([20](../design/20-translation.md) §1), for `--translation` of the command line and for `translation` of a [dms.json](dms-json.md). `dms-ddl translate --print ed-fi-5.2-to-6.1` prints one. An unknown member is an error.',
    table(['member', 'values', 'means'], memberRows(schemaOf(`${pluginFolder}/translation.schema.json`))),
  );
}

function configPage() {
  const schema = schemaOf(`${pluginFolder}/dms.schema.json`);
  return page(
    'dms.json',
    'A mapping set: schemas that are compiled together. Paths are relative to the file or to the workspace, as each member says. Every object may have a `$comment`. An unknown member is an error.',
    table(['member', 'values', 'means'], memberRows(schema)),
  );
}

/** Chapter numbers such as `06, 09a §2.4` as links; `up` is the path from the page to `docs/reference`. */
function chapterLinks(chapters: string, up = ''): string {
  return chapters
    .split(', ')
    .map((chapter) => {
      const [number = '', section] = chapter.split(' ');
      const file = chapterFiles.find((name) => name.startsWith(`${number}-`));
      if (file === undefined) throw new Error(`There is no chapter ${number}.`);
      return `[${number}](${up}../design/${file})${section ? ` ${section}` : ''}`;
    })
    .join(', ');
}

function artifactsPage({ artifacts, targets, emitSteps, otherCommands }: ReferencePages): string {
  const rows = artifacts.map(({ file, writer, otherReaders, format, chapter }) => {
    // check-golden compares all committed artifacts
    const readers = targets
      .filter(({ name, reads }) => name !== 'check-golden' && reads.includes(file))
      .map(({ name }) => name);
    const all = [...readers.map((name) => `\`${name}\``), ...(otherReaders === undefined ? [] : [otherReaders])];
    return [`\`${file}\``, `\`${writer}\``, all.join(', '), format, chapterLinks(chapter)];
  });
  return page(
    'Artifacts',
    'A mapping set has one folder for all its artifacts. In the name of a file `<d>` stands for `pgsql` or `mssql`. `schema.normalized.json` is in the folder of its schema.',
    table(['file', 'written by', 'read by', 'format', 'chapter'], rows),
    'A format that is *exact* is fixed to the byte. The others are deterministic, but a new version may render them differently.',
    `\`dms-ddl emit\` writes the artifacts of ${listed(emitSteps, 'and')} at once. Other commands write the others: ${listed(otherCommands, 'and')}.`,
  );
}

/** Who can fix a diagnostic of a class, and the exit code of a command that reports it. */
const classes: Readonly<Record<DiagnosticClass, readonly [meaning: string, exitCode: string]>> = {
  I: ['the input is wrong', '1'],
  M: ['a contract inside the program is broken: a bug', '1'],
  D: ['a database or a stored artifact does not fit', '1'],
  R: ['a request at run time is wrong', '1'],
  W: ['a warning', 'that of the command'],
  N: ['a note', 'that of the command'],
};

/** The page that lists all codes, to which diagnostics link, and a page for each subject with their meanings. */
function codePages(): Record<string, string> {
  const subjects = Object.entries(codeMeanings).map(([subject, entries]) => ({
    subject,
    file: `codes/${subject.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.md`,
    entries,
  }));
  const overview = page(
    'Codes of diagnostics',
    'A code keeps its meaning; scripts may rely on it.',
    table(
      ['class', 'means', 'exit code'],
      Object.entries(classes).map(([name, [meaning, exitCode]]) => [name, meaning, exitCode]),
    ),
    ...subjects.map(({ subject, file, entries }) => {
      const codes = entries.flatMap(({ codes: variants }) => variants);
      const links = codes.map((code) => `- ${anchor(codeAnchor(code))}[\`${code}\`](${file}#${codeAnchor(code)})`);
      return `## ${subject}\n\n${links.join('\n')}`;
    }),
  );
  const pages = subjects.map(({ subject, file, entries }) => {
    const rows = entries.map(({ codes, meaning, chapters }) => [
      codes.map((code) => `${anchor(codeAnchor(code))}\`${code}\``).join(', '),
      [...new Set(codes.map((code) => diagnosticClasses[code]))].join(', '),
      meaning,
      chapterLinks(chapters, '../'),
    ]);
    return [
      `docs/reference/${file}`,
      page(
        `Codes: ${subject}`,
        'Codes in one row are variants of one condition. [All codes](../codes.md) explains the classes.',
        table(['code', 'class', 'meaning', 'chapter'], rows),
      ),
    ];
  });
  return { 'docs/reference/codes.md': overview, ...Object.fromEntries(pages) };
}

function environmentPage(): string {
  const rows = Object.entries(environmentFacts).map(([name, { reader, does }]) => [`\`${name}\``, reader, does]);
  return page(
    'Environment variables',
    'These variables are read by a fixed name. Any other variable is read only if you name it. Of the variables of database clients only those of libpq below are read ([09](../design/09-databases.md) §1.2). Node, Nx and optional packages have variables of their own.',
    table(['variable', 'read by', 'means'], rows),
    'You name variables that hold connection texts: with `--connection-env` and `--from-ods-env`, and with the members `env` and `sinceEnv` of [dms.json](dms-json.md) and [fleet.json](fleet-json.md). [Testing](../testing.md) lists the variables of the tests.',
  );
}

/** Handwritten pages with generated tables. */
const readmes = { 'plugins/nx-dms/README.md': ['targets', 'generators'], ...chaptersWithTables } as const;

/** The pages of the reference, and the READMEs with their tables, as texts by path. */
export function referenceFiles(): Readonly<Record<string, string>> {
  const { executors }: Pick<ReadmeTable, 'executors'> = JSON.parse(text(`${pluginFolder}/executors.json`));
  const facts = { ...codeFacts, executors, generators: generatorEntries() };
  return {
    ...commandPages(facts),
    'docs/reference/targets.md': targetsPage(facts),
    'docs/reference/dms-json.md': configPage(),
    'docs/reference/fleet-json.md': fleetPage(),
    'docs/reference/translation-json.md': translationPage(),
    'docs/reference/artifacts.md': artifactsPage(facts),
    ...codePages(),
    'docs/reference/environment.md': environmentPage(),
    ...Object.fromEntries(
      Object.entries(readmes).map(([name, tables]) => [name, withTables(text(name), tables, facts)]),
    ),
  };
}
