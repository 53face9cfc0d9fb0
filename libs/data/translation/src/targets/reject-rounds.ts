import { groupBy } from '@dms/files';
import { pathName } from '../places/place-name.ts';
import type { RejectCause, Result } from '../translate/draft.ts';

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
  readonly retargeted: (result: Result, written: Pick<ReadonlySet<string>, 'has'>) => ReadonlySet<string>;
}

/** The documents that are written, by the identities by which references find them. */
class WrittenIdentities {
  private readonly counts = new Map<string, number>();

  has(id: string): boolean {
    return (this.counts.get(id) ?? 0) > 0;
  }

  add({ identities }: Result, count = 1): void {
    for (const id of identities) this.counts.set(id, (this.counts.get(id) ?? 0) + count);
  }

  remove(result: Result): void {
    this.add(result, -1);
  }
}

const noPlaces: ReadonlySet<string> = new Set();

/** Rejects what names a reject, round by round (design 20 §5.2). Each document is asked once for each that it names. */
export function rejectRounds(results: readonly Result[], lost: Lost): void {
  const accepted = results.filter(({ problem }) => problem === null);
  const written = new WrittenIdentities();
  for (const result of accepted) written.add(result);
  const named = accepted.flatMap((result) => result.targets.map(({ referentialId }) => ({ referentialId, result })));
  const naming = groupBy(named, ({ referentialId }) => referentialId);
  let identities = lost.identities;
  let asked: Iterable<Result> = accepted;
  let { retargeted } = lost;
  for (;;) {
    const found = [...asked].flatMap((result) => {
      const first = firstLost(result, identities, written, retargeted(result, written));
      return result.problem === null && first ? [{ result, first }] : [];
    });
    if (found.length === 0) return;
    const next = new Map<string, RejectCause | null>();
    for (const { result, first } of found) {
      result.problem = {
        code: 'TRANSLATION_TARGET',
        place: pathName(result.resource, first.place),
        text: 'it names a document that is not written',
        cause: first.cause ?? undefined,
      };
      written.remove(result);
      for (const id of result.identities) next.set(id, causeOf(result) ?? null);
    }
    identities = next;
    asked = new Set([...next.keys()].flatMap((id) => naming.get(id)?.map(({ result }) => result) ?? []));
    // the first round has found all targets that are not written for another reason
    retargeted = () => noPlaces;
  }
}

/** The first place (ordinal) at which a document names one that is not written. */
function firstLost(
  { targets }: Result,
  identities: ReadonlyMap<string, RejectCause | null>,
  written: WrittenIdentities,
  retargeted: ReadonlySet<string>,
): { readonly place: string; readonly cause: RejectCause | null } | undefined {
  let first: { readonly place: string; readonly cause: RejectCause | null } | undefined;
  for (const { place, referentialId } of targets) {
    const cause = written.has(referentialId) ? undefined : identities.get(referentialId);
    if (cause === undefined && !retargeted.has(place)) continue;
    if (!first || place < first.place) first = { place, cause: cause ?? null };
  }
  return first;
}
