import type { ApiSchemaDocument } from '@dms/api-schema';
import { isJsonObject } from '@dms/canonical-json';
import { DmsError } from '@dms/diagnostics';

/** Which file declares each project, by project name. */
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

/** Runs `derive` and adds to its diagnostics the file of the resource that they name: derivation itself knows no files. */
export function namingFiles<Result>(files: ProjectFiles, derive: () => Result): Result {
  try {
    return derive();
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...rest] = error.diagnostics.map((entry) => {
      const file = entry.where.file ?? files.get(entry.where.resource?.split(':')[0] ?? '');
      return file === undefined ? entry : { ...entry, where: { ...entry.where, file } };
    });
    throw first ? new DmsError([first, ...rest]) : error;
  }
}
