import type { Diagnostic } from '@dms/diagnostics';

/** Whether a path is another one, or lies below it. */
const isAtOrBelow = (path: string, start: string) =>
  path === start || (path.startsWith(start) && /^[.[]/.test(path.slice(start.length)));

const isDocumentPath = (path: string | undefined): path is string => path?.startsWith('$') ?? false;

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' ? [value] : [];

/** The paths into documents that a diagnostic is about; `$` if the whole JSON schema is at fault. */
function pathsOf({ where, details }: Diagnostic): readonly string[] {
  const path = where.path === 'jsonSchemaForInsert' ? '$' : (where.path ?? '');
  return [path, ...textsOf(details.paths)].filter(isDocumentPath);
}

/** Mistakes in the list of identity paths: what the identity is meant to be is then not known. */
const isAboutIdentity = ({ code, where, details }: Diagnostic) =>
  /^IDENTITY_PATH_(DUPLICATE|UNMAPPED|NOT_IN_SCHEMA|IN_ARRAY)$/.test(code) ||
  /^identityJsonPaths/.test(where.path ?? String(details.member ?? ''));

/** Mistakes that leave a reference or a descriptor out. */
const isAboutMapping = ({ code, where, details }: Diagnostic) =>
  details.mappingKey !== undefined ||
  code.startsWith('REFERENCE_') ||
  (where.path?.startsWith('documentPathsMapping') ?? false);

/** Mistakes in the type of a value. */
const isAboutType = ({ code }: Diagnostic) => /^(STRING_MAX_LENGTH|SCALAR|DECIMAL|SCHEMA)_/.test(code);

const startsWith =
  (...starts: readonly string[]) =>
  ({ code }: Diagnostic) =>
    starts.some((start) => code.startsWith(start));

/** What follows within one resource: the later codes, and the mistakes that explain them. */
const explanations: readonly (readonly [later: RegExp, isCause: (entry: Diagnostic) => boolean])[] = [
  // an identity path that is misspelled is missing among the paths of a reference
  [/^REFERENCE_IDENTITY_INCOMPLETE$/, (entry) => isAboutIdentity(entry) && !startsWith('IDENTITY_PATH_NOT_IN_SCHEMA')(entry)],
  [/^ABSTRACT_(PATH|COLUMN|RENAME|TYPE)_/, isAboutIdentity],
  [/^(ABSTRACT_(PATH|COLUMN|RENAME|TYPE)_|DESCRIPTOR_)/, startsWith('ABSTRACT_MEMBER_IS_DESCRIPTOR')],
  [/^COLLECTION_IDENTITY_MISSING$/, startsWith('ARRAY_UNIQUENESS_', 'REFERENCE_', 'JSONPATH_INVALID')],
  // a reference with a mistake has no columns
  [/^(IDENTITY_NOT_ON_ROOT|ABSTRACT_COLUMN_MISSING|ARRAY_UNIQUENESS_UNMAPPED|OVERRIDE_UNUSED)$/, isAboutMapping],
  [/^(REFERENCE_EXTENSION_SCOPE_MISSING|ARRAY_UNIQUENESS_UNMAPPED|OVERRIDE_UNUSED)$/, startsWith('EXTENSION_')],
  [/^OVERRIDE_UNUSED$/, startsWith('OVERRIDE_CONFLICT')],
  [/^ABSTRACT_NO_MEMBERS$/, startsWith('RESOURCE_KEY_DUPLICATE')],
  [/^EXTENSION_SITE_INVALID$/, startsWith('EXTENSION_KEY_UNRESOLVED')],
];

/** What was found so far, by resource, with questions that decide whether a diagnostic is worth reporting. */
class Found {
  private readonly byResource = new Map<string, Diagnostic[]>();

  constructor(diagnostics: readonly Diagnostic[]) {
    for (const entry of diagnostics) {
      const resource = entry.where.resource ?? '';
      const same = this.byResource.get(resource);
      if (same) same.push(entry);
      else this.byResource.set(resource, [entry]);
    }
  }

  of(resource: unknown): readonly Diagnostic[] {
    return this.byResource.get(String(resource)) ?? [];
  }

  some(isMeant: (entry: Diagnostic) => boolean): boolean {
    return [...this.byResource.values()].some((entries) => entries.some(isMeant));
  }
}

const parentOf = (path = '') => path.slice(0, path.lastIndexOf('.'));

/** Whether two diagnostics of one resource are about the same member, or the same reference, in other words. */
function repeats({ code, where }: Diagnostic, other: Diagnostic): boolean {
  const { path } = where;
  if (path !== undefined && !isDocumentPath(path) && path === other.where.path)
    return code !== other.code || code === 'APISCHEMA_INVALID';
  if (code !== other.code) return false;
  // found in the files, and again in the set
  if (code === 'RESOURCE_KEY_DUPLICATE') return true;
  if (code === 'EXTENSION_KEY_UNRESOLVED') return other.details.owningScope === undefined;
  // the parts of one reference
  return /^ABSTRACT_(NAME_AMBIGUOUS|BINDING_MIXED)$/.test(code) && parentOf(path) === parentOf(other.where.path);
}

/** Whether `entry` is about the same place as a mistake that was found before it. */
function isAtKnownPlace(entry: Diagnostic, earlier: readonly Diagnostic[]): boolean {
  const paths = pathsOf(entry);
  const isBelow = (other: Diagnostic) => pathsOf(other).some((start) => paths.some((path) => isAtOrBelow(path, start)));
  return earlier.some((other) => (other.code !== entry.code && isBelow(other)) || repeats(entry, other));
}

/** Whether another mistake of the same resource explains `entry`, wherever that was found. */
const isExplained = (entry: Diagnostic, all: readonly Diagnostic[]) =>
  explanations.some(
    ([later, isCause]) => later.test(entry.code) && all.some((other) => other.code !== entry.code && isCause(other)),
  );

/** Whether `entry` follows from a mistake of the resource that it refers to, wherever that was found. */
function followsFromTarget(entry: Diagnostic, found: Found): boolean {
  const { details } = entry;
  const ofTarget = found.of(details.target);
  if (typeof details.target === 'string') {
    const path = textsOf(details.identityJsonPath)[0];
    if (ofTarget.some((other) => isAboutIdentity(other) || other.code === 'ABSTRACT_MEMBER_IS_DESCRIPTOR')) return true;
    if (path !== undefined && ofTarget.some((other) => pathsOf(other).some((start) => isAtOrBelow(path, start)))) return true;
    // an abstract resource has no column for a path that a member lacks
    if (entry.code === 'IDENTITY_NOT_ON_ROOT' && found.some(({ code }) => code.startsWith('ABSTRACT_'))) return true;
    if (entry.code === 'DESCRIPTOR_IDENTITY_UNRESOLVED' && ofTarget.some(isAboutMapping)) return true;
  }
  if (typeof details.abstract === 'string' && found.of(details.abstract).some(isAboutIdentity)) return true;
  if (entry.code === 'ABSTRACT_TYPE_CONFLICT')
    return textsOf(details.members).some((member) => found.of(member).some(isAboutType));
  if (entry.code === 'ABSTRACT_NO_MEMBERS') return found.some(({ code }) => code.startsWith('ABSTRACT_SUPERCLASS_'));
  if (entry.code === 'OVERRIDE_UNUSED')
    return found.some(({ code, details: other }) => code === 'OVERRIDE_CONFLICT' && other.base === entry.where.resource);
  // one schema for two projects has the names of both
  if (entry.code === 'NAME_COLLISION' || (entry.code === 'EXTENSION_KEY_UNRESOLVED' && textsOf(details.candidates).length > 1))
    return found.some(({ code }) => code === 'PHYSICAL_SCHEMA_COLLISION');
  // resources whose names an engine takes for equal have tables with such names too
  if (entry.code === 'RESOURCE_KEY_DUPLICATE' && details.engine !== undefined)
    return found.some(({ details: other }) =>
      textsOf(details.locations).every((label) => textsOf(other.labels).includes(label)),
    );
  if (entry.code === 'EXTENSION_BASE_TABLE_MISSING') {
    const scope = String(details.baseScope);
    return found.of(details.base).some((other) => pathsOf(other).some((start) => isAtOrBelow(scope, start)));
  }
  return false;
}

/** Two diagnostics with the same text are one; names that clash in two dialects for one reason too. */
const textOf = ({ code, message, details }: Diagnostic) =>
  `${code} ${code === 'NAME_COLLISION' ? JSON.stringify(details.collisions) : message}`;

/**
 * The diagnostics without those that follow from another one, and each once: correcting what is left corrects the others too. A path
 * that has no column because its schema has a mistake is missed by keys, constraints and references.
 *
 * @param known what was found before, which is not repeated
 */
export function independentFaults(found: readonly Diagnostic[], known: readonly Diagnostic[] = []): Diagnostic[] {
  // keys that do not fit the set are a defect of the program, which explains everything else
  const defect = found.find(({ code }) => code === 'RESOURCE_KEYS_INCONSISTENT');
  if (defect) return [defect];
  const told = new Set<string>();
  const before = new Map<string, Diagnostic[]>();
  const first = [...known, ...found].filter((entry) => {
    const { resource = '' } = entry.where;
    const earlier = before.get(resource) ?? [];
    before.set(resource, earlier);
    const text = textOf(entry);
    if (told.has(text) || (resource !== '' && isAtKnownPlace(entry, earlier))) return false;
    told.add(text);
    earlier.push(entry);
    return true;
  });
  const all = new Found(first);
  const isNew = new Set(found);
  return first.filter(
    (entry) => isNew.has(entry) && !isExplained(entry, all.of(entry.where.resource)) && !followsFromTarget(entry, all),
  );
}
