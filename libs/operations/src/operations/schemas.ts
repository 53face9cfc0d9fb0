import { generationPurposes, type MappingVersion, mappingVersions } from '@dms/api-schema';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { fileOperation } from '../operation/operation.ts';
import { output, required, texts } from '../operation/option.ts';
import { shellWord } from '../operation/shell-word.ts';
import { type FoundSchema, findSchemas } from '../sources/find-schemas.ts';
import { mappingSetFile } from '../sources/mapping-set/mapping-set.ts';
import { commandsOfLine, nextLines } from '../sources/mapping-set/next-steps.ts';
import { setOf, writeSchemas } from '../sources/write-schemas.ts';
import { type Fit, type Fits, generationFits } from '../steps/generation-fit.ts';

/** A found file, and whether it suits each generation. */
interface JudgedSchema extends FoundSchema {
  readonly fits: Fits;
}

const shownReasons = 3;

/** Without the file, which the line above names. */
const reasonLines = ({ code, message }: Diagnostic) => `${code} ${message}`.split('\n').map((line) => `    ${line}`);

function fitLines(fit: Fit, version: MappingVersion): string[] {
  switch (fit.kind) {
    case 'fits':
      return [`  ${version}: fits`];
    case 'open':
      return [`  ${version}: open, because ${fit.because}`];
    case 'refused': {
      const { reasons } = fit;
      const more = reasons.length - shownReasons;
      return [
        `  ${version}: does not fit, because of ${counted(reasons.length, 'mistake')}`,
        ...reasons.slice(0, shownReasons).flatMap(reasonLines),
        ...(more > 0 ? [`    and ${more} more, which emit --mapping-version ${version} lists`] : []),
      ];
    }
  }
}

/** The lines about a file. */
const schemaLines = ({ project, version, isExtension, format, file, fits }: JudgedSchema): string[] => [
  `${project} ${version}, ${isExtension ? 'an extension' : 'a core'}, format ${format}: ${file}`,
  ...mappingVersions.flatMap((each) => fitLines(fits[each], each)),
];

function leftOut(file: string, written: string | undefined): Diagnostic {
  const text =
    written === undefined
      ? `${file} has an older format and is left out; dms-ddl convert writes a file to use.`
      : `${file} has an older format and is not in the ${mappingSetFile}; convert it: dms-ddl convert ${shellWord(written)} --output converted`;
  return diagnostic('INPUT_LEGACY_LEFT_OUT', text, { file });
}

/**
 * Finds the ApiSchema files of packages, says what each is good for, and copies them where that is wanted. Throws the
 * codes of `findSchemas`, `INPUT_VALUE_UNSAFE`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const schemas = fileOperation({
  name: 'schemas',
  group: 'compile',
  summary: 'find the ApiSchema files of packages',
  description:
    'Finds the ApiSchema files in NuGet packages (.nupkg), npm packages (.tgz) and folders, and says of each its project, version and format, and ' +
    `whether it suits v1 (${generationPurposes.v1}) and v2 (${generationPurposes.v2}). With --output it writes the files and a dms.json that names them. Of folders ` +
    'alone it prints that dms.json. Two versions of one project are an error: name one.',
  examples: ['schemas EdFi.DataStandard52.ApiSchema.nupkg EdFi.TPDM.ApiSchema.nupkg --output schemas', 'emit schemas'],
  worksOn: { source: 'none' },
  arguments: {
    places: required(texts('<place...>', 'packages, folders with ApiSchema files at any depth, or ApiSchema files')),
  },
  options: {
    output: output('<dir>', 'folder for the ApiSchema files and a dms.json that names them; new or empty'),
  },
  async run({ options }, { onHint, onNotice, onProgress }) {
    const { places, output: folder } = options;
    onProgress?.('read the schemas');
    const found = await findSchemas(places);
    const fits = await generationFits(found, onProgress);
    const judged = found.schemas.map((schema, index) => ({ ...schema, fits: mustExist(fits[index], schema.file) }));
    const written = folder === undefined ? undefined : await writeSchemas(folder, found);
    const isPacked = [...found.schemas.map(({ file }) => file), ...found.older].some(found.isPacked);
    const isSet = folder === undefined && !isPacked;
    // the set is what is printed then, for a file
    if (isSet) for (const line of judged.flatMap(schemaLines)) onNotice?.(line);
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
  lines({ schemas: judged, written, set, isSet }, { options: { output: folder } }) {
    if (isSet) return JSON.stringify(set, null, 2).split('\n');
    const lines = judged.flatMap(schemaLines);
    if (written === undefined) return lines;
    const files = [...written.files, ...written.older, ...(written.config === null ? [] : [written.config])];
    const next = written.config === null ? [] : nextLines(commandsOfLine({ config: folder }));
    return [...lines, ...files.map((file) => `Written: ${file}`), ...next];
  },
  value: ({ schemas: judged, older, written, set }) => ({
    set,
    schemas: judged,
    older,
    ...(written === undefined ? {} : { files: [...written.files, ...written.older], config: written.config }),
  }),
});
