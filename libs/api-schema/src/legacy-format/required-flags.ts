import { parentPath } from '../json-path.ts';
import type { ConversionLog } from './conversion-log.ts';
import { type MappingEntry, ownProperties, requires, schemaAt } from './mapping-entry.ts';

function isRequired(entry: MappingEntry): boolean {
  const last = entry.place.segments.at(-1);
  if (last === undefined || last.kind === 'anyElement') return entry.isPartOfIdentity;
  const parent = schemaAt(entry.insertSchema, parentPath(entry.place));
  const isArrayItem = entry.place.segments.at(-2)?.kind === 'anyElement';
  const properties = ownProperties(parent);
  if (isArrayItem && properties.length === 1 && properties[0] === last.name) return entry.isPartOfIdentity;
  return requires(parent, last.name);
}

/** Fills in `isRequired` where the old format lacks it (design 01 §12.2 step 4). */
export function deriveRequiredFlags(
  label: string,
  entries: readonly MappingEntry[],
  log: ConversionLog,
): readonly MappingEntry[] {
  for (const entry of entries) {
    if (entry.members.has('isRequired')) continue;
    const required = isRequired(entry);
    entry.members.set('isRequired', required);
    log.count('isRequired');
    if (entry.isReference)
      log.note(
        label,
        `guessed: the reference ${entry.key} (${entry.place.canonical}) is ${required ? 'required' : 'optional'}`,
      );
  }
  return entries;
}
