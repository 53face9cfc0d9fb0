import { block, blocks, line, lines } from '@dms/catalog';
import type { ImpactChange, SchemaImpact } from './schema-impact.ts';

const hashOf = ({ effectiveSchemaHash }: SchemaImpact['before']) =>
  line({ effective_schema_hash: effectiveSchemaHash });

const changeMembers = ({ class: itemClass, change, path, before, after, definition, reason }: ImpactChange) =>
  Object.fromEntries(
    Object.entries({ class: itemClass, change, path, before, after, definition, reason }).filter(
      ([, value]) => value !== undefined,
    ),
  );

/** The text of `impact.<dialect>.json`: one change per line (design 09 §4.4). */
export function impactText({ dialect, before, after, verdict, refusal, owners, candidates }: SchemaImpact): string {
  const entries = owners.map((entry) =>
    block(
      [
        ['owner', line(entry.owner)],
        ['verdict', line(entry.verdict)],
        ['changes', lines(entry.changes.map(changeMembers), 3)],
      ],
      2,
    ),
  );
  const members: (readonly [string, string])[] = [
    ['impact_format', '2'],
    ['dialect', line(dialect)],
    ['before', hashOf(before)],
    ['after', hashOf(after)],
    ['verdict', line(verdict)],
    ...(refusal === null ? [] : [['refusal', line(refusal)] as const]),
    ['owners', blocks(entries, 1)],
    ['rename_candidates', lines(candidates, 1)],
  ];
  return `${block(members, 0)}\n`;
}
