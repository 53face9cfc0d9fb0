import { resourceLabel } from '@dms/api-schema';
import type { Faults } from '@dms/diagnostics';
import { compareBy } from '@dms/files';
import { mustExist } from '@dms/model';
import type { DraftColumn, DraftTable } from '../../draft/draft-table.ts';
import { failResource } from '../../input/resource-entry.ts';
import { typeText } from '../../input/scalar-type.ts';
import { memberPath } from './canonical-column.ts';
import type { EqualityEdge } from './classify.ts';

const byName = compareBy<DraftColumn>(({ name }) => name);

/**
 * The connected components of a table's equality edges, each sorted by name, in the order in which names are assigned.
 */
function components(edges: readonly EqualityEdge[]): DraftColumn[][] {
  const parent = new Map<DraftColumn, DraftColumn>();
  const find = (column: DraftColumn): DraftColumn => {
    let root = column;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root)) root = next;
    parent.set(column, root);
    return root;
  };
  for (const { a, b } of edges) {
    const rootA = find(a);
    const rootB = find(b);
    if (rootA !== rootB) parent.set(rootB, rootA);
  }
  const groups = new Map<DraftColumn, DraftColumn[]>();
  for (const column of parent.keys()) {
    const root = find(column);
    const group = groups.get(root);
    if (group) group.push(column);
    else groups.set(root, [column]);
  }
  return [...groups.values()]
    .map((columns) => columns.sort(byName))
    .sort(compareBy(([first]) => mustExist(first, 'a column of a class').name));
}

/** All members must agree with the first (design 04 §7.1). */
function checkCompatible(label: string, table: DraftTable, members: readonly DraftColumn[]): void {
  const first = members[0] as DraftColumn;
  const at = (member: DraftColumn) => `${member.name} (${memberPath(member)})`;
  const report = (code: Parameters<typeof failResource>[0], member: DraftColumn, reason: string) => {
    const text = `the columns ${at(first)} and ${at(member)} of table ${table.qualified} must hold the same value, but ${reason}`;
    failResource(code, label, text, memberPath(member), {
      table: table.qualified,
      columns: [first.name, member.name],
      paths: [first, member].map(memberPath),
    });
  };
  for (const member of members) {
    if (member.kind !== 'Scalar' && member.kind !== 'DescriptorFk')
      report('KU_MEMBER_KIND', member, `${member.name} is a ${member.kind}`);
  }
  for (const member of members)
    if (member.kind !== first.kind) report('KU_MIXED_KINDS', member, `they are ${first.kind} and ${member.kind}`);
  for (const member of members) {
    if (first.kind === 'Scalar' && typeText(member.scalarType) !== typeText(first.scalarType))
      report(
        'KU_SCALAR_TYPE_MISMATCH',
        member,
        `their types are ${typeText(first.scalarType)} and ${typeText(member.scalarType)}`,
      );
  }
  if (first.kind !== 'DescriptorFk') return;
  for (const member of members) {
    if (!member.targetResource || !first.targetResource)
      report('KU_DESCRIPTOR_TARGET_MISSING', member, 'one has no descriptor resource');
    else if (resourceLabel(member.targetResource) !== resourceLabel(first.targetResource)) {
      report(
        'KU_DESCRIPTOR_TARGET_MISMATCH',
        member,
        `they are ${resourceLabel(first.targetResource)} and ${resourceLabel(member.targetResource)}`,
      );
    }
  }
}

/** The checked classes of a table, with members by path, then name (design 04 §7). Codes: `KU_*` of compatibility. */
export function buildClasses(
  label: string,
  table: DraftTable,
  edges: readonly EqualityEdge[],
  faults: Faults,
): DraftColumn[][] {
  return components(edges).flatMap((columns) => {
    const members = columns.sort(compareBy(memberPath, (member) => member.name));
    if (members.length < 2) return [];
    return (
      faults.attempt(() => {
        checkCompatible(label, table, members);
        return [members];
      }) ?? []
    );
  });
}
