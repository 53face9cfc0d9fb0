import { formFor } from '@dms/diagnostics';

/* The pieces of sentences come from the inventory, which has the sentences of triggers beside their kinds. */

export {
  columnTerm,
  constraintTerm,
  eventTerm,
  indexTerm,
  listed,
  type Phrase,
  pathTerm,
  phraseText,
  resourceTerm,
  type Term,
  tableTerm,
} from '@dms/inventory';

/** `1 table`, `2 tables`. */
export function counted(count: number, noun: string, plural?: string): string {
  return `${count.toLocaleString('en-US')} ${formFor(count, noun, plural)}`;
}

/** `Ed-Fi 5.2.0 + TPDM 1.1.0`. */
export function versionsText(
  projects: readonly { readonly projectName: string; readonly projectVersion: string }[],
): string {
  return projects.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`).join(' + ');
}
