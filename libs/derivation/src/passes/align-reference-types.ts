import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { groupBy } from '@dms/files';
import type { ScalarType } from '@dms/model';
import type { DraftBinding, DraftIdentityBinding, DraftResource, ModelDraft } from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';
import { superclassOf } from '../input/resource-input.ts';
import { typeText } from '../input/scalar-type.ts';
import { mergeTypes } from './derive-abstract-resources.ts';

/** Finds the type with which a resource stores a path of its identity, over any number of references. */
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

  /** Undefined if the path is not a scalar, or its resource has an error: another pass reports that. */
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
      const types = (this.membersOf.get(label) ?? []).map((member) =>
        this.at(member.label, this.memberPath(member, path)),
      );
      return types.length === 0
        ? undefined
        : types.reduce((merged, type) => merged && type && mergeTypes(merged, type));
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

/** The diagnostic for a part of a reference that cannot be compared with the target column that it repeats. */
function refuseType(
  { label, mappingKey, target }: DraftBinding,
  part: DraftIdentityBinding,
  targetType: ScalarType,
): never {
  const path = part.referenceJsonPath.canonical;
  const own = typeText(part.column.scalarType);
  const wanted = typeText(targetType);
  const text = `the part ${path} of the reference ${mappingKey} has the type ${own}, but ${target.label} stores ${part.identityJsonPath.canonical} as ${wanted}; give both the same type`;
  return failResource('REFERENCE_TYPE_MISMATCH', label, text, path, {
    mappingKey,
    target: target.label,
    identityJsonPath: part.identityJsonPath.canonical,
    types: [own, wanted],
  });
}

function alignPart(types: IdentityTypes, binding: DraftBinding, part: DraftIdentityBinding): void {
  const { column } = part;
  const type = column.kind === 'Scalar' ? types.at(binding.target.label, part.identityJsonPath) : undefined;
  if (type === undefined) return;
  if (isInteger(column.scalarType) && isInteger(type)) column.scalarType = type;
  else if (column.scalarType.kind !== type.kind) refuseType(binding, part, type);
}

/**
 * Compares the parts of references with the columns that they repeat (design 02 §8.3). An integer takes the width of
 * the target column: an extension may declare `int64` where the core has a plain integer, and SQL Server refuses a
 * foreign key between the two (invariant 12 of §18). Any other difference in kind is `REFERENCE_TYPE_MISMATCH`.
 */
export function alignReferenceTypes(draft: ModelDraft): void {
  const types = new IdentityTypes(draft);
  for (const { bindings } of draft.resources.values()) {
    for (const binding of bindings)
      draft.diagnostics.forEach(binding.identityBindings, (part) => alignPart(types, binding, part));
  }
}
