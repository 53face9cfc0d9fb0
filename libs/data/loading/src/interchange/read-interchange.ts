import { resourceLabel } from '@dms/api-schema';
import {
  counted,
  type Diagnostic,
  diagnostic,
  fail,
  listOfNames,
  meantNames,
  nearNames,
  shortened,
} from '@dms/diagnostics';
import type { QualifiedResourceName, RelationalModelSet } from '@dms/model';
import {
  compareOrdinal,
  groupBy,
  isJsonArray,
  type JsonObject,
  type JsonValue,
  jsonText,
  parseJson,
} from '@dms/values';
import { elementFields } from '../seeding/descriptor-files.ts';
import { ElementScopes, type FindById, type InterchangeIdentity, mapDocument, mapIdentity } from './map-document.ts';
import { ModelTrees } from './model-trees.ts';
import {
  decodedText,
  type ElementLimits,
  pathOf,
  type ReadElement,
  readElements,
  type XmlElement,
} from './read-elements.ts';

/** A file. It is read twice if references in it name ids. */
export interface InterchangeFile {
  /** The name for messages. */
  readonly file: string;
  /** Opens the bytes, from the beginning. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** The record of an element below the root of an interchange. */
export type InterchangeRecord = { readonly line: number } & (
  | { readonly kind: 'document'; readonly resource: string; readonly document: JsonObject }
  /** `name` is the name of the element. The reader does not check that the model has such a descriptor. */
  | { readonly kind: 'descriptor'; readonly name: string; readonly document: JsonObject }
  /** `resource` is null if the model has none of that name. */
  | {
      readonly kind: 'rejected';
      readonly resource: string | null;
      readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]];
    }
);

export interface InterchangeOptions extends ElementLimits {
  /** Leaves out elements without a property, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
  /** Most ids in a file whose references name ids; a million by default. */
  readonly idLimit?: number | undefined;
}

/** Reads interchanges of one model. */
export interface InterchangeReader {
  /**
   * Reads the documents and descriptors of a file as a stream, in the order of the file. A diagnostic with one of them
   * does not affect the others. Throws `INTERCHANGE_MALFORMED`, `SEED_XML_DTD`, `INPUT_UNICODE_INVALID`,
   * `INTERCHANGE_TOO_MANY_IDS`, and `DOCUMENT_TOO_LARGE` for a single tag, text or comment beyond the limit.
   */
  read(source: InterchangeFile, options?: InterchangeOptions): AsyncGenerator<InterchangeRecord>;
}

/** Creates a reader of interchange XML for the resources of a model (design 14a §2). It can read any number of files. */
export function interchangeReader(model: RelationalModelSet): InterchangeReader {
  const context = { scopes: new ElementScopes(new ModelTrees(model)), resources: resourcesByName(model) };
  return { read: (source, options = {}) => records(context, source, options) };
}

/**
 * The concrete resources by name. If several projects use a name, that of the core counts; without one all of them stay,
 * and nothing of the file says which is meant.
 */
function resourcesByName({
  resources,
  projects,
}: RelationalModelSet): ReadonlyMap<string, readonly QualifiedResourceName[]> {
  const extensions = new Set(projects.flatMap((project) => (project.isExtensionProject ? [project.projectName] : [])));
  const concrete = resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
  const names = concrete.map(({ resourceKey: { projectName, resourceName } }) => ({ projectName, resourceName }));
  return new Map(
    [...groupBy(names, ({ resourceName }) => resourceName)].map(([name, same]) => {
      const ofCore = same.filter(({ projectName }) => !extensions.has(projectName));
      return [name, ofCore.length > 0 ? ofCore : same];
    }),
  );
}

const referenceEnding = 'Reference';

/** The objects that the readers of all files share. */
interface ReadingContext {
  readonly scopes: ElementScopes;
  readonly resources: ReadonlyMap<string, readonly QualifiedResourceName[]>;
}

