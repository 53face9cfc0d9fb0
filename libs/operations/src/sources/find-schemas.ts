import path from 'node:path';
import { type ApiSchemaDocument, readApiSchemaFiles } from '@dms/api-schema';
import { diagnostic, fail, failIfAny, listOfNames } from '@dms/diagnostics';
import { compareOrdinal, groupBy, isJsonObject, type JsonValue } from '@dms/files';
import { glob } from 'tinyglobby';

/** An ApiSchema file of a folder. */
export interface FoundSchema {
  /** Its path, relative to the current folder where that is given. */
  readonly file: string;
  readonly project: string;
  readonly version: string;
  readonly isExtension: boolean;
}

/** What the ApiSchema files of folders are. */
export interface FoundSchemas {
  /** One file per project, the core before its extensions. */
  readonly schemas: readonly FoundSchema[];
  /** Files in the format of the data standard 5.1, which have to be converted first. */
  readonly older: readonly string[];
}

/** The names that ApiSchema files have, in any letter case. */
const schemaFiles = ['**/*ApiSchema*.json', '**/*api-schema*.json'];

function schemaOf({ file, root }: ApiSchemaDocument): FoundSchema | undefined {
  const schema = isJsonObject(root) ? root.get('projectSchema') : undefined;
  if (!isJsonObject(schema)) return undefined;
  const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '');
  const project = text(schema.get('projectName'));
  const version = text(schema.get('projectVersion'));
  return project === ''
    ? undefined
    : { file, project, version, isExtension: schema.get('isExtensionProject') === true };
}

/**
 * Finds the ApiSchema files in folders of installed packages, `node_modules` included, at any depth (design 10 §5). A
 * JSON file with such a name that is no ApiSchema is left out.
 *
 * Throws `INPUT_FILE_NOT_FOUND` for a folder that does not exist or has none, `CONFIG_SCHEMA_DUPLICATE` for two files
 * of one project, and the codes of reading a file.
 */
export async function findSchemas(folders: readonly string[]): Promise<FoundSchemas> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await glob(schemaFiles, {
        cwd: folder,
        dot: true,
        caseSensitiveMatch: false,
        expandDirectories: false,
      });
      return names.map((name) => path.join(folder, name));
    }),
  );
  const files = [...new Set(found.flat())].sort(compareOrdinal);
  const { documents, unread } = await readApiSchemaFiles(files.map((file) => ({ file })));
  failIfAny(unread);
  const schemas = documents
    .flatMap((document) => schemaOf(document) ?? [])
    .sort((a, b) => Number(a.isExtension) - Number(b.isExtension) || compareOrdinal(a.project, b.project));
  const older = documents
    .filter(({ root }) => isJsonObject(root) && root.has('projectSchemas'))
    .map(({ file }) => file);
  if (schemas.length + older.length === 0) {
    const message = `${listOfNames(folders)} has no ApiSchema file (*ApiSchema*.json); name the folder that the package was unpacked in.`;
    fail('INPUT_FILE_NOT_FOUND', message, {}, { path: folders.join(', ') });
  }
  failIfAny(
    [...groupBy(schemas, ({ project }) => project)].flatMap(([project, same]) => {
      const [, second] = same;
      if (second === undefined) return [];
      const places = same.map(({ file, version }) => `${file} (${version})`);
      const message = `${project} is in ${listOfNames(places)}; name the folder of the one that you want.`;
      return [diagnostic('CONFIG_SCHEMA_DUPLICATE', message, { file: second.file }, { project, paths: places })];
    }),
  );
  return { schemas, older };
}
