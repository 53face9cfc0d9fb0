import { resourceLabel } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import type { QualifiedResourceName } from '@dms/model';
import { type ElementScopes, type FindById, type IdentityValues, mapIdentity } from '../mapping/map-document.ts';
import type { XmlElement } from '../xml/xml-element.ts';

/** What is kept for an id: an identity, or its elements if they refer to further ids. */
type Entry =
  | { readonly kind: 'values'; readonly resource: QualifiedResourceName; readonly values: IdentityValues }
  | { readonly kind: 'element'; readonly resource: QualifiedResourceName; readonly element: XmlElement }
  | { readonly kind: 'ambiguous' };

/** Most ids in a file. Each of them takes memory until the file ends. */
const defaultIdLimit = 1_000_000;

const namesOthers = ({ ref, children }: XmlElement): boolean => ref !== null || children.some(namesOthers);

/** Copies an element without its parent, so that the rest of the document can be freed. */
function detached(element: XmlElement, parent: XmlElement | null = null): XmlElement {
  const children: XmlElement[] = [];
  const copy: XmlElement = { ...element, parent, children };
  for (const child of element.children) children.push(detached(child, copy));
  return copy;
}

const shown = (id: string) => JSON.stringify(id.slice(0, 100));

/** The identities of the elements of one file by id, for references with `ref` (design 14 §7.3). */
export class IdentitiesById {
  private readonly scopes: ElementScopes;
  private readonly file: string;
  private readonly limit: number;
  private readonly entries = new Map<string, Entry>();
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
      this.entries.set(id, { kind: 'ambiguous' });
      return;
    }
    if (this.entries.size >= this.limit) {
      const text = `${this.file} has more than ${this.limit} elements with an id. Divide it into several files.`;
      fail('INTERCHANGE_TOO_MANY_IDS', text, { file: this.file }, { limit: this.limit });
    }
    const scope = this.scopes.identity(resource);
    const children = element.children.filter((child) => scope.find(child) !== undefined || scope.isInlined(child));
    const own = detached({ ...element, text: '', children });
    this.entries.set(
      id,
      namesOthers(own)
        ? { kind: 'element', resource, element: own }
        : { kind: 'values', resource, values: this.identityIn(own, resource).values },
    );
  }

  private identityIn(element: XmlElement, resource: QualifiedResourceName) {
    return mapIdentity(this.scopes, resource, element, { file: this.file, findById: this.find, ignoreUnknown: true });
  }

  /** Finds the identity of the element with an id, in the paths of the target. Returns a sentence if there is none. */
  readonly find: FindById = (id, target) => {
    const entry = this.entries.get(id);
    if (!entry) return `no element in the file has the id ${shown(id)}.`;
    if (entry.kind === 'ambiguous') return `several elements in the file have the id ${shown(id)}.`;
    const { resource } = entry;
    const asTarget = this.conversion(resource, target);
    if (!asTarget) return `the id ${shown(id)} belongs to a ${resource.resourceName}, not to a ${target.resourceName}.`;
    if (entry.kind === 'values') return asTarget(entry.values);
    if (this.pending.has(id)) return `the identity of the element with the id ${shown(id)} refers to itself.`;
    this.pending.add(id);
    try {
      const { values, problems } = this.identityIn(entry.element, resource);
      const [first] = problems;
      return first ? `the identity of the element with the id ${shown(id)} is not known. ${first.message}` : asTarget(values);
    } finally {
      this.pending.delete(id);
    }
  };

  /** Converts identities of the resource to those of the target: the resource itself, or its superclass with other paths. */
  private conversion(
    resource: QualifiedResourceName,
    target: QualifiedResourceName,
  ): ((values: IdentityValues) => IdentityValues) | null {
    if (resourceLabel(resource) === resourceLabel(target)) return (values) => values;
    const { superclass, identityJsonPaths } = this.scopes.shapes.resource(resourceLabel(resource));
    if (!superclass || resourceLabel(superclass.resource) !== resourceLabel(target)) return null;
    const own = identityJsonPaths[0]?.canonical;
    const renamed = superclass.identityJsonPath?.canonical;
    return (values) =>
      new Map([...values].map(([path, value]) => [path === own && renamed !== undefined ? renamed : path, value]));
  }
}
