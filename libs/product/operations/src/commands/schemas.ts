import { generationPurposes, mappingVersions } from '@dms/api-schema';
import { type Diagnostic, diagnostic, listWith, shellWord } from '@dms/diagnostics';
import { fileOperation } from '../declaring/operation.ts';
import { output, paths, required } from '../declaring/option.ts';
import { findSchemas } from '../sources/find-schemas.ts';
import { mappingSetFile } from '../sources/mapping-set/mapping-set.ts';
import { commandsOfLine, nextLines } from '../sources/mapping-set/next-steps.ts';
import { judgedSchemas } from './schemas/judged-schemas.ts';
import { setLines } from './schemas/schema-report.ts';
import { setOf, writeSchemas } from './schemas/write-schemas.ts';

/** The generations with their users, as parts of a sentence. */
const purposes = mappingVersions.map((version) => `${version} (${generationPurposes[version]})`);

function leftOut(file: string, written: string | undefined): Diagnostic {
  const text =
    written === undefined
      ? `${file} has an older format and is left out; dms-ddl convert writes a file to use.`
      : `${file} has an older format and is not in the ${mappingSetFile}; convert it: dms-ddl convert ${shellWord(written)} --output converted`;
  return diagnostic('INPUT_LEGACY_LEFT_OUT', text, { file });
}

/**
 * Finds the ApiSchema files of packages, reports the generations that each suits, and copies them on request. Throws
 * the codes of `findSchemas`, `INPUT_VALUE_UNSAFE`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const schemas = fileOperation({
  name: 'schemas',
  group: 'compile',
  summary: 'find the ApiSchema files of packages',
  description:
    'Finds the ApiSchema files in NuGet packages (.nupkg), npm packages (.tgz) and folders. Of each it says the project, version, format and data standard, and ' +
    `whether it suits ${listWith('and', purposes)}. It also says whether extensions fit the core. With --output it writes the files and a dms.json that names them. Of folders ` +
    'alone it prints that dms.json. Two versions of one project are an error: name one.',
  examples: ['schemas EdFi.DataStandard52.ApiSchema.nupkg EdFi.TPDM.ApiSchema.nupkg --output schemas', 'emit schemas'],
  worksOn: { source: 'none' },
  arguments: {
    places: required(paths('<place...>', 'packages, folders with ApiSchema files at any depth, or ApiSchema files')),
  },
  options: {
    output: output('<dir>', 'folder for the ApiSchema files and a dms.json that names them; new or empty'),
  },
  async run({ options }, { onHint, onNotice, onProgress }) {
    const { places, output: folder } = options;
    onProgress?.('read the schemas');
    const found = await findSchemas(places);
    const judged = await judgedSchemas(found, onProgress);
    const written = folder === undefined ? undefined : await writeSchemas(folder, found);
    const isPacked = [...found.schemas.map(({ file }) => file), ...found.older].some(found.isPacked);
    const isSet = folder === undefined && !isPacked;
    // the result is then a `dms.json` for a file, so the report goes to the notices
    if (isSet) for (const line of setLines(judged)) onNotice?.(line);
    else if (folder === undefined) onHint?.('--output <dir> writes these files, and a dms.json that names them.');
    return {
      schemas: judged,
      older: found.older,
      written,
      set: setOf(written?.files ?? found.schemas.map(({ file }) => file)),
      isSet,
      diagnostics: found.older.map((file, index) => leftOut(file, written?.older[index])),
    };
  },
  resultKind: ({ options }) => (options.output === undefined ? 'answer' : 'done'),
  lines({ schemas: judged, written, set, isSet }, { options: { output: folder }, program }) {
    if (isSet) return JSON.stringify(set, null, 2).split('\n');
    const lines = setLines(judged);
    if (written === undefined) return lines;
    const files = [...written.files, ...written.older, ...(written.config === null ? [] : [written.config])];
    const next = written.config === null ? [] : nextLines(commandsOfLine(folder, program));
    return [...lines, ...files.map((file) => `Written: ${file}`), ...next];
  },
  value: ({ schemas: judged, older, written, set }) => ({
    set,
    schemas: judged,
    older,
    ...(written === undefined ? {} : { files: [...written.files, ...written.older], config: written.config }),
  }),
});
