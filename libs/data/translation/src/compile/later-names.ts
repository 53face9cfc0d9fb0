import type { Move } from '../file/translation.ts';
import type { SetPlaces } from '../places/set-places.ts';
import { RuleIndex } from '../rules/rule-index.ts';
import { IdentityParts } from './identity-parts.ts';

/**
 * The names that places of the earlier set have in the later one. Places without a move keep their names (design 12
 * §11).
 */
export interface LaterNames {
  project(name: string): string;
  /** `Project:Resource`. */
  resource(label: string): string;
  /** A path in the documents of a resource; `resource` is its name in the earlier set. */
  path(resource: string, path: string): string;
}

/** The names that result from moves, whether the values fit or not. */
export function laterNames(
  moves: readonly Pick<Move, 'before' | 'after'>[],
  before: SetPlaces,
  after: SetPlaces,
): LaterNames {
  const rules = new RuleIndex(
    {
      moves: moves.map((move, index) => ({ ...move, rule: `moves[${index}]`, take: false, values: null, as: null })),
      through: new Map(),
      documents: [],
      namespaces: [],
      fills: [],
      drops: [],
    },
    before,
    after,
  );
  const identities = new IdentityParts(rules, before, after);
  /** The name that a path gets because it copies a part of an identity. */
  const repeated = (resource: string, path: string): string | undefined => {
    const own = before.resources.get(resource);
    const referencePath = own?.places.get(path)?.referencePath ?? null;
    const isAbstract = own?.kind === 'abstract resource' && own.identity.includes(path);
    if (referencePath === null && !isAbstract) return undefined;
    const part =
      referencePath === null ? identities.of(resource, path) : identities.member(resource, referencePath, path);
    return part.kind === 'dropped' ? undefined : part.path;
  };
  const known = new Map<string, string>();
  return {
    project: (name) => rules.project(name).name,
    resource: (label) => rules.resource(label).later,
    path(resource, path) {
      const key = `${resource}.${path}`;
      const name = known.get(key) ?? repeated(resource, path) ?? rules.laterPath(resource, path)?.path ?? path;
      known.set(key, name);
      return name;
    },
  };
}
