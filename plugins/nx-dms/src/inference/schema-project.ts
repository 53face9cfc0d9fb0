import { type Diagnostic, type DiagnosticCode, DmsError, diagnostic, formatDiagnostic } from '@dms/diagnostics';
import { artifactFile, isPattern, nxPath } from '@dms/operations';
import { isJsonObject, type JsonValue, parseJsonBytes } from '@dms/values';
import { linkOnTheWay } from '../unseen-files.ts';
import { type NamedTargets, namedTarget, type ProjectTargets } from './target-configuration.ts';

/** The facts that inference reads from an ApiSchema file. */
export interface SchemaFacts {
  readonly kind: 'schema';
  /** Absent if the file is malformed; the task `normalize-schema` then reports the error. */
  readonly role?: 'core' | 'extension';
  /** One line about the project of the file, or about its mistake. */
  readonly description: string;
}

/** The large members without any of the facts. */
const unreadMembers = {
  projectSchema: { resourceSchemas: 'unread', abstractResources: 'unread', openApiBaseDocuments: 'unread' },
  projectSchemas: 'unread',
} as const;

/** Reads the facts of an ApiSchema file; never throws, whatever the file contains (design 10 §4.5). */
export function readSchemaFacts(file: string, bytes: Uint8Array): SchemaFacts {
  try {
    const root = parseJsonBytes(bytes, file, unreadMembers);
    const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
    const isExtension = isJsonObject(project) ? project.get('isExtensionProject') : undefined;
    if (!isJsonObject(project) || typeof isExtension !== 'boolean') {
      return { kind: 'schema', description: formatDiagnostic(schemaDiagnostic(file, root)) };
    }
    const role = isExtension ? 'extension' : 'core';
    const title = ['projectName', 'projectVersion']
      .map((name) => project.get(name))
      .filter((text) => typeof text === 'string');
    return { kind: 'schema', role, description: [...title, `(${role})`].join(' ') };
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return { kind: 'schema', description: formatDiagnostic(error.diagnostics[0]) };
  }
}

/**
 * The code that `normalize-schema` will report, found without the full check: loading that would take five times as
 * long as the rest of the plugin, at every start of Nx.
 */
function schemaDiagnostic(file: string, root: JsonValue): Diagnostic {
  // the name of the target may have a prefix
  const advice = 'run the target of this project to see what is wrong';
  const diagnose = (code: DiagnosticCode, text: string) => diagnostic(code, `${text}; ${advice}.`, { file });
  if (!isJsonObject(root)) return diagnose('INPUT_ROOT_NOT_OBJECT', 'This is not an ApiSchema file');
  const hasProject = (root.get('projectSchema') ?? null) !== null;
  if (!hasProject && root.has('projectSchemas')) {
    return diagnose('INPUT_LEGACY_FORMAT', 'This is an ApiSchema file of an older format');
  }
  return !hasProject
    ? diagnose('INPUT_PROJECT_MISSING', 'This is not an ApiSchema file')
    : diagnose('INPUT_PROJECT_MALFORMED', 'This is not a well-formed ApiSchema file');
}

/**
 * The only target of a schema project. All files are inputs if there are several, so that the task runs again when one
 * is removed.
 */
export function schemaTargets(
  files: readonly string[],
  project: Omit<ProjectTargets, 'dialects' | 'named'>,
): NamedTargets {
  const [source = ''] = files;
  return namedTarget(
    'normalize-schema',
    { ...project, dialects: [], named: [] },
    {
      isUnhashable: files.some((file) => isPattern(file) || linkOnTheWay(project.workspaceRoot, file) !== undefined),
      options: { source, output: nxPath(artifactFile('normalizedSchema'), project.outputDirectory) },
      files: files.map((pattern) => ({ pattern, includesIgnored: false })),
    },
  );
}
