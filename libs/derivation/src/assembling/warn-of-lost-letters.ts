import { type Diagnostic, type DiagnosticLocation, diagnostic } from '@dms/diagnostics';
import { pascalCase } from '@dms/model';
import type { FinishedDraft } from '../draft/model-draft.ts';

/** Letters and digits outside ASCII, which a schema name cannot have. */
const outsideAscii = /[^\P{L}A-Za-z]|[^\P{N}0-9]/u;
/** Letters and digits that take a pair of UTF-16 units. Names are built unit by unit, and lose them. */
const outsideBasicPlane = /(?=[\u{10000}-\u{10ffff}])[\p{L}\p{N}]/u;

function warning(what: string, original: string, result: string, label: string, where: DiagnosticLocation): Diagnostic {
  const text = `${label}: "${original}" gives the ${what} "${result}", without the letters that a ${what} name cannot have; choose another name.`;
  return diagnostic('NAME_LETTERS_LOST', text, where, { what, original, result, label, project: label });
}

/** Warns where the name of a schema or table lost letters of its text: `日本` gives `p` (design 03 §2.1, §2.2). */
export function warnOfLostLetters(draft: FinishedDraft): Diagnostic[] {
  const roots = [
    ...[...draft.resources.values()].map(({ entry, rootBaseName }) => ({ entry, result: rootBaseName })),
    ...[...draft.abstracts.values()].map(({ entry, baseName }) => ({ entry, result: baseName })),
  ];
  return [
    ...draft.entries.projects
      .filter(({ projectEndpointName }) => outsideAscii.test(projectEndpointName))
      .map(({ projectName, projectEndpointName, physicalSchema }) =>
        warning('schema', projectEndpointName, physicalSchema, projectName, {
          path: 'projectSchema.projectEndpointName',
        }),
      ),
    ...roots
      .filter(
        ({ entry, result }) => outsideBasicPlane.test(entry.resourceName) && result === pascalCase(entry.resourceName),
      )
      .map(({ entry, result }) =>
        warning('table', entry.resourceName, result, entry.label, { resource: entry.label, path: 'resourceName' }),
      ),
  ];
}
