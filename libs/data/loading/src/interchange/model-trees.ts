import { type JsonPath, resourceLabel } from '@dms/api-schema';
import {
  type DocumentLeaf,
  type DocumentNode,
  type DocumentObject,
  documentLeaf,
  documentTree,
  type ModelIndex,
  modelIndex,
  mustExist,
  type QualifiedResourceName,
  type RelationalModelSet,
  type ResourceModel,
} from '@dms/model';

/** The type of a value in the file: that of its column, or a descriptor. */
export const valueTypeOf = (leaf: DocumentLeaf) =>
  leaf.value === 'descriptor' ? ('Descriptor' as const) : leaf.scalarType.kind;

export type ValueType = ReturnType<typeof valueTypeOf>;

/** The member of an object that holds what extensions add to it. */
export const extensionMember = '_ext';

/** The objects that extensions add to an object, by the name of their project. */
export function extensionsOf({
  members,
}: Pick<DocumentObject, 'members'>): readonly (readonly [string, DocumentObject])[] {
  const added = members.get(extensionMember);
  if (added?.kind !== 'object') return [];
  return [...added.members].flatMap(([project, extension]) =>
    extension.kind === 'object' ? [[project, extension] as const] : [],
  );
}

/** The other members of an object, in model order. */
export const ownMembers = ({
  members,
}: Pick<DocumentObject, 'members'>): readonly (readonly [string, DocumentNode])[] =>
  [...members].filter(([name]) => name !== extensionMember);

/** The part of a document that identifies it, and the paths of its values. */
export interface IdentityTree {
  readonly root: DocumentObject;
  readonly paths: readonly JsonPath[];
}

/** The trees of a model by `Project:Resource`. Each is derived when it is first needed. */
export class ModelTrees {
  private readonly index: ModelIndex;
  private readonly documents = new Map<string, DocumentObject>();
  private readonly identities = new Map<string, IdentityTree>();

  constructor(model: RelationalModelSet) {
    this.index = modelIndex(model);
  }

  private find(label: string): ResourceModel | undefined {
    return this.index.rootOf(label) && this.index.resources.get(label);
  }

  resource(label: string): ResourceModel {
    return mustExist(this.find(label), label);
  }

  document(label: string): DocumentObject {
    const known = this.documents.get(label) ?? documentTree(this.resource(label)).root;
    this.documents.set(label, known);
    return known;
  }

  /** The identity of a concrete or abstract resource. */
  identity(name: QualifiedResourceName): IdentityTree {
    const label = resourceLabel(name);
    const known =
      this.identities.get(label) ?? (this.find(label) ? this.concreteIdentity(label) : this.abstractIdentity(label));
    this.identities.set(label, known);
    return known;
  }

  private concreteIdentity(label: string): IdentityTree {
    const paths = this.resource(label).identityElements.map(({ identityJsonPath }) => identityJsonPath);
    return { root: identityPart(paths, (name) => this.document(label).members.get(name)), paths };
  }

  /** An abstract resource has no documents. Its members come from a subclass; a path that only it has is a value. */
  private abstractIdentity(label: string): IdentityTree {
    const { table } = mustExist(this.index.abstracts.get(label), `the identity of ${label}`);
    const columns = table.columns.filter(
      ({ sourcePath, kind }) => sourcePath && (kind === 'Scalar' || kind === 'DescriptorFk'),
    );
    const subclasses = this.index.relational.filter(
      ({ superclass }) => superclass && resourceLabel(superclass.resource) === label,
    );
    const member = (name: string): DocumentNode | undefined => {
      for (const { resourceKey } of subclasses) {
        const found = this.document(resourceLabel(resourceKey)).members.get(name);
        if (found) return found;
      }
      const slot = columns.findIndex(({ sourcePath }) => firstName(sourcePath) === name);
      const column = columns[slot];
      return column && documentLeaf([column], { path: `$.${name}`, table: 0, slot });
    };
    const paths = columns.flatMap(({ sourcePath }) => sourcePath ?? []);
    return { root: identityPart(paths, member), paths };
  }
}

function firstName(path: JsonPath | null): string | undefined {
  const [first] = path?.segments ?? [];
  return first?.kind === 'property' ? first.name : undefined;
}

/** The members at which identity paths begin. */
function identityPart(paths: readonly JsonPath[], member: (name: string) => DocumentNode | undefined): DocumentObject {
  const names = new Set(paths.flatMap((path) => firstName(path) ?? []));
  const members = [...names].map(
    (name) => [name, mustExist(member(name), `the member ${name} of an identity`)] as const,
  );
  return { kind: 'object', path: '$', members: new Map(members), table: null, reference: null };
}
