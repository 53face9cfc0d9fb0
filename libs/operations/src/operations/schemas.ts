import { diagnostic } from '@dms/diagnostics';
import { fileOperation } from '../operation/operation.ts';
import { required, texts } from '../operation/option.ts';
import { findSchemas } from '../sources/find-schemas.ts';

const leftOut = (file: string) =>
  diagnostic(
    'INPUT_LEGACY_LEFT_OUT',
    `${file} has an older format and is left out; dms-ddl convert writes a file to use.`,
    {
      file,
    },
  );

/** Finds the ApiSchema files of installed packages. Throws the codes of `findSchemas`. */
export const schemas = fileOperation({
  name: 'schemas',
  group: 'compile',
  summary: 'find the ApiSchema files of installed packages',
  description:
    'Finds the ApiSchema files in folders, such as packages that were installed or unpacked, and prints a dms.json that names them. ' +
    'Two versions of one project are an error: name the folder of one.',
  examples: ['schemas packages/EdFi.DataStandard52.ApiSchema > dms.json', 'emit dms.json'],
  worksOn: { source: 'none' },
  arguments: { folders: required(texts('<folder...>', 'folders with ApiSchema files, at any depth')) },
  options: {},
  async run({ options }, { onHint }) {
    const found = await findSchemas(options.folders);
    for (const { file, project, version, isExtension } of found.schemas)
      onHint?.(`${project} ${version}, ${isExtension ? 'an extension' : 'a core'}: ${file}`);
    const set = { schemas: found.schemas.map(({ file }) => file.replaceAll('\\', '/')) };
    return { ...found, set, diagnostics: found.older.map(leftOut) };
  },
  resultKind: () => 'answer',
  lines: ({ set }) => JSON.stringify(set, null, 2).split('\n'),
  value: ({ set, schemas: found, older }) => ({ set, schemas: found, older }),
});
