import type { DialectRules } from '@dms/sql';
import type { DraftConstraint, DraftForeignKey, DraftTable } from './draft-table.ts';
import {
  type DraftAbstractResource,
  type DraftBinding,
  DraftResource,
  type ModelDraft,
  type ReferenceKey,
  type SetDraft,
} from './model-draft.ts';

/**
 * A draft for the passes of one dialect: tables and constraints are its own, what they no longer change is shared with the
 * draft of the set.
 */
export function forkDraft(draft: SetDraft, rules: DialectRules): ModelDraft {
  const tables = new Map<DraftTable, DraftTable>();
  const constraints = new Map<DraftConstraint, DraftConstraint>();
  const tableOf = (table: DraftTable) => {
    const known = tables.get(table);
    if (known) return known;
    const fork = table.fork(constraints);
    tables.set(table, fork);
    return fork;
  };
  const bindings = new Map<DraftBinding, DraftBinding>();
  const bindingOf = (binding: DraftBinding) => {
    const known = bindings.get(binding);
    if (known) return known;
    const fork = { ...binding, table: tableOf(binding.table) };
    bindings.set(binding, fork);
    return fork;
  };
  const resources = new Map([...draft.resources].map(([label, resource]) => [label, resource.fork(tableOf, bindingOf)]));
  const resourceOf = ({ label }: DraftResource) => resources.get(label) as DraftResource;
  const abstracts = new Map(
    [...draft.abstracts].map(([label, abstract]) => [
      label,
      {
        ...abstract,
        table: tableOf(abstract.table),
        members: abstract.members.map((member) => ({ ...member, resource: resourceOf(member.resource) })),
      },
    ]),
  );
  const targetOf = ({ table, resource }: ReferenceKey['target']) => ({
    table: tableOf(table),
    resource:
      resource instanceof DraftResource ? resourceOf(resource) : (abstracts.get(resource.entry.label) as DraftAbstractResource),
  });
  return {
    ...draft,
    rules,
    resources,
    extensions: draft.extensions.map(({ input, base }) => ({ input, base: resourceOf(base) })),
    abstracts,
    referenceKeys: draft.referenceKeys.map((key) => ({
      resource: resourceOf(key.resource),
      binding: bindingOf(key.binding),
      receiver: tableOf(key.receiver),
      constraint: constraints.get(key.constraint) as DraftForeignKey,
      target: targetOf(key.target),
    })),
    fallbacks: [],
    notes: [],
  };
}
