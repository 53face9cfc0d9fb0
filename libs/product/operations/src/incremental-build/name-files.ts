import type { ApiSchemaDocument } from '@dms/api-schema';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { isJsonObject } from '@dms/values';

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

/** Adds the file of the resource or project that a diagnostic names. A project name may have colons too. */
function withFile(files: ProjectFiles, entry: Diagnostic): Diagnostic {
  const { resource } = entry.where;
  const named = [...files.keys()]
    .filter((project) => resource?.startsWith(`${project}:`))
    .sort((a, b) => b.length - a.length);
  const file = entry.where.file ?? files.get(named[0] ?? String(entry.details.project));
  return file === undefined ? entry : { ...entry, where: { ...entry.where, file } };
}

/** Adds the files of the named resources to diagnostics, because derivation does not know files. */
export function withFiles(files: ProjectFiles, entries: readonly Diagnostic[]): Diagnostic[] {
  return entries.map((entry) => withFile(files, entry));
}

function withFilesOf(files: ProjectFiles, error: unknown): unknown {
  if (!(error instanceof DmsError)) return error;
  const [first, ...rest] = withFiles(files, error.diagnostics);
  return first ? new DmsError([first, ...rest]) : error;
}

/** Runs `derive`, and adds files to the diagnostics that it throws. */
export function namingFiles<Result>(files: ProjectFiles, derive: () => Result): Result {
  try {
    return derive();
  } catch (error) {
    throw withFilesOf(files, error);
  }
}

/** The asynchronous form of {@link namingFiles}. */
export async function namingFilesOf<Result>(files: ProjectFiles, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw withFilesOf(files, error);
  }
}
