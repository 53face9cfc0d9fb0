import { resourceLabel } from '@dms/api-schema';
import { counted, fail } from '@dms/diagnostics';
import { isJsonArray, type JsonValue, jsonText, parseJson } from '@dms/files';
import type { QualifiedResourceName } from '@dms/model';
import { type ElementScopes, type FindById, type IdentityValues, mapIdentity } from '../mapping/map-document.ts';
import type { XmlElement } from '../xml/xml-element.ts';

/** What is kept for an id: an identity, or its elements if they refer to further ids. */
type Entry =
  | { readonly kind: 'values'; readonly resource: QualifiedResourceName; readonly values: IdentityValues }
  | { readonly kind: 'element'; readonly resource: QualifiedResourceName; readonly element: XmlElement };

/** Most ids in a file. Each of them takes memory until the file ends. */
const defaultIdLimit = 1_000_000;

/** Stands for an id that several elements have. */
const ambiguous = '';

const namesOthers = ({ ref, children }: XmlElement): boolean => ref !== null || children.some(namesOthers);

/** Copies a text. A text of the parser is a part of a piece of the file, which it would keep in memory. */
const copied = (text: string) => Buffer.from(text).toString();

/** An element as JSON, with what is needed to map it. */
const elementValue = ({ name, ref, text, children }: XmlElement): JsonValue => [
  name,
  ref,
  text,
  children.map(elementValue),
];

function elementOf(value: JsonValue | undefined, parent: XmlElement | null): XmlElement {
  const [name, ref, text, inner] = value as readonly [string, string | null, string, readonly JsonValue[]];
  const children: XmlElement[] = [];
  const element: XmlElement = { name, line: 1, column: 1, parent, number: 0, id: null, ref, children, text };
  for (const each of inner) children.push(elementOf(each, element));
  return element;
}

const shown = (id: string) => JSON.stringify(id.slice(0, 100));

/** The identities of the elements of one file by id, for references with `ref` (design 14 §7.3). */
export class IdentitiesById {
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

  private entryOf(text: string): Entry {
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
      const { values, problems } = this.identityIn(entry.element, resource);
      const [first] = problems;
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
  ): ((values: IdentityValues) => IdentityValues) | null {
    if (resourceLabel(resource) === resourceLabel(target)) return (values) => values;
    const { superclass, identityElements } = this.scopes.trees.resource(resourceLabel(resource));
    if (!superclass || resourceLabel(superclass.resource) !== resourceLabel(target)) return null;
    const own = identityElements[0]?.identityJsonPath.canonical;
    const renamed = superclass.identityJsonPath?.canonical;
    return (values) =>
      new Map([...values].map(([path, value]) => [path === own && renamed !== undefined ? renamed : path, value]));
  }
}
