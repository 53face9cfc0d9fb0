import { build, type Document, once } from '@dms/testing';

const keyOf = (name: string) => `${name.toLowerCase()}Key`;

/** A resource with a key of its own, references that are part of its identity, and optional references that are not. */
function resource(
  name: string,
  options: { flag?: boolean; to?: readonly string[]; optional?: readonly string[] } = {},
) {
  const { flag = false, to = [], optional = [] } = options;
  const own = `$.${keyOf(name)}`;
  const object = (target: string, isPart: boolean) => `$.${isPart ? '' : 'parent'}${target.toLowerCase()}Reference`;
  const pathOf = (target: string, isPart: boolean) => `${object(target, isPart)}.${keyOf(target)}`;
  const mapping = (target: string, isPart: boolean) => ({
    ...build.reference(`Ed-Fi:${target}`, [[`$.${keyOf(target)}`, pathOf(target, isPart)]], isPart),
    isPartOfIdentity: isPart,
  });
  const property = (target: string, isPart: boolean) =>
    [object(target, isPart).slice(2), build.object({ [keyOf(target)]: build.integer() }, [keyOf(target)])] as const;
  return build.resource(name, {
    allowIdentityUpdates: flag,
    identityJsonPaths: [...to.map((target) => pathOf(target, true)), own],
    documentPathsMapping: {
      ...Object.fromEntries(to.map((target) => [target, mapping(target, true)])),
      ...Object.fromEntries(optional.map((target) => [`Parent${target}`, mapping(target, false)])),
      Key: { ...build.scalarPath(own), isPartOfIdentity: true },
    },
    jsonSchemaForInsert: build.object(
      {
        ...Object.fromEntries(to.map((target) => property(target, true))),
        ...Object.fromEntries(optional.map((target) => property(target, false))),
        [own.slice(2)]: build.integer(),
      },
      [own.slice(2), ...to.map((target) => object(target, true).slice(2))],
    ),
  });
}

/**
 * `A` may change its key and refers to itself; `B` has the key of `A` in its identity; nothing changes `C`, and `D` has
 * the key of `C` in its identity.
 */
export const propagationSet = once(
  () =>
    [
      build.project('Ed-Fi', [
        resource('A', { flag: true, optional: ['A'] }),
        resource('B', { to: ['A'] }),
        resource('C'),
        resource('D', { to: ['C'] }),
      ]),
    ] as readonly Document[],
);
