import type { ApiSchemaDocument } from '@dms/api-schema';
import { isJsonObject } from '@dms/canonical-json';
import { type Diagnostic, DmsError } from '@dms/diagnostics';

/** The file that declares each project, by project name. */
export type ProjectFiles = ReadonlyMap<string, string>;

export function projectFiles(documents: readonly ApiSchemaDocument[]): ProjectFiles {
  const files = new Map<string, string>();
  for (const { file, root } of documents) {
    const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
    const name = isJsonObject(project) ? project.get('projectName') : undefined;
    if (typeof name === 'string') files.set(name, file);
  }
  return files;
}

/** The diagnostic with the file of the resource that it names. */
function withFile(files: ProjectFiles, entry: Diagnostic): Diagnostic {
  const file = entry.where.file ?? files.get(entry.where.resource?.split(':')[0] ?? '');
  return file === undefined ? entry : { ...entry, where: { ...entry.where, file } };
}

/** Adds the file of the named resource to diagnostics, because derivation does not know files. */
export function withFiles(files: ProjectFiles, entries: readonly Diagnostic[]): Diagnostic[] {
  return entries.map((entry) => withFile(files, entry));
}

/** Runs `derive`, and adds their files to the diagnostics that it throws. */
export function namingFiles<Result>(files: ProjectFiles, derive: () => Result): Result {
  try {
    return derive();
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...rest] = withFiles(files, error.diagnostics);
    throw first ? new DmsError([first, ...rest]) : error;
  }
}