/** The records of a file. It is read twice if it has references by id. */
async function* records(
  { scopes, resources }: ReadingContext,
  source: InterchangeFile,
  options: InterchangeOptions,
): AsyncGenerator<InterchangeRecord> {
  const { file } = source;
  const { ignoreUnknown = false, onWarning } = options;
  const ids = new IdentitiesById(scopes, file, options.idLimit);
  const descriptorRecord = descriptorRecords(file, onWarning);
  const namedBy = (name: string): readonly QualifiedResourceName[] => resources.get(name) ?? [];
  const targetsOf = (name: string) =>
    name.endsWith(referenceEnding) ? namedBy(name.slice(0, -referenceEnding.length)) : [];
  const only = ([first, second]: readonly QualifiedResourceName[]) => (second === undefined ? first : undefined);

  /** Keeps the identity of an element with an id. It is a document, or a reference outside of documents. */
  function index(element: XmlElement): void {
    const { id, name, children } = element;
    if (id === null) return;
    const own = only(namedBy(name));
    if (own) ids.add(id, own, element);
    const target = only(targetsOf(name));
    const identity = target && children.find((child) => child.name === `${target.resourceName}Identity`);
    if (target && identity) ids.add(id, target, identity);
  }

  function unknownResource(element: XmlElement): InterchangeRecord {
    const { name, line, column } = element;
    const near = nearNames(name, resources.keys()).slice(0, 3);
    const path = pathOf(element);
    const text = `${path}: the model has no resource ${name}${meantNames(near)}`;
    const entry = diagnostic('DOCUMENT_RESOURCE_UNKNOWN', text, { file, line, column, path }, { name, near });
    return { kind: 'rejected', resource: null, line, diagnostics: [entry] };
  }

  function ambiguousResource(element: XmlElement, same: readonly QualifiedResourceName[]): InterchangeRecord {
    const { name, line, column } = element;
    const path = pathOf(element);
    const labels = same.map(resourceLabel).sort(compareOrdinal);
    const text = `${path}: ${name} is a resource of several projects, and an interchange does not say which: ${listOfNames(labels)}. Give these documents as JSON, each with its resource.`;
    const entry = diagnostic(
      'INTERCHANGE_RESOURCE_AMBIGUOUS',
      text,
      { file, line, column, path },
      { name, resources: labels },
    );
    return { kind: 'rejected', resource: null, line, diagnostics: [entry] };
  }

  function record(element: XmlElement): InterchangeRecord | null {
    const { name, line } = element;
    const named = namedBy(name);
    const resource = only(named);
    if (!resource) {
      if (named.length > 1) return ambiguousResource(element, named);
      if (name.endsWith('Descriptor')) return descriptorRecord(element);
      const targets = targetsOf(name);
      if (targets.length > 1) return ambiguousResource(element, targets);
      // the element is only a target for references by id
      return targets.length > 0 ? null : unknownResource(element);
    }
    const label = resourceLabel(resource);
    const mapped = mapDocument(scopes, label, element, { file, findById: ids.find, ignoreUnknown });
    for (const warning of mapped.warnings) onWarning?.(warning);
    const [first, ...others] = mapped.diagnostics;
    if (first) return { kind: 'rejected', resource: label, line, diagnostics: [first, ...others] };
    return { kind: 'document', resource: label, line, document: mapped.document };
  }

  function tooLarge({ name, diagnostic: entry }: Extract<ReadElement, { kind: 'too-large' }>): InterchangeRecord {
    const resource = only(namedBy(name));
    const line = entry.where.line ?? 1;
    return { kind: 'rejected', resource: resource ? resourceLabel(resource) : null, line, diagnostics: [entry] };
  }

  if (await namesIds(source))
    for await (const read of readFileElements(source, options)) if (read.kind === 'element') index(read.element);
  for await (const read of readFileElements(source, options)) {
    const made = read.kind === 'element' ? record(read.element) : tooLarge(read);
    if (made) yield made;
  }
}

/** The entry of an id: an identity, or its elements if they refer to further ids. */
type ElementOfId =
  | { readonly kind: 'values'; readonly resource: QualifiedResourceName; readonly values: InterchangeIdentity }
  | { readonly kind: 'element'; readonly resource: QualifiedResourceName; readonly element: XmlElement };

