import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { pascalCase } from '@dms/model';
import type { FinishedDraft } from '../draft/model-draft.ts';

/** Letters and digits outside ASCII: a schema name has none of them. */
const outsideAscii = /[^\P{L}A-Za-z]|[^\P{N}0-9]/u;
/** Letters and digits that are a pair of UTF-16 units: names are made unit by unit, and drop them. */
const outsideBasicPlane = /(?=[\u{10000}-\u{10ffff}])[\p{L}\p{N}]/u;

function warning(what: string, original: string, result: string, label: string): Diagnostic {
  const text = `${label}: "${original}" gives the ${what} "${result}", without the letters that no ${what} name can have; another name would say more.`;
  return diagnostic('NAME_LETTERS_LOST', text, {}, { what, original, result, label });
}

/** Warns where a schema or table is named after a text of which letters were dropped: `日本` gives `p` (design 03 §2.1, §2.2). */
export function warnOfLostLetters(draft: FinishedDraft): Diagnostic[] {
  const roots = [
    ...[...draft.resources.values()].map(({ entry, rootBaseName }) => ({ entry, result: rootBaseName })),
    ...[...draft.abstracts.values()].map(({ entry, baseName }) => ({ entry, result: baseName })),
  ];
  return [
    ...draft.entries.projects
      .filter(({ projectEndpointName }) => outsideAscii.test(projectEndpointName))
      .map(({ projectName, projectEndpointName, physicalSchema }) =>
        warning('schema', projectEndpointName, physicalSchema, projectName),
      ),
    ...roots
      .filter(({ entry, result }) => outsideBasicPlane.test(entry.resourceName) && result === pascalCase(entry.resourceName))
      .map(({ entry, result }) => warning('table', entry.resourceName, result, entry.label)),
  ];
}
