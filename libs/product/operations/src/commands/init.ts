import path from 'node:path';
import {
  buildEffectiveSchema,
  completeVersions,
  coreFirst,
  defaultMappingVersion,
  generationPurposes,
  type MappingVersion,
} from '@dms/api-schema';
import { fail, failIfAny, shellWord } from '@dms/diagnostics';
import { isThere, statsAt, writeOutput } from '@dms/files';
import { dialects as allDialects, productNames, type SqlDialect } from '@dms/sql';
import { setRefusals } from '../build-steps/set-refusals.ts';
import { type Context, fileOperation } from '../declaring/operation.ts';
import { choice, dialectList, output, texts } from '../declaring/option.ts';
import { type FoundSchema, type FoundSchemas, findSchemas } from '../sources/find-schemas.ts';
import { ignoreOutput } from '../sources/mapping-set/ignored-output.ts';
import { mappingSetFile } from '../sources/mapping-set/mapping-set.ts';
import { closingLines, commandsOfLine } from '../sources/mapping-set/next-steps.ts';
import { schemasOfEntries } from '../sources/mapping-set/standalone-mapping-set.ts';

/** Folders that do not hold schema files of the user. */
const notSearched = ['**/node_modules/**', '**/dist/**', '**/.*/**'];

type AskUser = Context['onQuestion'];

const titleOf = ({ project, version, isExtension }: FoundSchema) =>
  `${project} ${version}, ${isExtension ? 'an extension' : 'the core'}`;

/** The schema files to name: the given ones, or those of the current folder, from which the user may choose. */
async function chosenSchemas(named: readonly string[] | undefined, ask: AskUser): Promise<FoundSchemas> {
  if (named !== undefined) return findSchemas(named);
  const found = await findSchemas(['.'], { ignore: notSearched });
  const { schemas } = found;
  if (ask === undefined || schemas.length < 2) return found;
  const answers = schemas.map((schema) => ({ value: schema.file, label: titleOf(schema), hint: schema.file }));
  const all = schemas.map(({ file }) => file);
  return findSchemas(await ask({ text: 'Which schemas?', answers, chosen: all, several: true }));
}

async function chosenDialects(named: readonly SqlDialect[] | undefined, ask: AskUser): Promise<readonly SqlDialect[]> {
  if (named !== undefined || ask === undefined) return allDialects.filter((each) => named?.includes(each) ?? true);
  const answers = allDialects.map((value) => ({ value, label: productNames[value] }));
  const chosen = await ask({ text: 'Which databases?', answers, chosen: [...allDialects], several: true });
  return allDialects.filter((each) => chosen.includes(each));
}

async function chosenVersion(named: MappingVersion | undefined, ask: AskUser): Promise<MappingVersion | undefined> {
  if (named !== undefined || ask === undefined) return named;
  const answers = completeVersions.map((value) => ({ value, label: `${value}, ${generationPurposes[value]}` }));
  const text = 'Which generation of the mapping?';
  const [chosen] = await ask({ text, answers, chosen: [defaultMappingVersion], several: false });
  return completeVersions.find((each) => each === chosen);
}

function checkUnpacked({ schemas, isPacked }: FoundSchemas): void {
  const packed = schemas.find(({ file }) => isPacked(file));
  if (packed === undefined) return;
  const [name = packed.file] = packed.file.split('!/');
  const text = `${name} is a package, and a dms.json names files. Write them first: dms-ddl schemas ${shellWord(name)} --output schemas`;
  fail('CONFIG_INVALID', text, { file: name }, { expected: 'ApiSchema files' });
}

/** The place of the new file, and its path for commands if they do not find it by default. */
function placeOf(given = mappingSetFile): { readonly file: string; readonly config: string | undefined } {
  const isFolder = statsAt(given)?.isDirectory() === true;
  const file = isFolder ? path.join(given, mappingSetFile) : given;
  return { file, config: path.resolve(file) === path.resolve(mappingSetFile) ? undefined : file };
}

/** The published JSON schema of the file, if a package that has it is installed next to it. */
function jsonSchemaFor(folder: string): string | undefined {
  const places = ['dms-ddl', 'nx-dms'].map((name) => `node_modules/${name}/dms.schema.json`);
  return places.find((place) => isThere(path.join(folder, place)));
}

