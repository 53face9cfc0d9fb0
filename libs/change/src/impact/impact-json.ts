import { block, blocks, line, lines } from '@dms/catalog';
import type { ImpactChange, SchemaImpact } from './impact.ts';

const hashOf = ({ effectiveSchemaHash }: SchemaImpact['before']) => line({ effective_schema_hash: effectiveSchemaHash });

const changeMembers = ({ classes, object, path, change, field, before, after, because }: ImpactChange) =>
  Object.fromEntries(
    Object.entries({ classes, object, path, change, field, before, after, because }).filter(([, value]) => value !== undefined),
  );

/** The text of `impact.<dialect>.json`: one change per line (design 09 §4.4). */
export function impactText({ dialect, before, after, classes, resources, renames }: SchemaImpact): string {
  const owners = resources.map((entry) =>
    block(
      [
        ['resource', line(entry.resource)],
        ['classes', line(entry.classes)],
        ['changes', lines(entry.changes.map(changeMembers), 3)],
      ],
      2,
    ),
  );
  const members: (readonly [string, string])[] = [
    ['impact_format', '1'],
    ['dialect', line(dialect)],
    ['before', hashOf(before)],
    ['after', hashOf(after)],
    ['classes', line(classes)],
    ['resources', blocks(owners, 1)],
    ['renames', lines(renames, 1)],
  ];
  return `${block(members, 0)}\n`;
}
