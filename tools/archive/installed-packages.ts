import type { Lockfile } from '../release/complete-lockfile.ts';
import { nearestPlace } from '../release/complete-lockfile.ts';

/**
 * The places (`node_modules/…`) of the packages with these names and of all that they depend on, in ordinal order.
 * Optional dependencies are left out, because they are for one system; so are types, which nothing loads.
 */
export function placesOf({ packages }: Lockfile, names: readonly string[]): readonly string[] {
  const known = new Map(Object.entries(packages));
  const places = new Set<string>();
  const add = (parent: string, name: string): void => {
    if (name.startsWith('@types/')) return;
    const place = nearestPlace(known, parent, name);
    if (place === undefined) throw new Error(`package-lock.json has no ${name} for ${parent || 'the workspace'}.`);
    if (places.has(place)) return;
    places.add(place);
    for (const dependency of Object.keys(known.get(place)?.dependencies ?? {})) add(place, dependency);
  };
  for (const name of names) add('', name);
  return [...places].sort();
}