/**
 * Writes a `dms.json` (design 10 §5), which commands find in the current folder, and has Git ignore the folder of its
 * artifacts. Missing options are asked for if somebody can answer; otherwise the defaults apply. The schemas are read
 * first, so that the file is usable. Throws `CONFIG_EXISTS` for an existing file, the codes of `findSchemas` and
 * `buildEffectiveSchema`, and `OUTPUT_*`.
 */
export const init = fileOperation({
  name: 'init',
  group: 'first',
  summary: 'write a dms.json, which names schemas, databases and the generation',
  description:
    'Writes a dms.json, which the other commands find in the current folder, and says what comes next. On a terminal it asks ' +
    'for what no option says. Elsewhere the file names all ApiSchema files below the current folder, and both databases. In a working tree of ' +
    'Git it has Git ignore the folder of the artifacts.',
  examples: [
    'init',
    'init --schema schemas/ed-fi/ApiSchema.json schemas/tpdm/ApiSchema.json --mapping-version v2 --dialect pgsql',
  ],
  worksOn: { source: 'none' },
  options: {
    schema: texts(
      '<file...>',
      'ApiSchema files, core and extensions, or folders with them; patterns (*, **) (repeatable)',
      {
        group: 'source',
      },
    ),
    dialect: dialectList('pgsql, mssql, or both as in pgsql,mssql (default: both)'),
    mappingVersion: choice(
      '<version>',
      `generation of the mapping: ${completeVersions.map((each) => `${each} ${generationPurposes[each]}`).join(', ')}`,
      completeVersions,
      { group: 'source' },
    ),
    output: output('<file>', `the file, or its folder (default: ${mappingSetFile})`),
  },
  check({ options: { schema = [] } }, misuse) {
    if (schema.some((each) => typeof each !== 'string'))
      misuse("a dms.json cannot name the standard input ('--schema -')");
  },
  async run({ options, program }, { onQuestion, onProgress }) {
    const { file, config } = placeOf(options.output);
    if (isThere(file)) {
      const text = `${file} is there already, and init replaces nothing; change it, or name another file with --output.`;
      fail('CONFIG_EXISTS', text, { file }, { path: file });
    }
    onProgress?.('read the schemas');
    const found = await chosenSchemas(options.schema, onQuestion);
    checkUnpacked(found);
    const dialects = await chosenDialects(options.dialect, onQuestion);
    const mappingVersion = await chosenVersion(options.mappingVersion, onQuestion);
    // refuses a set that no command could use
    buildEffectiveSchema(coreFirst(found.documents), { mappingVersion: mappingVersion ?? defaultMappingVersion });
    const folder = path.dirname(path.resolve(file));
    const jsonSchema = jsonSchemaFor(folder);
    const entry = (schema: FoundSchema) => path.relative(folder, path.resolve(schema.file)).replaceAll('\\', '/');
    const set = {
      ...(jsonSchema === undefined ? {} : { $schema: jsonSchema }),
      schemas: found.schemas.map(entry),
      dialects,
      ...(mappingVersion === undefined ? {} : { mappingVersion }),
    };
    // the entries must be those that commands and targets find
    failIfAny(schemasOfEntries(set.schemas, file).diagnostics);
    const ignored = await ignoreOutput(file);
    await writeOutput('init', file, `${JSON.stringify(set, null, 2)}\n`);
    const next = commandsOfLine(config, program);
    const version = mappingVersion ?? defaultMappingVersion;
    const diagnostics = await setRefusals(coreFirst(found.documents), version, dialects);
    return { file, ignored, set, version, next, diagnostics };
  },
  lines: ({ file, ignored, version, next }) => [
    `Written: ${file}`,
    ...(ignored === null ? [] : [`Added to ${ignored.file}: ${ignored.entry}`]),
    ...closingLines(version, next),
  ],
  value: ({ file, ignored, set, version, next }) => ({
    file,
    ...(ignored === null ? {} : { ignored }),
    set,
    mappingVersion: version,
    next: Object.values(next),
  }),
});