/** Most ids in a file. Each of them takes memory until the file ends. */
const defaultIdLimit = 1_000_000;

/** Stands for an id that several elements have. */
const ambiguous = '';

/** The identities of the elements of one file by id, for references with `ref` (design 14a §2.3). */
class IdentitiesById {
  private readonly scopes: ElementScopes;
  private readonly file: string;
  private readonly limit: number;
  /** By id, the entry as JSON text, which takes the least memory. */
  private readonly entries = new Map<string, string>();
  private readonly resources = new Map<string, QualifiedResourceName>();
  /** Ids whose lookup has begun: each needs the next. */
  private readonly pending = new Set<string>();

  constructor(scopes: ElementScopes, file: string, limit = defaultIdLimit) {
    this.scopes = scopes;
    this.file = file;
    this.limit = limit;
  }

  /** `element` contains the elements of an identity: it is a document, or the identity in a reference. */
  add(id: string, resource: QualifiedResourceName, element: XmlElement): void {
    if (this.entries.has(id)) {
      this.entries.set(id, ambiguous);
      return;
    }
    if (this.entries.size >= this.limit) {
      const text = `${this.file} has more than ${counted(this.limit, 'element')} with an id. Divide it into several files.`;
      fail('INTERCHANGE_TOO_MANY_IDS', text, { file: this.file }, { limit: this.limit });
    }
    const scope = this.scopes.identity(resource);
    const children = element.children.filter((child) => scope.find(child) !== undefined || scope.isInlined(child));
    const own: XmlElement = { ...element, text: '', children };
    const label = resourceLabel(resource);
    this.resources.set(label, resource);
    const content = namesOthers(own) ? elementValue(own) : this.valuesIn(own, resource);
    this.entries.set(copied(id), copied(jsonText([label, namesOthers(own), content])));
  }

  /** The values of an identity, in the order of its paths. */
  private valuesIn(element: XmlElement, resource: QualifiedResourceName): JsonValue {
    const { values } = this.identityIn(element, resource);
    return this.scopes.trees.identity(resource).paths.map(({ canonical }) => values.get(canonical) ?? null);
  }

  private identityIn(element: XmlElement, resource: QualifiedResourceName) {
    return mapIdentity(this.scopes, resource, element, { file: this.file, findById: this.find, ignoreUnknown: true });
  }

  private entryOf(text: string): ElementOfId {
    const [label, isElement, content] = parseJson(text, this.file) as readonly JsonValue[];
    const resource = this.resources.get(String(label));
    if (!resource) throw new Error(`${label} has no ids`);
    if (isElement === true) return { kind: 'element', resource, element: elementOf(content, null) };
    const { paths } = this.scopes.trees.identity(resource);
    const values = paths.flatMap(({ canonical }, index) => {
      const value = isJsonArray(content) ? (content[index] ?? null) : null;
      return value === null ? [] : [[canonical, value] as const];
    });
    return { kind: 'values', resource, values: new Map(values) };
  }

  /** Finds the identity of the element with an id, in the paths of the target. Returns a sentence if there is none. */
  readonly find: FindById = (id, target) => {
    const text = this.entries.get(id);
    if (text === undefined) return `no element in the file has the id ${shown(id)}.`;
    if (text === ambiguous) return `several elements in the file have the id ${shown(id)}.`;
    const entry = this.entryOf(text);
    const { resource } = entry;
    const asTarget = this.conversion(resource, target);
    if (!asTarget) return `the id ${shown(id)} belongs to a ${resource.resourceName}, not to a ${target.resourceName}.`;
    if (entry.kind === 'values') return asTarget(entry.values);
    if (this.pending.has(id)) return `the identity of the element with the id ${shown(id)} refers to itself.`;
    this.pending.add(id);
    try {
      const { values, diagnostics } = this.identityIn(entry.element, resource);
      const [first] = diagnostics;
      return first
        ? `the identity of the element with the id ${shown(id)} is not known. ${first.message}`
        : asTarget(values);
    } finally {
      this.pending.delete(id);
    }
  };

