import { core, mustExist, qualified, type ScalarType } from '@dms/model';
import type { BehaviourInput } from './behaviour-input.ts';
import { type BehaviourSession, type ObservedChange, refusalText } from './behaviour-session.ts';
import { updateText } from './checked-world.ts';
import type { Failures } from './failures.ts';
import type { World, WorldDocument } from './world.ts';
import type { WorldValues } from './world-values.ts';
import { otherValue, valueColumns } from './written-columns.ts';

export interface ValueChangesInput {
  readonly session: BehaviourSession;
  readonly input: BehaviourInput;
  readonly failures: Failures;
  readonly full: World;
}

/** A change of one value of a row, which reads the version of its document afterwards. */
interface ValueChange {
  readonly object: string;
  readonly change: ObservedChange;
}

/** Shorter values may repeat. */
const unrepeatedLength = 8;

/** Values to write one after the other: a single value might be the current one. */
function newValues(type: ScalarType, values: WorldValues): readonly string[] {
  // a flag of the full world is true, and must be true afterwards
  if (type.kind === 'Boolean') return ['false', 'true'];
  const length = type.decimal ? type.decimal.precision - type.decimal.scale : (type.maxLength ?? unrepeatedLength);
  const first = values.next(type);
  return length < unrepeatedLength ? [first, otherValue(type, values, new Set([first]))] : [first];
}

function changesOf({ session, input, full }: ValueChangesInput, entry: WorldDocument): readonly ValueChange[] {
  const { documentId } = entry;
  const where = `${session.quote('DocumentId')} = ${documentId}`;
  const selections = [{ table: core.document, columns: ['ContentVersion'], where }];
  return [entry.root, ...entry.filled].flatMap((table) =>
    valueColumns(input, table).flatMap(({ name, scalarType }) => {
      if (scalarType === null) return [];
      const condition = `${session.quote(table.documentColumn)} = ${documentId}`;
      const statements = newValues(scalarType, full.values).map((value) =>
        updateText({ session }, table, new Map([[name, value]]), condition),
      );
      return [{ object: `${qualified(table.table.table)}.${name}`, change: { statements, selections } }];
    }),
  );
}

/** R8: changing any single value of the full world stamps its document (design 16 §6.2). The changes stay. */
export async function changeValues(input: ValueChangesInput): Promise<void> {
  const { session, failures, full } = input;
  for (const entry of full.documents) {
    const changes = changesOf(input, entry);
    if (changes.length === 0) continue;
    const [first] = changes;
    const look = { statements: [], selections: first?.change.selections ?? [] };
    const outcome = await session.attempt(look, ...changes.map(({ change }) => change));
    if ('code' in outcome) {
      failures.add('R8', entry.label, 'every value changed', refusalText(outcome));
      continue;
    }
    const [before = 0, ...versions] = outcome.map((rows) => Number(rows[0]?.[0]?.ContentVersion));
    let last = before;
    for (const [index, version] of versions.entries()) {
      if (!(version > last))
        failures.add(
          'R8',
          mustExist(changes[index], 'the change of a value').object,
          `a version greater than ${last}`,
          String(version),
        );
      last = version;
    }
  }
}
