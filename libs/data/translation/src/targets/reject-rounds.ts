import { pathName } from '../places/place-name.ts';
import type { RejectCause, RejectProblem, Result } from '../translate/draft.ts';

/** Where a reject is, for those that follow from it. */
export function causeOf({ problem, drafts }: Result): RejectCause | undefined {
  const [first] = drafts;
  if (!problem || !first) return undefined;
  if (problem.cause) return problem.cause;
  const { resource, uuid } = first.source.earlier;
  return { code: problem.code, resource, uuid, place: problem.place };
}

interface Lost {
  /** Identities that this run rejects or drops, with the reject; null for a dropped document. */
  readonly identities: ReadonlyMap<string, RejectCause | null>;
  /** The places of references with another target whose documents are not written, by result. */
  readonly retargeted: (result: Result, written: ReadonlySet<string>) => ReadonlySet<string>;
}

/** Rejects what names a reject, round by round (design 20 §5.2). */
export function rejectRounds(results: readonly Result[], lost: Lost): void {
  let identities = new Map(lost.identities);
  let isFirst = true;
  for (;;) {
    const written = new Set(results.flatMap((each) => (each.problem ? [] : each.identities)));
    for (const id of written) identities.delete(id);
    const found: [Result, RejectProblem][] = [];
    for (const result of results) {
      if (result.problem) continue;
      const retargeted = isFirst ? lost.retargeted(result, written) : new Set<string>();
      let best: { place: string; cause: RejectCause | null } | undefined;
      for (const { place, referentialId } of result.targets) {
        const cause = identities.get(referentialId);
        if (cause === undefined && !retargeted.has(place)) continue;
        if (!best || place < best.place) best = { place, cause: cause ?? null };
      }
      if (!best) continue;
      found.push([
        result,
        {
          code: 'TRANSLATION_TARGET',
          place: pathName(result.resource, best.place),
          text: 'it names a document that is not written',
          cause: best.cause ?? undefined,
        },
      ]);
    }
    isFirst = false;
    if (found.length === 0) return;
    identities = new Map();
    for (const [result, problem] of found) result.problem = problem;
    for (const [result] of found) {
      const cause = causeOf(result);
      for (const id of result.identities) identities.set(id, cause ?? null);
    }
  }
}
