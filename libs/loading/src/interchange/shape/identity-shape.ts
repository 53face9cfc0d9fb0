import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { mustExist, type QualifiedResourceName, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { documentShape, type MemberShape, type ObjectShape } from './document-shape.ts';

/** The part of a shape that identifies a document, and the paths of its values. */
export interface IdentityShape {
  readonly shape: ObjectShape;
  readonly paths: readonly JsonPath[];
}

/** The shapes of a model by `Project:Resource`. Each is derived when it is first needed. */
export class ModelShapes {
  private readonly resources: ReadonlyMap<string, ResourceModel>;
  private readonly model: RelationalModelSet;
  private readonly documents = new Map<string, ObjectShape>();
  private readonly identities = new Map<string, IdentityShape>();

  constructor(model: RelationalModelSet) {
    this.model = model;
    this.resources = new Map(
      model.resources
        .filter(({ storageKind }) => storageKind === 'RelationalTables')
        .map((resource) => [resourceLabel(resource.resourceKey), resource]),
    );
  }

  resource(label: string): ResourceModel {
    return mustExist(this.resources.get(label), label);
  }

  document(label: string): ObjectShape {
    const known = this.documents.get(label) ?? documentShape(this.resource(label));
    this.documents.set(label, known);
    return known;
  }

  /** The identity of a concrete or abstract resource. */
  identity(name: QualifiedResourceName): IdentityShape {
    const label = resourceLabel(name);
    const known =
      this.identities.get(label) ??
      (this.resources.has(label) ? this.concreteIdentity(label) : this.abstractIdentity(label));
    this.identities.set(label, known);
    return known;
  }

  private concreteIdentity(label: string): IdentityShape {
    const paths = this.resource(label).identityElements.map(({ identityJsonPath }) => identityJsonPath);
    return { shape: identityPart(paths, (name) => this.document(label).members.get(name)), paths };
  }

  /** An abstract resource has no documents. Its members come from a subclass; a path that only it has is a value. */
  private abstractIdentity(label: string): IdentityShape {
    const table = mustExist(
      this.model.abstractIdentityTables.find(({ resourceKey }) => resourceLabel(resourceKey) === label)?.table,
      `the identity of ${label}`,
    );
    const columns = table.columns.filter(
      ({ sourcePath, kind }) => sourcePath && (kind === 'Scalar' || kind === 'DescriptorFk'),
    );
    const subclasses = [...this.resources.values()].filter(
      ({ superclass }) => superclass && resourceLabel(superclass.resource) === label,
    );
    const member = (name: string): MemberShape | undefined => {
      for (const { resourceKey } of subclasses) {
        const found = this.document(resourceLabel(resourceKey)).members.get(name);
        if (found) return found;
      }
      const column = columns.find(({ sourcePath }) => firstName(sourcePath) === name);
      if (column?.kind === 'DescriptorFk') return { kind: 'value', type: 'Descriptor' };
      return column?.scalarType ? { kind: 'value', type: column.scalarType.kind } : undefined;
    };
    const paths = columns.flatMap(({ sourcePath }) => sourcePath ?? []);
    return { shape: identityPart(paths, member), paths };
  }
}

function firstName(path: JsonPath | null): string | undefined {
  const [first] = path?.segments ?? [];
  return first?.kind === 'property' ? first.name : undefined;
}

/** The members at which identity paths begin. */
function identityPart(paths: readonly JsonPath[], member: (name: string) => MemberShape | undefined): ObjectShape {
  const names = new Set(paths.flatMap((path) => firstName(path) ?? []));
  const members = [...names].map(
    (name) => [name, mustExist(member(name), `the member ${name} of an identity`)] as const,
  );
  return { kind: 'object', members: new Map(members), extensions: new Map(), reference: null };
}
