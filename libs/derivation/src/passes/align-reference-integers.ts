import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { groupBy } from '@dms/canonical-json';
import type { ScalarType } from '@dms/model';
import type { DraftBinding, DraftResource, ModelDraft } from '../draft/model-draft.ts';
import { superclassOf } from '../input/resource-input.ts';
import { mergeTypes } from './derive-abstract-resources.ts';

/** Finds the type in which a resource stores a path of its identity, however many references lead there. */
class IdentityTypes {
  private readonly known = new Map<string, ScalarType | undefined>();
  private readonly membersOf: ReadonlyMap<string | undefined, readonly DraftResource[]>;
  private readonly bindingByPath = new Map<DraftResource, ReadonlyMap<string, readonly [DraftBinding, JsonPath]>>();
  private readonly draft: ModelDraft;

  constructor(draft: ModelDraft) {
    this.draft = draft;
    this.membersOf = groupBy(draft.resources.values(), ({ input }) => {
      const superclass = superclassOf(input);
      return superclass && resourceLabel(superclass);
    });
  }

  /** Undefined where the path is no scalar, or its resource is derived wrongly: another pass reports that. */
  at(label: string, path: JsonPath): ScalarType | undefined {
    const key = `${label}\n${path.canonical}`;
    if (!this.known.has(key)) {
      this.known.set(key, undefined);
      this.known.set(key, this.find(label, path));
    }
    return this.known.get(key);
  }

  private find(label: string, path: JsonPath): ScalarType | undefined {
    const resource = this.draft.resources.get(label);
    if (!resource) {
      const types = (this.membersOf.get(label) ?? []).map((member) => this.at(member.label, this.memberPath(member, path)));
      return types.length === 0 ? undefined : types.reduce((merged, type) => merged && type && mergeTypes(merged, type));
    }
    const bound = this.bindings(resource).get(path.canonical);
    if (bound) return this.at(bound[0].target.label, bound[1]);
    const [column] = resource.root.columnsAt(path.canonical);
    return column?.kind === 'Scalar' ? column.scalarType : undefined;
  }

  private memberPath(member: DraftResource, path: JsonPath): JsonPath {
    return (member.input.superclassIdentityJsonPath && member.input.identityJsonPaths[0]) || path;
  }

  private bindings(resource: DraftResource): ReadonlyMap<string, readonly [DraftBinding, JsonPath]> {
    let found = this.bindingByPath.get(resource);
    if (!found) {
      found = new Map(
        resource.bindings
          .filter(({ table }) => table === resource.root)
          .flatMap((binding) =>
            binding.identityBindings.map(
              ({ referenceJsonPath, identityJsonPath }) =>
                [referenceJsonPath.canonical, [binding, identityJsonPath] as const] as const,
            ),
          ),
      );
      this.bindingByPath.set(resource, found);
    }
    return found;
  }
}

const isInteger = ({ kind }: ScalarType) => kind === 'Int32' || kind === 'Int64';

/**
 * Gives the integer columns of references the width that the target stores: an extension may declare `int64` where the core has
 * a plain integer, and SQL Server refuses a foreign key between the two (design 02 §8.3, invariant 12 of §18).
 */
export function alignReferenceIntegers(draft: ModelDraft): void {
  const types = new IdentityTypes(draft);
  for (const resource of draft.resources.values()) {
    for (const { target, identityBindings } of resource.bindings) {
      for (const { identityJsonPath, column } of identityBindings) {
        if (column.kind !== 'Scalar' || !isInteger(column.scalarType)) continue;
        const type = types.at(target.label, identityJsonPath);
        if (type && isInteger(type)) column.scalarType = type;
      }
    }
  }
}
