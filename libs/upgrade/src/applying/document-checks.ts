import type { Connection } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import { readUuids } from '@dms/documents';
import { mustExist } from '@dms/model';
import type { DocumentsCheck, UpgradeItem, UpgradePlan } from '../plan/upgrade-plan.ts';
import { isWithin } from '../renaming/renaming.ts';
import { type AskedDocuments, type CheckedUpgrade, type RefusedDocument, refusedDocuments } from './later-documents.ts';
import { pathOf, ruleOfProblem } from './new-problems.ts';

/** Documents that break a rule of the later set at one path. */
export interface InvalidDocuments {
  readonly check: DocumentsCheck;
  /** The change that it comes from. */
  readonly item: UpgradeItem;
  readonly count: number;
  /** The first of them, with the place in each. */
  readonly examples: readonly { readonly uuid: string; readonly path: string }[];
  /** What a load says about the first one. */
  readonly said: string;
}

/** How many documents a message names. */
const namedDocuments = 5;

/** Whether a problem of a document comes from a rule of the plan. */
function isOf(
  { code, paths, keywords }: DocumentsCheck['rules'][number]['rule'],
  { code: found, where, details }: Diagnostic,
) {
  if (found !== code) return false;
  // a check that took too long has no place
  if (where.path === undefined) return true;
  const path = pathOf(where.path);
  if (keywords === null) return paths.some((each) => isWithin(path, each));
  return paths.includes(path) && keywords.includes(String(details.keyword));
}

/** The change behind a problem; one of its own where values that change meet a rule that stays. */
function itemOf(plan: UpgradePlan, { resource, rules }: DocumentsCheck, problem: Diagnostic): UpgradeItem {
  const found = rules.find(({ rule }) => isOf(rule, problem));
  if (found !== undefined) return mustExist(plan.items[found.item], `the item ${found.item}`);
  const path = [resource.after, pathOf(problem.where.path ?? '$')];
  return {
    class: 'checked',
    change: 'rule broken',
    owner: resource.after,
    resource: resource.after,
    path,
    effects: [],
  };
}

interface Entry {
  readonly item: UpgradeItem;
  readonly said: string;
  readonly examples: { readonly documentId: string; readonly path: string }[];
  count: number;
}

/** The documents of a resource that the later set newly refuses, by rule and path. */
async function invalidDocuments(
  session: Connection,
  question: CheckedUpgrade,
  check: DocumentsCheck,
  asked: AskedDocuments,
): Promise<readonly InvalidDocuments[]> {
  const found = new Map<string, Entry>();
  /** Counts a document once for each rule and path. */
  const count = ({ documentId, problems }: RefusedDocument) => {
    const seen = new Set<string>();
    for (const problem of problems) {
      const item = itemOf(question.plan, check, problem);
      const place = problem.where.path ?? '$';
      const isPlanned = question.plan.items.includes(item);
      const key = isPlanned ? item.change + item.path.join('\n') : `${ruleOfProblem(problem)}\n${pathOf(place)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const entry = found.get(key) ?? { item, said: problem.message, examples: [], count: 0 };
      found.set(key, entry);
      entry.count += 1;
      if (entry.examples.length < namedDocuments) entry.examples.push({ documentId, path: place });
    }
  };
  for await (const page of refusedDocuments(session, question, check.resource, asked))
    for (const each of page) count(each);
  const entries = [...found.values()];
  const uuids = await readUuids(
    session,
    entries.flatMap(({ examples }) => examples.map(({ documentId }) => documentId)),
  );
  return entries.map(({ examples, ...entry }) => {
    const named = examples.map(({ documentId, path }) => ({ uuid: uuids.get(documentId) ?? documentId, path }));
    return { check, ...entry, examples: named };
  });
}

/** All documents of the database that the later set newly refuses, those that may stay too. */
export async function allInvalidDocuments(
  connection: Connection,
  question: CheckedUpgrade,
  {
    onCheck,
    ...asked
  }: AskedDocuments & {
    readonly onCheck?: ((check: DocumentsCheck, index: number) => void) | undefined;
  },
): Promise<readonly InvalidDocuments[]> {
  const all: InvalidDocuments[] = [];
  for (const [index, check] of question.plan.documentChecks.entries()) {
    onCheck?.(check, index);
    all.push(...(await invalidDocuments(connection, question, check, asked)));
  }
  return all;
}
