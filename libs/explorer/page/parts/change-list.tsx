import type { CatalogValue, ImpactChange } from '@dms/catalog';
import { classWords } from '../../src/set-changes.ts';
import { WideTable } from './blocks.tsx';
import { ChangeMark, Name } from './names.tsx';

const objectNames: Readonly<Record<string, string>> = {
  columnOrder: 'order of columns',
  primaryKey: 'primary key',
  foreignKey: 'foreign key',
  tableType: 'table type',
  seed: 'seed row',
};

function valueText(value: CatalogValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Changes one by one: what became of which object, and what that asks for. */
export function ChangeList({
  changes,
  label = 'Differences',
}: {
  readonly changes: readonly ImpactChange[];
  readonly label?: string;
}) {
  return (
    <WideTable label={label} head={['Change', 'Object', 'Name', 'Before', 'After', 'Asks for']}>
      {changes.map((change) => (
        <tr key={[change.object, ...change.path, change.change, change.field].join('\n')}>
          <td>
            <ChangeMark mark={change.change} />
          </td>
          <td>
            {objectNames[change.object] ?? change.object}
            {change.field !== undefined && <span class="dim"> · {change.field}</span>}
          </td>
          <th scope="row">
            <Name text={change.path.join(' · ')} />
          </th>
          <td class="value">{valueText(change.before)}</td>
          <td class="value">{valueText(change.after)}</td>
          <td class="dim">{change.classes.map((each) => `${each}: ${classWords[each].toLowerCase()}`).join('; ')}</td>
        </tr>
      ))}
    </WideTable>
  );
}
