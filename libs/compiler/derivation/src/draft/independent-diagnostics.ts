import type { Diagnostic } from '@dms/diagnostics';
import { groupBy } from '@dms/values';
import { pathAndAbove } from '../input/insert-schema.ts';

const isDocumentPath = (path: string | undefined): path is string => path?.startsWith('$') ?? false;

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' ? [value] : [];

/** The paths into documents that a diagnostic is about; `$` if it is about the whole JSON schema. */
function pathsOf({ where, details }: Diagnostic): readonly string[] {
  const path = where.path === 'jsonSchemaForInsert' ? '$' : (where.path ?? '');
  return [path, ...textsOf(details.paths)].filter(isDocumentPath);
}

/** Diagnostics about the list of identity paths; the intended identity is then unknown. */
const isAboutIdentity = ({ code, where, details }: Diagnostic) =>
  /^IDENTITY_PATH_(DUPLICATE|UNMAPPED|NOT_IN_SCHEMA|IN_ARRAY)$/.test(code) ||
  /^identityJsonPaths/.test(where.path ?? String(details.member ?? ''));

/** Diagnostics because of which a reference or a descriptor is omitted. */
const isAboutMapping = ({ code, where, details }: Diagnostic) =>
  details.mappingKey !== undefined ||
  code.startsWith('REFERENCE_') ||
  (where.path?.startsWith('documentPathsMapping') ?? false);

/** Diagnostics about the type of a value. */
const isAboutType = ({ code }: Diagnostic) => /^(STRING_MAX_LENGTH|SCALAR|DECIMAL|SCHEMA)_/.test(code);

const startsWith =
  (...starts: readonly string[]) =>
  ({ code }: Diagnostic) =>
    starts.some((start) => code.startsWith(start));

/** Diagnostics that follow from others within one resource: the codes of the later diagnostics, and their causes. */
const explanations: readonly (readonly [later: RegExp, isCause: (entry: Diagnostic) => boolean])[] = [
  // a misspelled identity path is missing among the paths of a reference
  [
    /^REFERENCE_IDENTITY_INCOMPLETE$/,
    (entry) => isAboutIdentity(entry) && !startsWith('IDENTITY_PATH_NOT_IN_SCHEMA')(entry),
  ],
  [/^ABSTRACT_(PATH|COLUMN|RENAME|TYPE)_/, isAboutIdentity],
  [/^(ABSTRACT_(PATH|COLUMN|RENAME|TYPE)_|DESCRIPTOR_)/, startsWith('ABSTRACT_MEMBER_IS_DESCRIPTOR')],
  [/^COLLECTION_IDENTITY_MISSING$/, startsWith('ARRAY_UNIQUENESS_', 'REFERENCE_', 'JSONPATH_INVALID')],
  // a reference with an error has no columns
  [/^(IDENTITY_NOT_ON_ROOT|ABSTRACT_COLUMN_MISSING|ARRAY_UNIQUENESS_UNMAPPED|OVERRIDE_UNUSED)$/, isAboutMapping],
  [/^(REFERENCE_EXTENSION_SCOPE_MISSING|ARRAY_UNIQUENESS_UNMAPPED|OVERRIDE_UNUSED)$/, startsWith('EXTENSION_')],
  [/^OVERRIDE_UNUSED$/, startsWith('OVERRIDE_CONFLICT')],
  [/^ABSTRACT_NO_MEMBERS$/, startsWith('RESOURCE_KEY_DUPLICATE')],
  [/^EXTENSION_SITE_INVALID$/, startsWith('EXTENSION_KEY_UNRESOLVED')],
];

const parentOf = (path = '') => path.slice(0, path.lastIndexOf('.'));

/** Codes whose diagnostic can repeat another one at a different place. */
const isRepeatable = (code: string) =>
  /^(RESOURCE_KEY_DUPLICATE|EXTENSION_KEY_UNRESOLVED|ABSTRACT_NAME_AMBIGUOUS|ABSTRACT_BINDING_MIXED)$/.test(code);

