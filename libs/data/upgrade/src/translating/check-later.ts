import { inputCheck } from '@dms/loading';
import type { CheckLater } from '@dms/translation';
import { type CheckedUpgrade, checkedSet, newDiagnostics } from '../applying/document-checks.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/**
 * The check of documents against the later set. Documents that are not written again may stay as they are if the plan
 * need not check their resource or allows it to break rules, or if the earlier set gives the same diagnostics (design
 * 12 §3.8).
 */
export function checkLater(
  { compiled, written }: Pick<UpgradeTranslation, 'compiled' | 'written'>,
  { before, after, plan }: CheckedUpgrade,
): CheckLater {
  const ofLater = loadCheck(after, compiled.after);
  const ofEarlier = loadCheck(before, compiled.before);
  const checked = new Set(
    plan.documentChecks.flatMap(({ isAllowed, resource }) => (isAllowed ? [] : [resource.after])),
  );
  return (label, document, { ofModel, earlier: findEarlier }) => {
    const isWritten = written.has(label);
    if (!isWritten && !checked.has(label)) return [];
    const found = ofLater(label, document, { ofModel });
    const earlier = found.length === 0 || isWritten ? null : findEarlier();
    if (earlier === null) return found;
    const known = ofEarlier(earlier.resource, earlier.document);
    return newDiagnostics(found, known, (path) => plan.renaming.path(earlier.resource, path));
  };
}

/** The check that `load` into a set makes of documents. */
const loadCheck = (set: ComparedSet, { plans }: UpgradeTranslation['compiled']['after']) =>
  inputCheck(plans, { schemaCheck: checkedSet(set).schemas, onWarning: () => undefined });
