import { build } from '@dms/testing';

/* Small schemas as in design 11 §5: resources named by letters, each with its own key. */

const { object, project, reference, resource, string } = build;
/** A reference that is part of the identity unless `isRequired` is false. */
export const part = (
  label: string,
  pairs: readonly (readonly [string, string])[],
  isRequired = true,
): build.JsonRecord => ({
  ...reference(label, pairs, isRequired),
  isPartOfIdentity: isRequired,
});

export const equal = (a: string, b: string) => ({ sourceJsonPath: a, targetJsonPath: b });
export const key = (name: string) => object({ [name]: string() }, [name]);

export interface MemberOptions {
  readonly flag?: boolean;
  readonly superclass?: string;
  /** By reference object: the target with its pairs, and whether the reference is required. */
  readonly references?: Readonly<
    Record<string, readonly [target: string, pairs: readonly (readonly [string, string])[], isRequired?: boolean]>
  >;
  readonly equal?: readonly build.JsonRecord[];
}

/** A resource `name` with identity `$.{name}Code` and the identity parts of its required references. */
export function member(
  name: string,
  { flag = false, superclass, references = {}, equal: equalities = [] }: MemberOptions = {},
) {
  const own = `${name.toLowerCase()}Code`;
  const entries = Object.entries(references);
  const required = entries.filter(([, [, , isRequired = true]]) => isRequired);
  return resource(name, {
    allowIdentityUpdates: flag,
    ...(superclass && {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: superclass,
      superclassIdentityJsonPath: `$.${superclass.toLowerCase()}Code`,
    }),
    identityJsonPaths: [`$.${own}`, ...required.flatMap(([, [, pairs]]) => pairs.map(([, path]) => path))],
    documentPathsMapping: Object.fromEntries(
      entries.map(([object_, [target, pairs, isRequired]]) => [object_, part(`Ed-Fi:${target}`, pairs, isRequired)]),
    ),
    equalityConstraints: equalities,
    jsonSchemaForInsert: object(
      {
        [own]: string(),
        ...Object.fromEntries(
          entries.map(([, [, pairs]]) => {
            const [, path = ''] = pairs[0] ?? [];
            const names = pairs.map(([, full]) => full.slice(full.lastIndexOf('.') + 1));
            return [
              path.split('.')[1] ?? '',
              object(Object.fromEntries(names.map((entry) => [entry, string()])), names),
            ];
          }),
        ),
      },
      [own, ...required.map(([, [, pairs]]) => pairs[0]?.[1].split('.')[1] ?? '')],
    ),
  });
}

export const core = (members: readonly build.BuiltResource[], abstracts: readonly string[] = []) =>
  project('Ed-Fi', members, {
    endpoint: 'ed-fi',
    abstractResources: Object.fromEntries(
      abstracts.map((name) => [name, { identityJsonPaths: [`$.${name.toLowerCase()}Code`] }]),
    ),
  });

export const toA = (object_: string) => ['A', [['$.aCode', `$.${object_}.aCode`]]] as const;
export const toB = (object_: string) =>
  [
    'B',
    [
      ['$.bCode', `$.${object_}.bCode`],
      ['$.aReference.aCode', `$.${object_}.aCode`],
    ],
  ] as const;
/** A with the flag, and B with A in its identity. */
export const a = (flag = true) => member('A', { flag });
export const b = (more: MemberOptions = {}) => member('B', { references: { A: toA('aReference') }, ...more });
