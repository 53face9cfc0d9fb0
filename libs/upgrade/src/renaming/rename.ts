import { fail } from '@dms/diagnostics';

/** The name of an object in the earlier set and its name in the later set, as a user writes them (design 12 §11). */
export interface Rename {
  readonly before: string;
  readonly after: string;
}

/** An object of a schema set: a project, a resource, or a path in the documents of a resource. */
export interface ObjectName {
  readonly project: string;
  /** `Project:Resource`; null for a project. */
  readonly resource: string | null;
  /** Null for a project and a resource. */
  readonly path: string | null;
}

const notation = 'Project, Project:Resource, or Project:Resource.$.path';

/** The object that a name stands for. */
export function objectName(text: string): ObjectName {
  const [, project = '', name, path] = /^([^:=]+)(?::([^:=]+?)(?:\.(\$\.[^=]+))?)?$/.exec(text) ?? [];
  if (project === '') {
    const message = `${JSON.stringify(text)} does not name an object of a schema set; write ${notation}.`;
    fail('UPGRADE_RENAME_INVALID', message, {}, { text });
  }
  return { project, resource: name === undefined ? null : `${project}:${name}`, path: path ?? null };
}

/** The rename that `<before>=<after>` stands for. Throws `UPGRADE_RENAME_INVALID`. */
export function renameOf(text: string): Rename {
  const [before = '', after, ...rest] = text.split('=');
  if (after === undefined || rest.length > 0) {
    const message = `${JSON.stringify(text)} is not a rename; write <before>=<after>, each as ${notation}.`;
    fail('UPGRADE_RENAME_INVALID', message, {}, { text });
  }
  objectName(before);
  objectName(after);
  return { before, after };
}

export const renameText = ({ before, after }: Rename) => `${before}=${after}`;

/** The option that asks for a rename, quoted so that any shell accepts it. */
export const renameOption = (rename: Rename) => `--rename '${renameText(rename)}'`;

/** The name of a path in the documents of a resource. */
export const pathName = (resource: string, path: string) => `${resource}.${path}`;
