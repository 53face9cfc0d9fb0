import { compileTranslation, placeName, type SetPlaces, type TranslationJson } from '@dms/translation';

/* Translation rules between a random set and its copy with other names. */

/** The projects of a set, as a translation names them. */
export const versionsOf = ({ projects }: SetPlaces) => Object.fromEntries(projects);

interface CompletedMove {
  readonly before: string;
  readonly after: string;
}

interface CompletedRules {
  readonly moves: CompletedMove[];
  readonly documents: readonly CompletedMove[];
  readonly drops: { readonly before: string }[];
}

/** Rules that a file has before it is completed. */
export interface GivenRules {
  readonly moves?: readonly CompletedMove[];
  readonly documents?: readonly CompletedMove[];
}

/** Completes the given rules with one rule for every place that needs one: a move to its later place, or a drop. */
export function completedRules(
  before: SetPlaces,
  after: SetPlaces,
  later: (path: string) => string,
  isDropped: (place: string) => boolean,
  { moves = [], documents = [] }: GivenRules = {},
): TranslationJson {
  const rules: CompletedRules = { moves: [...moves], documents, drops: [] };
  const file = { before: versionsOf(before), after: versionsOf(after), ...rules };
  const seen = new Set<string>();
  for (;;) {
    const { problems } = compileTranslation([file], before, after);
    const missing = problems.filter(({ code, place }) => code === 'TRANSLATION_INCOMPLETE' && !seen.has(place));
    if (missing.length === 0) return file;
    for (const { place } of missing) {
      seen.add(place);
      const { resource = null, path = null } = placeName(place) ?? {};
      // the reported place is the outermost one that the later set lacks
      if (resource !== null && path !== null && after.resources.get(resource)?.places.has(path))
        throw new Error(`${place} is reported as incomplete, and the later set has it`);
      if (path === null || isDropped(place)) rules.drops.push({ before: place });
      else rules.moves.push({ before: place, after: `${resource}.${later(path)}` });
    }
  }
}
