import { build } from '@dms/testing';

/** A reference of a test resource; the helpers make it part of the identity and required by default. */
export interface PropagatingReference {
  readonly to: string;
  /** Mapping key, which is the base name of the reference's columns; default: the name of the target. */
  readonly as: string;
  readonly isIdentity: boolean;
  readonly isRequired: boolean;
  readonly place: 'root' | 'collection' | 'extension';
}

/** A resource `A` has the key `$.aKey`; a member of an abstract resource `X` has the key `$.xKey` instead. */
export interface PropagatingResource {
  readonly name: string;
  readonly flag?: boolean;
  readonly isAbstract?: boolean;
  readonly memberOf?: string;
  readonly references?: readonly PropagatingReference[];
  /** Paths that must hold the same value. */
  readonly equal?: readonly (readonly [string, string])[];
}

export const to = (target: string, as = target): PropagatingReference => ({
  to: target,
  as,
  isIdentity: true,
  isRequired: true,
  place: 'root',
});
export const plain = (target: string, as = target): PropagatingReference => ({ ...to(target, as), isIdentity: false });
export const optional = (target: string, as = target): PropagatingReference => ({
  ...plain(target, as),
  isRequired: false,
});

const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const keyOf = ({ name, memberOf }: PropagatingResource) => `${camel(memberOf ?? name)}Key`;
const objectPath = ({ as, place }: PropagatingReference) => {
  const name = `${camel(as)}Reference`;
  if (place === 'collection') return `$.items[*].${name}`;
  return place === 'extension' ? `$._ext.more.${name}` : `$.${name}`;
};
const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);

function identityOf(resource: PropagatingResource, all: readonly PropagatingResource[]): string[] {
  const references = (resource.references ?? []).filter(({ isIdentity }) => isIdentity);
  return [
    ...references.flatMap((reference) => partsOf(reference, all).map(({ path }) => path)),
    `$.${keyOf(resource)}`,
  ];
}

/**
 * The identity paths of the target and the paths of the reference that repeat them; a name that occurs twice gets the
 * name of its object as a prefix.
 */
function partsOf(
  reference: PropagatingReference,
  all: readonly PropagatingResource[],
): { identityPath: string; name: string; path: string }[] {
  const target = all.find(({ name }) => name === reference.to) as PropagatingResource;
  const paths = identityOf(target, all);
  return paths.map((identityPath) => {
    const isShared = paths.filter((other) => lastName(other) === lastName(identityPath)).length > 1;
    const steps = identityPath.slice(2).replaceAll('Reference', '').split('.');
    const name = isShared
      ? steps.map((step, index) => (index === 0 ? step : step.charAt(0).toUpperCase() + step.slice(1))).join('')
      : lastName(identityPath);
    return { identityPath, name, path: `${objectPath(reference)}.${name}` };
  });
}

function schemaOf(reference: PropagatingReference, all: readonly PropagatingResource[]): build.JsonRecord {
  const parts = partsOf(reference, all);
  return build.object(
    Object.fromEntries(parts.map(({ name }) => [name, build.string()])),
    parts.map(({ name }) => name),
  );
}

function built(resource: PropagatingResource, all: readonly PropagatingResource[]): build.BuiltResource {
  const references = (resource.references ?? []).filter(({ place }) => place !== 'extension');
  const propertiesAt = (place: PropagatingReference['place']) =>
    Object.fromEntries(
      references
        .filter((reference) => reference.place === place)
        .map((reference) => [`${camel(reference.as)}Reference`, schemaOf(reference, all)]),
    );
  const items = propertiesAt('collection');
  const key = keyOf(resource);
  return build.resource(resource.name, {
    allowIdentityUpdates: resource.flag ?? false,
    identityJsonPaths: identityOf(resource, all),
    documentPathsMapping: mappingOf(references, all),
    equalityConstraints: (resource.equal ?? []).map(([sourceJsonPath, targetJsonPath]) => ({
      sourceJsonPath,
      targetJsonPath,
    })),
    jsonSchemaForInsert: build.object(
      {
        ...propertiesAt('root'),
        ...(Object.keys(items).length > 0 ? { items: build.array(build.object(items)) } : {}),
        [key]: build.string(),
      },
      [
        key,
        ...references
          .filter(({ place, isRequired }) => place === 'root' && isRequired)
          .map(({ as }) => `${camel(as)}Reference`),
      ],
    ),
    ...(resource.memberOf === undefined
      ? {}
      : { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: resource.memberOf }),
  });
}

function mappingOf(references: readonly PropagatingReference[], all: readonly PropagatingResource[]): build.JsonRecord {
  return Object.fromEntries(
    references.map((reference) => [
      reference.as,
      build.reference(
        `Core:${reference.to}`,
        partsOf(reference, all).map(({ identityPath, path }) => [identityPath, path] as const),
        reference.isRequired,
      ),
    ]),
  );
}

export function documentsOf(all: readonly PropagatingResource[]): build.JsonRecord[] {
  const abstractResources = Object.fromEntries(
    all
      .filter(({ isAbstract }) => isAbstract)
      .map(({ name }) => [name, { identityJsonPaths: [`$.${camel(name)}Key`] }]),
  );
  const concrete = all.filter(({ isAbstract }) => !isAbstract);
  const core = build.project(
    'Core',
    concrete.map((resource) => built(resource, all)),
    { abstractResources },
  );
  const extensions = concrete.flatMap((resource) => {
    const references = (resource.references ?? []).filter(({ place }) => place === 'extension');
    if (references.length === 0) return [];
    const properties = references.map(
      (reference) => [`${camel(reference.as)}Reference`, schemaOf(reference, all)] as const,
    );
    return [
      build.extensionOf(resource.name, {
        documentPathsMapping: mappingOf(references, all),
        jsonSchemaForInsert: build.object({ _ext: build.ext('more', build.object(Object.fromEntries(properties))) }),
      }),
    ];
  });
  return extensions.length === 0 ? [core] : [core, build.project('More', extensions, { isExtension: true })];
}

export const a: PropagatingResource = { name: 'A', flag: true };
export const b: PropagatingResource = { name: 'B', references: [to('A')] };
export const x: PropagatingResource = { name: 'X', isAbstract: true };
export const s: PropagatingResource = { name: 'S', flag: true, memberOf: 'X' };
export const inCollection = (reference: PropagatingReference): PropagatingReference => ({
  ...reference,
  isIdentity: false,
  place: 'collection',
});
export const inExtension = (reference: PropagatingReference): PropagatingReference => ({
  ...reference,
  isIdentity: false,
  place: 'extension',
});
/** The value of A's key, which R has from both of its references. */
export const sameA = [['$.aReference.aKey', '$.bReference.aKey']] as const;
export const sameX = [['$.sReference.xKey', '$.xReference.xKey']] as const;

export const deferrable = 'cascade, deferrable';