  /**
   * Converts identities of the resource to those of the target: the resource itself, or its superclass with other
   * paths.
   */
  private conversion(
    resource: QualifiedResourceName,
    target: QualifiedResourceName,
  ): ((values: InterchangeIdentity) => InterchangeIdentity) | null {
    if (resourceLabel(resource) === resourceLabel(target)) return (values) => values;
    const { superclass, identityElements } = this.scopes.trees.resource(resourceLabel(resource));
    if (!superclass || resourceLabel(superclass.resource) !== resourceLabel(target)) return null;
    const own = identityElements[0]?.identityJsonPath.canonical;
    const renamed = superclass.identityJsonPath?.canonical;
    return (values) =>
      new Map([...values].map(([path, value]) => [path === own && renamed !== undefined ? renamed : path, value]));
  }
}

const namesOthers = ({ ref, children }: XmlElement): boolean => ref !== null || children.some(namesOthers);

/** An element as JSON, with the members that mapping needs. */
const elementValue = ({ name, ref, text, children }: XmlElement): JsonValue => [
  name,
  ref,
  text,
  children.map(elementValue),
];

/** Copies a text. A text of the parser is a part of a piece of the file, which it would keep in memory. */
const copied = (text: string) => Buffer.from(text).toString();

function elementOf(value: JsonValue | undefined, parent: XmlElement | null): XmlElement {
  const [name, ref, text, inner] = value as readonly [string, string | null, string, readonly JsonValue[]];
  const children: XmlElement[] = [];
  const element: XmlElement = { name, line: 1, column: 1, parent, number: 0, id: null, ref, children, text };
  for (const each of inner) children.push(elementOf(each, element));
  return element;
}

const shown = (id: string) => JSON.stringify(shortened(id));

/** Most names for which a warning says that they are not fields of a descriptor. */
const ignoredNames = 100;

/** Makes records of the descriptors of a file; warns once of each name that is not a field. */
function descriptorRecords(file: string, onWarning: InterchangeOptions['onWarning']) {
  const ignored = new Set<string>();
  return (element: XmlElement): InterchangeRecord => {
    const { name, line } = element;
    const { fields, repeated, others } = elementFields(element);
    for (const other of others) {
      if (ignored.has(other.name) || ignored.size >= ignoredNames) continue;
      ignored.add(other.name);
      const message = `<${other.name}> is not a field of a descriptor. It is ignored.`;
      onWarning?.(diagnostic('SEED_FIELD_IGNORED', message, { file, line: other.line }, { name: other.name }));
    }
    const [first, ...rest] = repeated.map((again) => {
      const path = pathOf(again);
      const text = `${path}: the field has one value, and this is a second one.`;
      return diagnostic('INTERCHANGE_VALUE_INVALID', text, { file, line: again.line, column: again.column, path });
    });
    if (first) return { kind: 'rejected', resource: name, line, diagnostics: [first, ...rest] };
    return { kind: 'descriptor', name, line, document: fields };
  };
}

/** Whether the file has an attribute `ref`. */
async function namesIds({ file, open }: InterchangeFile): Promise<boolean> {
  let before = '';
  for await (const text of decodedText(open(), file)) {
    if (/\sref\s*=/.test(before + text)) return true;
    before = (before + text).slice(-16);
  }
  return false;
}

function readFileElements({ file, open }: InterchangeFile, options: InterchangeOptions): AsyncGenerator<ReadElement> {
  const { lengthLimit, depthLimit } = options;
  const onRoot = (name: string, line: number) => {
    if (name.startsWith('Interchange')) return;
    const text = `The root element is <${name.slice(0, 80)}>; that of an interchange is <Interchange…>.`;
    fail('INTERCHANGE_MALFORMED', text, { file, line });
  };
  return readElements(open(), file, { malformed: 'INTERCHANGE_MALFORMED', onRoot, lengthLimit, depthLimit });
}
