import { append, counted, type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { compareOrdinal, groupBy, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { findUnusableRules, PatternFindings } from '../check-rules.ts';
import { apiSchemaRoot, type FormatFinding, findingText, readFormat, resourceSchemaHead } from '../format.ts';
import { type ApiSchemaDocument, sourceLabel } from '../load.ts';

/** A document that passed the checks of design 01 §4.1, with the members that later steps need; not yet stripped. */
export interface CheckedApiSchema {
  readonly file: string;
  /** `core`, `extension[i]`, or the file name if the file is checked alone. */
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

/** The result of checking one document. */
interface CheckedSchema {
  readonly found: readonly Diagnostic[];
  /**
   * Undefined if nothing else in the document can be read. Stand-ins replace wrong members, so that the rest can be
   * checked too.
   */
  readonly schema: CheckedApiSchema | undefined;
}

/**
 * Checks the shape of every document, in input order, and the set as a whole; returns the diagnostics of all documents
 * together. Throws `INPUT_NO_FILES` for an empty list.
 */
export function checkSchemaSet(
  documents: readonly ApiSchemaDocument[],
  { requireSingleCore = true, isWhole = true }: { readonly requireSingleCore?: boolean; readonly isWhole?: boolean },
): CheckedSchemaSet {
  if (documents.length === 0)
    failIfAny([diagnostic('INPUT_NO_FILES', 'No ApiSchema file is given; at least one is needed.')]);
  const checked = documents.map((document, index) => checkShape(document, sourceLabel(index)));
  const schemas = checked.flatMap(({ schema }) => schema ?? []);
  const concernsProject = ({ code }: Diagnostic) => code === 'INPUT_PROJECT_MALFORMED';
  const isComplete = isWhole && checked.every(({ schema, found }) => schema && !found.some(concernsProject));
  const ofSet = checkConsistency(schemas, { requireSingleCore, isComplete });
  return { schemas, found: [...checked.flatMap(({ found }) => found), ...ofSet], isComplete };
}

/** The diagnostics of the set as a whole (design 01 §4.2). A stand-in for a wrong member is not reported again. */
function checkConsistency(
  schemas: readonly CheckedApiSchema[],
  options: { requireSingleCore: boolean; isComplete: boolean },
): Diagnostic[] {
  // a project that is given twice shares its endpoint, its name and perhaps its kind: only the first of these is
  // reported
  const byEndpoint = firstOfEach(schemas, ({ projectEndpointName }) => projectEndpointName);
  const byName = firstOfEach(byEndpoint, ({ projectName }) => projectName);
  return [
    ...checkVersions(schemas),
    ...checkEndpointNames(schemas),
    ...checkProjectNames(byEndpoint),
    ...(options.requireSingleCore ? checkSingleCore(byName, options.isComplete) : []),
    ...schemas.flatMap(checkValues),
  ];
}

/** The first schema of each key. Stand-ins, which are empty, all count as different. */
function firstOfEach(
  schemas: readonly CheckedApiSchema[],
  keyOf: (schema: CheckedApiSchema) => string,
): CheckedApiSchema[] {
  const known = new Set<string>();
  return schemas.filter((schema) => {
    const key = keyOf(schema);
    const isFirst = key === '' || !known.has(key);
    known.add(key);
    return isFirst;
  });
}

function checkVersions(schemas: readonly CheckedApiSchema[]): Diagnostic[] {
  const [first, ...others] = schemas.filter(({ apiSchemaVersion }) => apiSchemaVersion !== '');
  if (first === undefined) return [];
  const expected = first.apiSchemaVersion;
  return others
    .filter(({ apiSchemaVersion }) => apiSchemaVersion !== expected)
    .map((schema) => {
      const text = `${named(schema.source, schema.file)}: apiSchemaVersion is "${schema.apiSchemaVersion}", but ${named(first.source, first.file)} has "${expected}"; all files of a set must have the same.`;
      return diagnostic(
        'INPUT_VERSION_MISMATCH',
        text,
        { file: schema.file, path: 'apiSchemaVersion' },
        { source: schema.source, expected, actual: schema.apiSchemaVersion },
      );
    });
}

function named(source: string, file: string): string {
  return source === file ? file : `${source} (${file})`;
}

function checkEndpointNames(schemas: readonly CheckedApiSchema[]): Diagnostic[] {
  const collisions = shared(schemas, ({ projectEndpointName: name }) => name).map(([projectEndpointName, group]) => ({
    projectEndpointName,
    group,
  }));
  if (collisions.length === 0) return [];
  const texts = collisions.map(({ projectEndpointName, group }) => `'${projectEndpointName}' in [${namedList(group)}]`);
  return [
    diagnostic(
      'INPUT_ENDPOINT_COLLISION',
      `Several files have the same projectEndpointName: ${texts.join('; ')}; give each project once, under an endpoint name of its own.`,
      { file: collisions[0]?.group[1]?.file, path: 'projectSchema.projectEndpointName' },
      {
        collisions: collisions.map(({ projectEndpointName, group }) => ({
          projectEndpointName,
          sources: sourcesOf(group),
        })),
      },
    ),
  ];
}

/** The keys that several schemas share, with these schemas, in the order of their first schemas. */
function shared(schemas: readonly CheckedApiSchema[], keyOf: (schema: CheckedApiSchema) => string) {
  return [...groupBy(schemas, keyOf)].filter(([key, group]) => key !== '' && group.length > 1);
}

const namedList = (group: readonly CheckedApiSchema[]) =>
  group.map(({ source, file }) => named(source, file)).join(', ');
const sourcesOf = (group: readonly CheckedApiSchema[]) => group.map(({ source }) => source);

/**
 * A project name is the first half of every resource name: two projects with the same name would share the identities
 * of their resources.
 */
function checkProjectNames(schemas: readonly CheckedApiSchema[]): Diagnostic[] {
  return shared(schemas, ({ projectName: name }) => name).map(([projectName, group]) => {
    const text = `Several files have the projectName "${projectName}": ${namedList(group)}; give each project once, under a name of its own.`;
    const details = { projectName, sources: sourcesOf(group) };
    return diagnostic(
      'PROJECT_NAME_DUPLICATE',
      text,
      { file: group[1]?.file, path: 'projectSchema.projectName' },
      details,
    );
  });
}

/** A file that could not be read, or does not state its kind, may be the core. */
function checkSingleCore(schemas: readonly CheckedApiSchema[], isComplete: boolean): Diagnostic[] {
  const cores = schemas.filter((schema) => !schema.isExtensionProject);
  if (cores.length === 0 && isComplete) {
    // named only by file: the first file is labelled `core` only because it is first
    const files = schemas.map(({ file }) => file).join(', ');
    const text = `No core project is given (isExtensionProject: false), only extensions: ${files}; add the file of the core.`;
    return [diagnostic('INPUT_CORE_MISSING', text, {}, { sources: sourcesOf(schemas) })];
  }
  if (cores.length <= 1) return [];
  const text = `More than one core project is given (isExtensionProject: false): ${namedList(cores)}; keep one.`;
  const where = { file: cores[1]?.file, path: 'projectSchema.isExtensionProject' };
  return [diagnostic('INPUT_MULTIPLE_CORE', text, where, { sources: sourcesOf(cores) })];
}

/** Checks the shape of one document (design 01 §4.1, in the order of its table). */
export function checkShape(document: ApiSchemaDocument, source: string): CheckedSchema {
  const { file, root } = document;
  const where = { file };
  const subject = named(source, file);
  const refused = (...found: Diagnostic[]): CheckedSchema => ({ found, schema: undefined });
  if (!isJsonObject(root)) {
    const text = `${subject}: the document must be an object; this is not an ApiSchema file.`;
    return refused(diagnostic('INPUT_ROOT_NOT_OBJECT', text, where, { source }));
  }
  const project = root.get('projectSchema');
  if ((project === undefined || project === null) && root.has('projectSchemas')) {
    const hint =
      'it uses the wrapped format of older tools (projectSchemas); convert it first: dms-ddl convert <file> --output <dir>';
    return refused(diagnostic('INPUT_LEGACY_FORMAT', `${subject}: ${hint}.`, where, { source }));
  }
  if (project === undefined || project === null) {
    const text = `${subject}: projectSchema is missing; ${whatItIs(root)}.`;
    return refused(diagnostic('INPUT_PROJECT_MISSING', text, where, { source }));
  }
  const malformed = (finding: FormatFinding) =>
    diagnostic(
      'INPUT_PROJECT_MALFORMED',
      `${subject}: ${finding.member} ${findingText(finding)}.`,
      { ...where, path: finding.member },
      { source, member: finding.member, expected: finding.expected },
    );
  if (!isJsonObject(project))
    return refused(malformed({ member: 'projectSchema', isMissing: false, expected: 'an object' }));
  const read = readFormat(apiSchemaRoot, root);
  const findings = 'findings' in read ? read.findings : [];
  const values = 'findings' in read ? standIns(root, project) : read.value;
  const { apiSchemaVersion, projectSchema } = values;
  const schema: CheckedApiSchema = { file, source, apiSchemaVersion, ...projectSchema, projectSchema: project };
  return { found: [...findings.map(malformed), ...checkEntries(schema, subject)], schema };
}

const whatItIs = (root: JsonObject) =>
  root.has('schemas') ? 'this is a dms.json, which commands take without --schema' : 'this is not an ApiSchema file';

/** The members of a malformed document, with a stand-in for each wrong one. */
function standIns(root: JsonObject, project: JsonObject) {
  const text = (value: JsonValue | undefined, standIn: string) =>
    typeof value === 'string' && value.trim() !== '' ? value : standIn;
  const entries = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : new Map());
  const isExtension = project.get('isExtensionProject');
  return {
    apiSchemaVersion: text(root.get('apiSchemaVersion'), ''),
    projectSchema: {
      projectEndpointName: text(project.get('projectEndpointName'), ''),
      projectName: text(project.get('projectName'), ''),
      projectVersion: text(project.get('projectVersion'), ''),
      isExtensionProject: typeof isExtension === 'boolean' ? isExtension : true,
      resourceSchemas: entries(project.get('resourceSchemas')),
      abstractResources: entries(project.get('abstractResources')),
    },
  };
}

function checkEntries(schema: CheckedApiSchema, subject: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const patterns = new PatternFindings();
  const report = (key: string, text: string, member?: string) => {
    const resource = `${schema.projectName}:${key}`;
    diagnostics.push(
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
    if ('findings' in head)
      for (const finding of head.findings) report(key, `${finding.member} ${findingText(finding)}`, finding.member);
    append(diagnostics, ruleDiagnostics(schema, subject, key, entry, patterns));
  }
  return diagnostics;
}

function ruleDiagnostics(
  schema: CheckedApiSchema,
  subject: string,
  key: string,
  entry: JsonObject,
  patterns: PatternFindings,
): Diagnostic[] {
  const insertSchema = entry.get('jsonSchemaForInsert');
  if (!isJsonObject(insertSchema)) return [];
  const name = entry.get('resourceName');
  const resource = `${schema.projectName}:${typeof name === 'string' ? name : key}`;
  return findUnusableRules(insertSchema, patterns).map(({ code, keyword, path, text }) =>
    diagnostic(code, `${subject}: ${resource}: the ${keyword} of ${path} ${text}.`, {
      file: schema.file,
      resource,
      path,
    }),
  );
}

/**
 * The maximum length of each value, in UTF-16 units, so that it fits its column in the seed tables (design 01 §4.2 rule
 * 7).
 */
const lengthLimits = {
  apiSchemaVersion: 64,
  projectEndpointName: 128,
  projectName: 256,
  projectVersion: 32,
  resourceName: 256,
} as const;

/**
 * Characters that a stored text must not contain: the separator of the hashed texts, control characters, and invisible
 * characters, which make two texts look equal or reorder a text (Unicode: Cc, Cf, Zl, Zp, Default_Ignorable).
 */
const unsafeCharacter = /[|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Parts that a name must not contain, because it may become the name of a file. `.` and `..` begin with a point. */
const unsafeInFileName = /[/\\]|^[\s.]|[\s.]$/;

/**
 * Values that would make the hashed texts ambiguous, exceed their column, or lead to another folder (design 01 §4.2
 * rules 6 and 7).
 */
export function checkValues(schema: CheckedApiSchema): Diagnostic[] {
  const unsafe: Diagnostic[] = [];
  const tooLong: Diagnostic[] = [];
  const subject = named(schema.source, schema.file);
  const check = (value: JsonValue | undefined, { member, path = member, resource, limit, isName }: GuardedValue) => {
    if (typeof value !== 'string') return;
    const where = { file: schema.file, path, ...(resource === undefined ? {} : { resource }) };
    const details = { ...(resource === undefined ? { source: schema.source } : { resource }), member };
    const place = `${subject}: ${resource === undefined ? '' : `${resource} `}${member}`;
    const texts = [
      ...(unsafeCharacter.test(value) ? ['must not contain "|", a control character or a formatting character'] : []),
      ...(isName && unsafeInFileName.test(value)
        ? ['must not contain "/" or "\\", or begin or end with a blank or a point, because files are named after it']
        : []),
    ];
    if (texts.length > 0)
      unsafe.push(diagnostic('INPUT_VALUE_UNSAFE', `${place} ${texts.join('; it ')}.`, where, details));
    if (value.length > limit) {
      const text = `${place} has ${counted(value.length, 'character')}; at most ${limit} fit.`;
      tooLong.push(diagnostic('INPUT_VALUE_TOO_LONG', text, where, { ...details, limit }));
    }
  };
  for (const member of ['projectEndpointName', 'projectName', 'projectVersion'] as const)
    check(schema[member], {
      member: `projectSchema.${member}`,
      limit: lengthLimits[member],
      isName: member !== 'projectVersion',
    });
  check(schema.apiSchemaVersion, { member: 'apiSchemaVersion', limit: lengthLimits.apiSchemaVersion, isName: false });
  for (const [key, entry] of schema.resourceSchemas) {
    if (!isJsonObject(entry)) continue;
    const resource = `${schema.projectName}:${key}`;
    const path = `projectSchema.resourceSchemas[${JSON.stringify(key)}]`;
    check(key, { member: 'resourceSchemas', path, resource, limit: Number.POSITIVE_INFINITY, isName: true });
    const name = entry.get('resourceName');
    // a blank name is reported as `INPUT_RESOURCE_MALFORMED`
    const isBlank = typeof name === 'string' && name.trim() === '';
    if (!isBlank) check(name, { member: 'resourceName', resource, limit: lengthLimits.resourceName, isName: true });
  }
  for (const key of schema.abstractResources.keys()) {
    const path = `projectSchema.abstractResources[${JSON.stringify(key)}]`;
    const resource = `${schema.projectName}:${key}`;
    check(key, { member: 'abstractResources', path, resource, limit: lengthLimits.resourceName, isName: true });
  }
  return [...unsafe, ...tooLong];
}

/** A checked value, and its place. */
interface GuardedValue {
  readonly member: string;
  /** The path from the root of the file, or from the resource; default: `member`. */
  readonly path?: string;
  readonly resource?: string;
  readonly limit: number;
  readonly isName: boolean;
}

/** The diagnostics of a list of documents, and the documents that can be read at all. */
interface CheckedSchemaSet {
  readonly schemas: readonly CheckedApiSchema[];
  readonly found: readonly Diagnostic[];
  /** Whether every given file states its project. */
  readonly isComplete: boolean;
}

/** The format versions whose members this tool knows. */
const knownFormatVersions: readonly string[] = ['1.0.0'];

/** Warns of a format version that this tool does not know: `INPUT_VERSION_UNKNOWN` (design 01 §2.1). */
export function formatVersionNotes(schemas: readonly CheckedApiSchema[]): Diagnostic[] {
  return schemas
    .filter(({ apiSchemaVersion }) => apiSchemaVersion !== '' && !knownFormatVersions.includes(apiSchemaVersion))
    .map(({ apiSchemaVersion, source, file }) => {
      const known = knownFormatVersions.join(', ');
      const text = `${named(source, file)}: apiSchemaVersion is "${apiSchemaVersion}", but this version of dms-ddl knows ${known}; members that are new in it are not read.`;
      const details = { source, version: apiSchemaVersion, known: [...knownFormatVersions] };
      return diagnostic('INPUT_VERSION_UNKNOWN', text, { file, path: 'apiSchemaVersion' }, details);
    });
}

/**
 * Notes descriptors of several projects that have the same name: `DESCRIPTOR_NAME_SHARED` (design 01 §4.2). The database
 * compares their URIs without the project.
 */
export function sharedDescriptorNotes(schemas: readonly CheckedApiSchema[]): Diagnostic[] {
  const descriptors = schemas.flatMap(({ projectName, resourceSchemas, file }) =>
    [...resourceSchemas.values()].flatMap((resource) => {
      if (!isJsonObject(resource) || resource.get('isDescriptor') !== true) return [];
      const name = String(resource.get('resourceName'));
      return [{ name, label: `${projectName}:${name}`, file }];
    }),
  );
  return [...groupBy(descriptors, ({ name }) => name)].flatMap(([name, same]) => {
    const [, second] = same;
    if (second === undefined) return [];
    const labels = same.map(({ label }) => label).sort(compareOrdinal);
    const text = `${labels.join(' and ')} have the same name, so they share their URIs: a database stores a namespace with a code value for one of them only. Give the descriptors of each project a namespace of their own.`;
    const where = { file: second.file, resource: second.label };
    return [diagnostic('DESCRIPTOR_NAME_SHARED', text, where, { name, resources: labels })];
  });
}