/** Whether a diagnostic of a repeatable code repeats another one with that code in the same resource. */
function repeats({ code, where: { path } }: Diagnostic, other: Diagnostic): boolean {
  if (path !== undefined && !isDocumentPath(path) && path === other.where.path) return false;
  // found in the files, and again in the set
  if (code === 'RESOURCE_KEY_DUPLICATE') return true;
  if (code === 'EXTENSION_KEY_UNRESOLVED') return other.details.owningScope === undefined;
  // both are parts of the same reference
  return parentOf(path) === parentOf(other.where.path);
}

/** The diagnostics of one resource, by place. */
class Places {
  /** The codes by place: a path into documents, or a member of the resource. */
  private readonly codes = new Map<string, Set<string>>();
  private readonly repeatable = new Map<string, Diagnostic[]>();

  add(entry: Diagnostic): void {
    const { path } = entry.where;
    const member = path === undefined || isDocumentPath(path) ? [] : [path];
    for (const place of [...pathsOf(entry), ...member])
      this.codes.set(place, (this.codes.get(place) ?? new Set()).add(entry.code));
    if (!isRepeatable(entry.code)) return;
    const same = this.repeatable.get(entry.code);
    if (same) same.push(entry);
    else this.repeatable.set(entry.code, [entry]);
  }

  /** Whether a diagnostic concerns a path into documents, or a path above it. */
  covers(path: string): boolean {
    return pathAndAbove(path).some((start) => this.codes.has(start));
  }

  /** Whether `entry` restates an error that was found before it at the same place. */
  knows(entry: Diagnostic): boolean {
    const { code, where } = entry;
    const hasOther = (place: string) => [...(this.codes.get(place) ?? [])].some((other) => other !== code);
    if (pathsOf(entry).some((path) => pathAndAbove(path).some(hasOther))) return true;
    if (where.path !== undefined && !isDocumentPath(where.path)) {
      if (hasOther(where.path)) return true;
      if (code === 'APISCHEMA_INVALID' && this.codes.has(where.path)) return true;
    }
    return (this.repeatable.get(code) ?? []).some((other) => repeats(entry, other));
  }
}

/** The diagnostics of one resource, with queries that decide whether a diagnostic is worth reporting. */
class ResourceDiagnostics {
  private readonly entries: readonly Diagnostic[];
  private readonly places = new Places();
  private readonly explained = new Map<string, boolean>();
  readonly isIdentityUnknown: boolean;
  readonly hasWrongMapping: boolean;
  readonly hasWrongType: boolean;
  readonly isDescriptorMember: boolean;

  constructor(entries: readonly Diagnostic[]) {
    this.entries = entries;
    for (const entry of entries) this.places.add(entry);
    this.isIdentityUnknown = entries.some(isAboutIdentity);
    this.hasWrongMapping = entries.some(isAboutMapping);
    this.hasWrongType = entries.some(isAboutType);
    this.isDescriptorMember = entries.some(({ code }) => code === 'ABSTRACT_MEMBER_IS_DESCRIPTOR');
  }

  covers(path: string): boolean {
    return this.places.covers(path);
  }

  /** Whether another error of the resource, at any place, explains the diagnostics with this code. */
  explains(code: string): boolean {
    const known = this.explained.get(code);
    if (known !== undefined) return known;
    const isExplained = explanations.some(
      ([later, isCause]) => later.test(code) && this.entries.some((other) => other.code !== code && isCause(other)),
    );
    this.explained.set(code, isExplained);
    return isExplained;
  }
}

const nothing = new ResourceDiagnostics([]);

/**
 * The diagnostics that do not follow from others, each once: correcting these also corrects the omitted ones. For
 * example, a path has no column if its schema has an error; keys, constraints and references then lack the column.
 *
 * @param known diagnostics that were reported before and are not repeated
 */
