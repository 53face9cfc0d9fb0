import { qualified } from '@dms/model';
import type { UpgradeOperation } from './operation.ts';
import type { UpgradeStatement } from './statement.ts';

/** An operation as messages and the details of diagnostics show it. */
export type ShownOperation = {
  readonly op: UpgradeOperation['op'];
  /** `schema.name` at that point. */
  readonly table?: string;
  /** A key, index, trigger, function or schema. */
  readonly name?: string;
  readonly column?: string;
  /** The state before and after, where it changes from one to another. */
  readonly from?: string;
  readonly to?: string;
};

export function shownOperation(operation: UpgradeOperation): ShownOperation {
  const { op } = operation;
  const table = 'table' in operation ? { table: qualified(operation.table) } : {};
  switch (operation.op) {
    case 'changeType': {
      const { from, to } = operation;
      return { op, ...table, column: to.name, ...(from === null ? {} : { from: from.type }), to: to.type };
    }
    case 'changeCollation':
    case 'requireValue':
    case 'allowNull':
      return { op, ...table, column: operation.to.name };
    case 'addColumn':
    case 'addGeneratedColumn':
    case 'setDefault':
      return { op, ...table, column: operation.column.name };
    case 'dropLostColumn':
    case 'dropMovedColumn':
    case 'dropDefault':
    case 'dropLostDefault':
    case 'renumberRows':
    case 'renameDiscriminators':
      return { op, ...table, column: operation.column };
    case 'moveValues':
      return { op, ...table, column: operation.assignments.map(({ column }) => column).join(', ') };
    case 'renameColumn':
      return { op, ...table, column: operation.column, to: operation.to };
    case 'renameConstraint':
    case 'renameIndex':
    case 'setConstraintAside':
    case 'setIndexAside':
      return { op, ...table, name: operation.from, to: operation.to };
    case 'renameTable':
    case 'setTableAside':
      return { op, ...table, to: operation.to };
    case 'moveTable':
      return { op, ...table, to: operation.schema };
    case 'addPrimaryKey':
      return { op, ...table, name: operation.table.primaryKey.name };
    case 'addUnique':
    case 'addCheck':
      return { op, ...table, name: operation.constraint.name };
    case 'addForeignKey':
      return { op, ...table, name: operation.key.name, to: operation.target.name };
    case 'createIndex':
      return { op, ...table, name: operation.index.name };
    case 'createTrigger':
      return { op, ...table, name: operation.trigger.name };
    case 'dropForeignKey':
    case 'dropConstraint':
    case 'dropIndex':
    case 'dropTrigger':
      return { op, ...table, name: operation.name };
    default:
      return 'table' in operation ? { op, ...table } : { op, name: operation.subject };
  }
}

/**
 * The operations of a statement that may have failed: those on the line that the server names, or all where it names
 * none.
 */
export function failedOperations(
  { ops, lines }: Pick<UpgradeStatement, 'ops' | 'lines'>,
  line: number | undefined,
): readonly UpgradeOperation[] {
  if (line === undefined) return ops;
  const begin = lines.findLast((each) => each <= line);
  const found = ops.filter((_, index) => lines[index] === begin);
  return found.length === 0 ? ops : found;
}

/** `changeType core.Room.Day (date → varchar(10))` */
export function operationText(operation: UpgradeOperation): string {
  const { op, table, name, column, from, to } = shownOperation(operation);
  const place = [table, name ?? column].filter((part) => part !== undefined).join('.');
  const change = to === undefined ? '' : ` (${from === undefined ? '' : `${from} `}→ ${to})`;
  return `${op} ${place}${change}`;
}
