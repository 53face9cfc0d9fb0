import type { CompiledResource, CompiledTranslation, Route, RuleIndex } from '@dms/translation';
import type { OdsMapping } from '../mapping/ods-mapping.ts';
import { LaterTables } from './later-tables.ts';

/** The route of a place whose value the later set has. */
export type CarriedRoute = Extract<Route, { kind: 'carry' }>;

type RoutePart = CarriedRoute['part'];

/** The inputs of a derivation. */
export class Derivation {
  readonly before: OdsMapping;
  readonly earlier: LaterTables;
  readonly later: LaterTables;
  readonly translation: CompiledTranslation;
  readonly rules: RuleIndex;

  constructor(before: OdsMapping, after: OdsMapping, translation: CompiledTranslation) {
    this.before = before;
    this.earlier = new LaterTables(before, translation.before);
    this.later = new LaterTables(after, translation.after);
    this.translation = translation;
    this.rules = translation.rules;
  }

  resource(label: string): CompiledResource | undefined {
    return this.translation.resources.get(label);
  }

  /** Whether a resource has its own documents in the later set. */
  hasOwn(label: string): boolean {
    return this.resource(label)?.hasOwn ?? false;
  }

  /** The earlier places of a resource whose values are in the documents of a part, with their later places. */
  placesIn(label: string, part: RoutePart): readonly { readonly path: string; readonly to: string }[] {
    return [...(this.resource(label)?.routes ?? [])].flatMap(([path, route]) =>
      route.kind === 'carry' && route.part === part ? { path, to: route.to } : [],
    );
  }

  /** The later place of a value of an earlier resource; undefined if it has none of its own. */
  routeOf(label: string, path: string): CarriedRoute | undefined {
    const route = this.resource(label)?.routes.get(path);
    return route?.kind === 'carry' ? route : undefined;
  }
}
