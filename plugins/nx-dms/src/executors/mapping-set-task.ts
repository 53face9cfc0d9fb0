import path from 'node:path';
import { type Diagnostic, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { isThere, readInput } from '@dms/files';
import {
  type AddingMember,
  type AnyStep,
  entrySpelling,
  type FolderMember,
  ignoredFile,
  lookupAmong,
  type MappingSet,
  mappingSetFile,
  nxPath,
  parseMappingSet,
  reasonOnDisk,
  resolveSchemas,
  type SqlDialect,
  spellingDiagnostic,
  stepInFolder,
  translationWith,
  usualOutputFolder,
} from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { nxVersion } from 'nx/src/utils/versions';
import { conflictDiagnostics } from '../conflicts.ts';
import {
  allDialects,
  checksMember,
  placesOfTarget,
  readsTranslation,
  type TargetName,
  type TargetPlaces,
  targetDefinitions,
} from '../inference/targets.ts';
import { hashesIgnoredFiles } from '../inference/tool-input.ts';
import { schemaProjectsOf } from '../schema-projects.ts';
import {
  ignoredFleet,
  ignoredInput,
  linkedMappingSet,
  linkedSchema,
  linkOfCachedTask,
  linkOfPlaces,
  unhashedFile,
} from '../unseen-files.ts';
import { isCached, runTask, type WorkResult } from './task.ts';
import type { MappingSetOptions } from './task-options.ts';

/** A mapping set, read and checked for one target. */
export interface MappingSetTask {
  readonly target: TargetName;
  /** The absolute folder of the workspace. */
  readonly root: string;
  /** The `dms.json`, relative to the workspace. */
  readonly file: string;
  readonly mappingSet: MappingSet;
  /** The dialects of this run. */
  readonly dialects: readonly SqlDialect[];
  /** The other dialects in `dms.json`; their files are not changed. */
  readonly keptDialects: readonly SqlDialect[];
  /** Relative to the workspace. */
  readonly outputFolder: string;
  /** The same folder as an absolute path. */
  readonly outputDirectory: string;
  /** Warnings about files that Nx does not see. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads the `dms.json` of the project and checks the members that `target` reads (design 10 §6.1). The other members
 * are not hashed inputs of the task, so its success must not depend on them. If it fails, it reports all errors of the
 * file.
 *
 * @param moreDiagnostics further diagnostics of the members that `target` reads
 */
export async function readMappingSetTask(
  target: TargetName,
  { dialect, outputDirectory, others = [], namesakes = [] }: MappingSetOptions,
  { root, projectName = '', targetName = '', projectsConfigurations }: ExecutorContext,
  moreDiagnostics?: (mappingSet: MappingSet, file: string) => readonly Diagnostic[],
): Promise<MappingSetTask> {
  const project = projectsConfigurations.projects[projectName];
  if (!project) throw new Error(`There is no project ${projectName}.`);
  const file = nxPath(mappingSetFile, project.root);
  const {
    mappingSet,
    diagnostics: ofFile,
    places,
  } = parseMappingSet(await readInput(path.join(root, file), file), file);
  const misspelt = places.flatMap((named) => {
    const entry = spellingDiagnostic(root, file, named);
    return entry === undefined ? [] : [{ member: named.member, diagnostic: entry }];
  });
  const diagnostics = [...ofFile, ...misspelt];
  const outputFolder = outputDirectory ?? usualOutputFolder(project.root);
  const isCachedTask = isCached({ projectsConfigurations }, projectName, targetName);
  const conflicts = [
    ...conflictDiagnostics(file, { others, namesakes }, outputFolder),
    ...linkDiagnostics(root, file, isCachedTask ? placesOfTarget(target, mappingSet) : null),
  ];
  const further = moreDiagnostics?.(mappingSet, file) ?? [];
  const isRelevant = diagnostics.some(({ member }) => member === undefined || checksMember(target, member));
  if (conflicts.length + further.length > 0 || isRelevant) {
    // The task fails and its result is not cached, so errors of members that it does not read may be reported too.
    failIfAny([...conflicts, ...diagnostics.map((entry) => entry.diagnostic), ...further]);
  }
  const chosen = dialect === undefined || dialect === allDialects ? mappingSet.dialects : [dialect];
  if (!chosen.every((each) => mappingSet.dialects.includes(each))) {
    const expected = mappingSet.dialects.join(' or ');
    const message = `/dialects does not list ${dialect}, which this run asks for; add it there, or choose ${expected}.`;
    fail('CONFIG_INVALID', message, { file, path: '/dialects' }, { expected });
  }
  return {
    target,
    root,
    file,
    mappingSet,
    dialects: chosen,
    keptDialects: mappingSet.dialects.filter((each) => !chosen.includes(each)),
    outputFolder,
    outputDirectory: path.join(root, outputFolder),
    warnings: ignoredFiles(root, target, mappingSet, { root: project.root, outputDirectory: outputFolder }),
  };
}

/** The diagnostics about links to the `dms.json`, and to the places that a cached task reads. */
function linkDiagnostics(root: string, file: string, places: TargetPlaces | null): Diagnostic[] {
  const ofMappingSet = linkedMappingSet(root, file);
  const link = places === null ? undefined : linkOfPlaces(root, places);
  return [...(ofMappingSet ? [ofMappingSet] : []), ...(link === undefined ? [] : [linkOfCachedTask(link)])];
}

/** Warnings about files that the target reads and Nx ignores; a target that reads one is not cached. */
function ignoredFiles(
  workspaceRoot: string,
  target: TargetName,
  mappingSet: MappingSet,
  folders: { readonly root: string; readonly outputDirectory: string },
): Diagnostic[] {
  const places = { ...placesOfTarget(target, mappingSet), ...folders };
  const { fleet: fleetTarget, isNeverCached = false } = targetDefinitions[target];
  const unhashed = isNeverCached ? undefined : unhashedFile(workspaceRoot, places, hashesIgnoredFiles(nxVersion));
  const { fleet } = mappingSet;
  const list = fleetTarget && fleet?.kind === 'file' ? ignoredFile(workspaceRoot, fleet.file) : undefined;
  return [...(unhashed ? [ignoredInput(unhashed)] : []), ...(list ? [ignoredFleet(list)] : [])];
}

/** An executor of a target, as Nx calls it. */
type Executor<Options> = (options: Options, context: ExecutorContext) => Promise<{ success: boolean }>;

/** The executor of a target on a mapping set. */
export const mappingSetExecutor = <Options extends MappingSetOptions = MappingSetOptions>(
  target: TargetName,
  work: (task: MappingSetTask, options: Options) => Promise<WorkResult>,
): Executor<Options> => executorReading(readMappingSetTask, target, work);

/**
 * The executor of a target on a mapping set that `read` reads. Warnings about files that Nx ignores come before the
 * report of the work.
 */
const executorReading =
  <Options extends MappingSetOptions, Task extends MappingSetTask>(
    read: (target: TargetName, options: MappingSetOptions, context: ExecutorContext) => Promise<Task>,
    target: TargetName,
    work: (task: Task, options: Options) => Promise<WorkResult>,
  ): Executor<Options> =>
  (options, context) =>
    runTask(context, async () => {
      const task = await read(target, options, context);
      const result = await work(task, options);
      return { ...result, diagnostics: [...task.warnings, ...result.diagnostics] };
    });

/** The folder and the dialects for a step of the task. */
export const folderStepOf = ({ outputDirectory, dialects, keptDialects }: MappingSetTask) => ({
  outputDirectory,
  dialects,
  keptDialects,
});

/** The executor of a step that reads the artifacts of the mapping set and writes further ones. */
export const artifactExecutor = (step: AnyStep): Executor<MappingSetOptions> =>
  mappingSetExecutor(step.name, (task) => stepInFolder(step, folderStepOf(task), () => undefined));

/**
 * The value of a member of `dms.json`. Throws `CONFIG_INVALID` if it is missing: the target was then added by hand,
 * because inference adds it only with the member.
 */
export function memberOf<Member extends AddingMember>(
  { file, mappingSet }: MappingSetTask,
  member: Member,
  expected: string,
): NonNullable<MappingSet[Member]> {
  const value = mappingSet[member];
  if (value !== null) return value;
  const message = `/${member} is missing; expected ${expected}.`;
  return fail('CONFIG_INVALID', message, { file, path: `/${member}` }, { expected });
}

/** The folder of artifacts that a member of `dms.json` names, relative to the workspace. */
export const folderOf = (task: MappingSetTask, member: FolderMember): string =>
  memberOf(task, member, 'a folder relative to dms.json');

/**
 * The translation from the last release, as an option; empty if `dms.json` names none or if the target compares with
 * another set.
 */
export function translationOption({ root, target, mappingSet }: MappingSetTask): {
  readonly translation?: readonly string[];
} {
  const { translation } = mappingSet;
  if (translation.length === 0 || !readsTranslation(target, mappingSet)) return {};
  return { translation: translationAt(root, translation) };
}

/** A translation of a `dms.json`, as an option, with the absolute paths of its files. */
export const translationAt = (root: string, translation: readonly string[]): readonly string[] =>
  translationWith(translation, (file) => path.join(root, file));

/** A mapping set with the normalized schemas of its projects. */
interface SchemasTask extends MappingSetTask {
  /** `name` is the file that people edit, for messages; `file` is the normalized one. */
  readonly schemas: readonly { readonly file: string; readonly name: string }[];
}

/** The executor of a target that works on schemas. */
export const schemasExecutor = (target: TargetName, work: (task: SchemasTask) => Promise<WorkResult>) =>
  executorReading<MappingSetOptions, SchemasTask>(readSchemasTask, target, work);

/**
 * Reads the `dms.json` of a target that works on schemas. Throws `CONFIG_*`, and `INPUT_FILE_NOT_FOUND` for a schema
 * that is not normalized.
 */
async function readSchemasTask(
  target: TargetName,
  options: MappingSetOptions,
  context: ExecutorContext,
): Promise<SchemasTask> {
  const schemaProjects = lookupAmong(schemaProjectsOf(context.projectsConfigurations.projects));
  const reasonAt = (place: string) => linkedSchema(context.root, place) ?? reasonOnDisk(context.root, place);
  const resolve = ({ schemas }: MappingSet, file: string) => {
    const spellingOf = (entry: string, pointer: string) => entrySpelling(context.root, file, entry, pointer);
    return resolveSchemas(schemas, file, schemaProjects, { reasonAt, spellingOf });
  };
  const diagnostics = (mappingSet: MappingSet, file: string) => resolve(mappingSet, file).diagnostics;
  const task = await readMappingSetTask(target, options, context, diagnostics);
  const { resolved } = resolve(task.mappingSet, task.file);
  const missing = resolved.filter(({ output }) => !isThere(path.join(context.root, output)));
  failIfAny(
    missing.map(({ name, target, output }) => {
      const message = `${output} does not exist; run ${name}:${target} first.`;
      return diagnostic('INPUT_FILE_NOT_FOUND', message, { file: output }, { path: output });
    }),
  );
  return {
    ...task,
    schemas: resolved.map(({ source, output }) => ({ file: path.join(context.root, output), name: source })),
  };
}