export function independentDiagnostics(found: readonly Diagnostic[], known: readonly Diagnostic[] = []): Diagnostic[] {
  // resource keys that do not match the set are a defect of the program, which explains everything else
  const defect = found.find(({ code }) => code === 'RESOURCE_KEYS_INCONSISTENT');
  if (defect) return [defect];
  const told = new Set<string>();
  const before = new Map<string, Places>();
  const first = [...known, ...found].filter((entry) => {
    const { resource = '' } = entry.where;
    const earlier = before.get(resource) ?? new Places();
    before.set(resource, earlier);
    const text = textOf(entry);
    if (told.has(text) || (resource !== '' && earlier.knows(entry))) return false;
    told.add(text);
    earlier.add(entry);
    return true;
  });
  const all = new Found(first);
  const isNew = new Set(found);
  return first.filter(
    (entry) => isNew.has(entry) && !all.of(entry.where.resource).explains(entry.code) && !followsFromTarget(entry, all),
  );
}

/**
 * The text by which diagnostics are equal; a name collision that occurs in two dialects for one reason is one
 * diagnostic.
 */
const textOf = ({ code, message, details }: Diagnostic) =>
  `${code} ${code === 'NAME_COLLISION' ? JSON.stringify(details.collisions) : message}`;

/** All diagnostics, by resource and by code. */
class Found {
  private readonly byResource: ReadonlyMap<string, ResourceDiagnostics>;
  private readonly byCode: ReadonlyMap<string, readonly Diagnostic[]>;
  /** The labels of the resources of each name collision. */
  readonly clashes: readonly ReadonlySet<string>[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const groups = groupBy(diagnostics, ({ where }) => where.resource ?? '');
    this.byResource = new Map([...groups].map(([resource, entries]) => [resource, new ResourceDiagnostics(entries)]));
    this.byCode = groupBy(diagnostics, ({ code }) => code);
    this.clashes = diagnostics.flatMap(({ details }) => (details.labels ? [new Set(textsOf(details.labels))] : []));
  }

  of(resource: unknown): ResourceDiagnostics {
    return this.byResource.get(String(resource)) ?? nothing;
  }

  withCode(code: string): readonly Diagnostic[] {
    return this.byCode.get(code) ?? [];
  }

  hasCode(start: string): boolean {
    return [...this.byCode.keys()].some((code) => code.startsWith(start));
  }
}

/** Whether `entry` follows from an error of the resource that it refers to, at any place. */
function followsFromTarget(entry: Diagnostic, found: Found): boolean {
  const { details } = entry;
  if (typeof details.target === 'string') {
    const target = found.of(details.target);
    const path = textsOf(details.identityJsonPath)[0];
    if (target.isIdentityUnknown || target.isDescriptorMember) return true;
    if (path !== undefined && target.covers(path)) return true;
    // an abstract resource has no column for a path that a member lacks
    if (entry.code === 'IDENTITY_NOT_ON_ROOT' && found.hasCode('ABSTRACT_')) return true;
    if (entry.code === 'DESCRIPTOR_IDENTITY_UNRESOLVED' && target.hasWrongMapping) return true;
  }
  if (typeof details.abstract === 'string' && found.of(details.abstract).isIdentityUnknown) return true;
  if (entry.code === 'ABSTRACT_TYPE_CONFLICT')
    return textsOf(details.members).some((member) => found.of(member).hasWrongType);
  if (entry.code === 'ABSTRACT_NO_MEMBERS') return found.hasCode('ABSTRACT_SUPERCLASS_');
  if (entry.code === 'OVERRIDE_UNUSED')
    return found.withCode('OVERRIDE_CONFLICT').some((other) => other.details.base === entry.where.resource);
  // two projects with one schema have colliding names
  if (
    entry.code === 'NAME_COLLISION' ||
    (entry.code === 'EXTENSION_KEY_UNRESOLVED' && textsOf(details.candidates).length > 1)
  )
    return found.hasCode('PHYSICAL_SCHEMA_COLLISION');
  // resources whose names are equal to an engine also have tables with such names
  if (entry.code === 'RESOURCE_KEY_DUPLICATE' && details.engine !== undefined)
    return found.clashes.some((labels) => textsOf(details.locations).every((label) => labels.has(label)));
  return entry.code === 'EXTENSION_BASE_TABLE_MISSING' && found.of(details.base).covers(String(details.baseScope));
}
