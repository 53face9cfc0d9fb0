import { groupBy, isJsonObject, type JsonObject, type JsonValue } from '@dms/canonical-json';
import { type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { lengthFaults } from './check-lengths.ts';
import { apiSchemaRoot, type FormatIssue, issueText, readFormat, resourceSchemaHead } from './format.ts';
import { type ApiSchemaDocument, sourceLabel } from './load.ts';

/** A document that passed the checks of design 01 §4.1, with the members that later steps need; not yet stripped. */
export interface CheckedApiSchema {
  readonly file: string;
  /** `core`, `extension[i]`, or the file name when the file is checked alone. */
  readonly source: string;
  readonly apiSchemaVersion: string;
  readonly projectEndpointName: string;
  readonly projectName: string;
  readonly projectVersion: string;
  readonly isExtensionProject: boolean;
  readonly projectSchema: JsonObject;
  readonly resourceSchemas: JsonObject;
  readonly abstractResources: JsonObject;
}

function named(source: string, file: string): string {
  return source === file ? file : `${source} (${file})`;
}

const whatItIs = (root: JsonObject) =>
  root.has('schemas') ? 'this is a dms.json, which commands take without --schema' : 'this is not an ApiSchema file';

/** Checks the shape of one document; returns its contents, or the problems (design 01 §4.1, in the order of its table). */
export function checkShape(document: ApiSchemaDocument, source: string): CheckedApiSchema | Diagnostic[] {
  const { file, root } = document;
  const where = { file };
  const subject = named(source, file);
  if (!isJsonObject(root)) {
    return [
      diagnostic('INPUT_ROOT_NOT_OBJECT', `${subject}: the document must be an object; this is not an ApiSchema file.`, where, {
        source,
      }),
    ];
  }
  const project = root.get('projectSchema');
  if (project === undefined && root.has('projectSchemas')) {
    const hint =
      'it uses the wrapped format of older tools (projectSchemas); convert it first: dms-ddl convert <file> --output <dir>';
    return [diagnostic('INPUT_LEGACY_FORMAT', `${subject}: ${hint}.`, where, { source })];
  }
  if (project === undefined || project === null) {
    return [diagnostic('INPUT_PROJECT_MISSING', `${subject}: projectSchema is missing; ${whatItIs(root)}.`, where, { source })];
  }
  const malformed = (issue: FormatIssue) =>
    diagnostic(
      'INPUT_PROJECT_MALFORMED',
      `${subject}: ${issue.member} ${issueText(issue)}.`,
      { ...where, path: issue.member },
      { source, member: issue.member, expected: issue.expected },
    );
  if (!isJsonObject(project)) return [malformed({ member: 'projectSchema', isMissing: false, expected: 'an object' })];
  const read = readFormat(apiSchemaRoot, root);
  if ('issues' in read) return read.issues.map(malformed);
  const { apiSchemaVersion, projectSchema } = read.value;
  const checked: CheckedApiSchema = { file, source, apiSchemaVersion, ...projectSchema, projectSchema: project };
  const found = checkEntries(checked, subject);
  return found.length > 0 ? found : checked;
}

function checkEntries(schema: CheckedApiSchema, subject: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (key: string, text: string, member?: string) => {
    const resource = `${schema.projectName}:${key}`;
    found.push(
      diagnostic(
        'INPUT_RESOURCE_MALFORMED',
        `${subject}: ${resource} ${text}.`,
        { file: schema.file, resource, ...(member === undefined ? {} : { path: member }) },
        { source: schema.source, resource, ...(member === undefined ? {} : { member }) },
      ),
    );
  };
  for (const [member, entries] of [
    ['resourceSchemas', schema.resourceSchemas],
    ['abstractResources', schema.abstractResources],
  ] as const) {
    for (const [key, entry] of entries) {
      if (key === '') report(key, `has an empty key in ${member}`);
      else if (!isJsonObject(entry)) report(key, `in ${member} must be an object`);
    }
  }
  for (const [key, entry] of schema.resourceSchemas) {
    if (key === '' || !isJsonObject(entry)) continue;
    const head = readFormat(resourceSchemaHead, entry);
    if ('issues' in head) for (const issue of head.issues) report(key, `${issue.member} ${issueText(issue)}`, issue.member);
    found.push(...lengthDiagnostics(schema, subject, key, entry));
  }
  return found;
}

function lengthDiagnostics(schema: CheckedApiSchema, subject: string, key: string, entry: JsonObject): Diagnostic[] {
  const insertSchema = entry.get('jsonSchemaForInsert');
  if (!isJsonObject(insertSchema)) return [];
  const name = entry.get('resourceName');
  const resource = `${schema.projectName}:${typeof name === 'string' ? name : key}`;
  return lengthFaults(insertSchema).map(({ code, path, text }) =>
    diagnostic(code, `${subject}: ${resource}: the maxLength of ${path} ${text}.`, { file: schema.file, resource, path }),
  );
}

/** The longest value, in UTF-16 units, that fits its column in the seed tables (design 01 §4.2 rule 7). */
const lengthLimits = {
  apiSchemaVersion: 64,
  projectEndpointName: 128,
  projectName: 256,
  projectVersion: 32,
  resourceName: 256,
} as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const unsafeCharacter = /[|\u0000-\u001f\u007f-\u009f]/;

/** Values that would make the hashed texts ambiguous or not fit their column (design 01 §4.2 rules 6 and 7). */
export function checkValues(schema: CheckedApiSchema): Diagnostic[] {
  const unsafe: Diagnostic[] = [];
  const tooLong: Diagnostic[] = [];
  const subject = named(schema.source, schema.file);
  const check = (value: JsonValue | undefined, limit: number, member: string, resource?: string) => {
    if (typeof value !== 'string') return;
    const where = { file: schema.file, path: member, ...(resource === undefined ? {} : { resource }) };
    const details = { ...(resource === undefined ? { source: schema.source } : { resource }), member };
    const place = `${subject}: ${resource === undefined ? '' : `${resource} `}${member}`;
    if (unsafeCharacter.test(value)) {
      unsafe.push(diagnostic('INPUT_VALUE_UNSAFE', `${place} must not contain "|" or a control character.`, where, details));
    }
    if (value.length > limit) {
      const text = `${place} has ${value.length} characters; at most ${limit} fit.`;
      tooLong.push(diagnostic('INPUT_VALUE_TOO_LONG', text, where, { ...details, limit }));
    }
  };
  check(schema.projectEndpointName, lengthLimits.projectEndpointName, 'projectSchema.projectEndpointName');
  check(schema.projectName, lengthLimits.projectName, 'projectSchema.projectName');
  check(schema.projectVersion, lengthLimits.projectVersion, 'projectSchema.projectVersion');
  check(schema.apiSchemaVersion, lengthLimits.apiSchemaVersion, 'apiSchemaVersion');
  for (const [key, entry] of schema.resourceSchemas) {
    if (isJsonObject(entry))
      check(entry.get('resourceName'), lengthLimits.resourceName, 'resourceName', `${schema.projectName}:${key}`);
  }
  for (const key of schema.abstractResources.keys())
    check(key, lengthLimits.resourceName, 'abstractResources', `${schema.projectName}:${key}`);
  return [...unsafe, ...tooLong];
}

/**
 * Checks the shape of every document, in input order, and reports the problems of all documents together. Throws
 * `INPUT_NO_FILES` for an empty list.
 */
export function checkDocuments(documents: readonly ApiSchemaDocument[]): CheckedApiSchema[] {
  if (documents.length === 0) failIfAny([diagnostic('INPUT_NO_FILES', 'No ApiSchema file is given; at least one is needed.')]);
  const found: Diagnostic[] = [];
  const checked: CheckedApiSchema[] = [];
  documents.forEach((document, index) => {
    const result = checkShape(document, sourceLabel(index));
    if (Array.isArray(result)) found.push(...result);
    else checked.push(result);
  });
  failIfAny(found);
  return checked;
}

/**
 * Checks the consistency of the set (design 01 §4.2). The first rule that is broken reports everything it finds and ends the
 * check.
 */
export function checkConsistency(schemas: readonly CheckedApiSchema[], options: { requireSingleCore: boolean }): void {
  const [core] = schemas;
  const versionMismatch = schemas.find((schema) => schema.apiSchemaVersion !== core?.apiSchemaVersion);
  if (core && versionMismatch) {
    failIfAny([
      diagnostic(
        'INPUT_VERSION_MISMATCH',
        `${named(versionMismatch.source, versionMismatch.file)}: apiSchemaVersion is "${versionMismatch.apiSchemaVersion}", but ${named(core.source, core.file)} has "${core.apiSchemaVersion}"; all files of a set must have the same.`,
        { file: versionMismatch.file, path: 'apiSchemaVersion' },
        { source: versionMismatch.source, expected: core.apiSchemaVersion, actual: versionMismatch.apiSchemaVersion },
      ),
    ]);
  }
  checkEndpointNames(schemas);
  checkProjectNames(schemas);
  if (options.requireSingleCore) checkSingleCore(schemas);
  failIfAny(schemas.flatMap(checkValues));
}

/** The groups with several schemas, in the order of their first schemas. */
function shared(schemas: readonly CheckedApiSchema[], keyOf: (schema: CheckedApiSchema) => string): CheckedApiSchema[][] {
  return [...groupBy(schemas, keyOf).values()].filter((group) => group.length > 1);
}

const namedList = (group: readonly CheckedApiSchema[]) => group.map(({ source, file }) => named(source, file)).join(', ');
const sourcesOf = (group: readonly CheckedApiSchema[]) => group.map(({ source }) => source);

function checkEndpointNames(schemas: readonly CheckedApiSchema[]): void {
  const collisions = shared(schemas, ({ projectEndpointName }) => projectEndpointName).map((group) => ({
    projectEndpointName: group[0]?.projectEndpointName ?? '',
    group,
  }));
  if (collisions.length === 0) return;
  const texts = collisions.map(({ projectEndpointName, group }) => `'${projectEndpointName}' in [${namedList(group)}]`);
  failIfAny([
    diagnostic(
      'INPUT_ENDPOINT_COLLISION',
      `Several files have the same projectEndpointName: ${texts.join('; ')}.`,
      { file: collisions[0]?.group[1]?.file, path: 'projectSchema.projectEndpointName' },
      {
        collisions: collisions.map(({ projectEndpointName, group }) => ({ projectEndpointName, sources: sourcesOf(group) })),
      },
    ),
  ]);
}

/**
 * A project name is the first half of every resource name: two projects with the same name would share the identities of their
 * resources.
 */
function checkProjectNames(schemas: readonly CheckedApiSchema[]): void {
  failIfAny(
    shared(schemas, ({ projectName }) => projectName).map((group) => {
      const projectName = group[0]?.projectName ?? '';
      const text = `Several files have the projectName "${projectName}": ${namedList(group)}; give each project once, under a name of its own.`;
      const details = { projectName, sources: sourcesOf(group) };
      return diagnostic('PROJECT_NAME_DUPLICATE', text, { file: group[1]?.file, path: 'projectSchema.projectName' }, details);
    }),
  );
}

function checkSingleCore(schemas: readonly CheckedApiSchema[]): void {
  const cores = schemas.filter((schema) => !schema.isExtensionProject);
  if (cores.length === 0) {
    // named by file only: the first one is called core just because it is first
    const files = schemas.map(({ file }) => file).join(', ');
    const text = `No core project is given (isExtensionProject: false), only extensions: ${files}; add the file of the core.`;
    failIfAny([diagnostic('INPUT_CORE_MISSING', text, {}, { sources: sourcesOf(schemas) })]);
  }
  if (cores.length > 1) {
    const text = `More than one core project is given (isExtensionProject: false): ${namedList(cores)}; keep one.`;
    const where = { file: cores[1]?.file, path: 'projectSchema.isExtensionProject' };
    failIfAny([diagnostic('INPUT_MULTIPLE_CORE', text, where, { sources: sourcesOf(cores) })]);
  }
}
