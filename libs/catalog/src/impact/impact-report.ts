import { append, counted, printable } from '@dms/diagnostics';
import { changeWords, isKeyRow, isTold, toldChanges } from './change-words.ts';
import type { ImpactChange, ResourceImpact, SchemaImpact } from './impact.ts';
import {
  classesText,
  classNames,
  followersSentence,
  hashSentence,
  keySentences,
  ownerName,
  productNames,
  projectImpacts,
} from './impact-words.ts';

const longestReport = 200;

const marks = { added: '+', removed: '-', changed: '~' } as const;

function changeLine(change: ImpactChange): string {
  const { kind, name, note } = changeWords(change);
  const reason = change.because === undefined ? '' : ` (renamed: ${printable(change.because)})`;
  return `    ${marks[change.change]} ${classesText(change.classes)}: ${kind} ${name}${note === '' ? '' : `: ${note}`}${reason}`;
}

function resourceLines(entry: ResourceImpact, impact: SchemaImpact): string[] {
  const keyRows = entry.changes.filter(isKeyRow);
  const keys = keyRows.length > 0 ? keySentences(impact).map((sentence) => `    ${printable(sentence)}`) : [];
  const others = toldChanges(entry).map(changeLine);
  return [`  ${ownerName(entry)}: ${classesText(entry.classes)}`, ...keys, ...others];
}

/**
 * An impact as text: verdict and fingerprints, then a tree by project and resource with a line for each change, `+` added, `-`
 * removed, `~` changed. At most 200 lines, then counts (design 09 §4.4).
 */
export function impactReport(impact: SchemaImpact): string {
  const { dialect, classes, resources, renames } = impact;
  const body: string[] = [];
  for (const project of projectImpacts(impact)) {
    body.push(`${project.project}: ${classesText(project.classes)}`);
    for (const entry of project.resources.filter(isTold)) append(body, resourceLines(entry, impact));
    const followers = followersSentence(project);
    if (followers !== undefined) body.push(`  M: identity triggers ${followers}`);
  }
  for (const { object, before, after, score } of renames) {
    body.push(printable(`renamed? ${object} ${before.join('.')} → ${after.join('.')} (${score.toFixed(2)})`));
  }
  const shown = body.slice(0, longestReport);
  const rest = body.length > shown.length ? [`… and ${counted(body.length - shown.length, 'more line')}`] : [];
  const verdict =
    resources.length === 0
      ? 'nothing changes'
      : `${classesText(classes)} (${classes.map((entry) => `${entry}: ${classNames[entry]}`).join('; ')})`;
  return [`${productNames[dialect]}: ${verdict}`, hashSentence(impact), ...shown, ...rest].join('\n');
}
