import type { CompiledTranslation } from '@dms/translation';
import { compareBy } from '@dms/values';
import type { TranslatedResource } from './translation-in-place.ts';

/** The facts about resources that an upgrade knows, by their earlier names. */
interface LaterLabels {
  /** The later name of a resource. */
  later(label: string): string;
  isStaying(label: string): boolean;
  readonly rewritten: ReadonlySet<string>;
  /** Whether a rule is about the resource. */
  isUsed(rule: string): boolean;
}

/** The outcome for each resource of both sets (design 12a §6), ordered by their later names. */
export function translatedResources(compiled: CompiledTranslation, known: LaterLabels): readonly TranslatedResource[] {
  const kept = new Set<string>();
  const found: TranslatedResource[] = [];
  const rulesOf = (earlier: string | null, later: string | null) =>
    rulesAbout(compiled, earlier, later).filter((rule) => known.isUsed(rule));
  for (const [before, { kind }] of compiled.before.resources) {
    if (kind === 'abstract resource') continue;
    const later = known.later(before);
    if (!known.isStaying(before)) {
      found.push({ before, after: null, is: 'gone', rules: rulesOf(before, null) });
      continue;
    }
    kept.add(later);
    const rules = rulesOf(before, later);
    const is = known.rewritten.has(before) ? 'rewritten' : rules.length > 0 ? 'moved' : 'untouched';
    found.push({ before, after: later, is, rules });
  }
  for (const [after, { kind }] of compiled.after.resources)
    if (kind !== 'abstract resource' && !kept.has(after))
      found.push({ before: null, after, is: 'new', rules: rulesOf(null, after) });
  return found.sort(compareBy(({ before, after }) => after ?? before ?? ''));
}

/** The rules about a resource, in their order; `earlier` and `later` are its names, null if a set lacks it. */
function rulesAbout(
  { rules: { translation }, renamed }: CompiledTranslation,
  earlier: string | null,
  later: string | null,
): readonly string[] {
  const { moves, documents, fills, drops, namespaces } = translation;
  return [
    ...moves.flatMap(({ rule, before }) => {
      const isOfProject = before.resource === null && earlier?.startsWith(`${before.project}:`);
      return isOfProject || (earlier !== null && before.resource === earlier) ? [rule] : [];
    }),
    ...documents.flatMap(({ rule, resource, after }) => (resource === earlier || after === later ? [rule] : [])),
    ...namespaces.flatMap(({ rule }) => (later !== null && renamed.has(later) ? [rule] : [])),
    ...fills.flatMap(({ rule, after }) => (later !== null && after.resource === later ? [rule] : [])),
    ...drops.flatMap(({ rule, before }) => (earlier !== null && before.resource === earlier ? [rule] : [])),
  ];
}
