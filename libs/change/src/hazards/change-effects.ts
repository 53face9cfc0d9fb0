import { core, qualified, unqualified } from '@dms/model';
import type { Change } from '../planning/change.ts';
import { sameValue } from '../planning/value.ts';
import { changedTypeKind } from './column-kinds.ts';
import { effectOn, effectOnNone, present, type StatementEffect, type StatementKind } from './statement-effect.ts';

const documents = qualified(core.document);
const descriptors = qualified(core.descriptor);
const resourceKeys = qualified(core.resourceKey);
const referentialIdentities = qualified(core.referentialIdentity);

/** The effects of statements on the main table of a change. */
const on = (table: string, ...kinds: readonly StatementKind[]) => kinds.map((kind) => effectOn(kind, table));

/** The same for statements that also touch the table that a foreign key refers to. */
const onKey = (table: string, target: string | undefined, ...kinds: readonly StatementKind[]): StatementEffect[] =>
  kinds.map((kind) => ({ kind, table: present(table), target: target === undefined ? undefined : present(target) }));

/** A table first moves into its schema, then gets its name there. */
function tableRenamed(before: string, after: string): readonly StatementEffect[] {
  const [then, now] = [unqualified(before), unqualified(after)];
  return on(
    before,
    ...(then.schema === now.schema ? [] : (['move table'] as const)),
    ...(then.name === now.name ? [] : (['rename table'] as const)),
  );
}

/**
 * What a change does on the server: the checks before it, and the kinds of statements that make it (design 12 §12). Statements that only
 * make room for it, such as dropping triggers for a while, appear in the plan only.
 *
 * @param earlierName gives the earlier name of a table from its later name
 */
export function effectsOf(change: Change, earlierName: (later: string) => string = (name) => name): readonly StatementEffect[] {
  const [place = ''] = change.path;
  const table = earlierName(place);
  switch (change.kind) {
    case 'resource added':
    case 'descriptor added':
    case 'abstract resource added':
      return on(resourceKeys, 'insert rows');
    case 'table added':
      return [{ kind: 'create table', table: { name: place, isNew: true } }];
    case 'table renamed':
      return tableRenamed(String(change.before ?? place), place);
    case 'column added':
      return on(table, change.isComputed === true ? 'add computed columns' : 'add columns');
    case 'column renamed':
      return on(table, 'rename column');
    case 'column optional':
      return on(table, 'allow null');
    case 'default changed':
      return on(table, 'change default');
    case 'type wider':
      return on(table, changedTypeKind(String(change.before ?? ''), String(change.after ?? '')));
    case 'constraint renamed':
      return on(table, 'rename constraint');
    case 'index renamed':
      return on(table, 'rename index');
    case 'unique removed':
    case 'check removed':
      return on(place, 'drop constraint');
    case 'foreign key removed':
      return onKey(place, change.target, 'drop foreign key');
    case 'foreign key action changed':
      return onKey(table, change.target, 'drop foreign key', 'add foreign key');
    case 'index added':
      return on(table, 'create index');
    case 'index removed':
      return on(place, 'drop index');
    case 'trigger added':
    case 'trigger changed':
      return change.isKept === true ? [] : on(table, 'create trigger');
    case 'trigger removed':
      return on(place, 'drop trigger');
    case 'view added':
      return [{ kind: 'create view', table: { name: place, isNew: true } }];
    case 'view changed':
      return [effectOn('drop view', place), { kind: 'create view', table: { name: place, isNew: true } }];
    case 'view removed':
      return on(place, 'drop view');
    case 'resource version':
      return on(resourceKeys, 'update rows');
    case 'resource key':
      return on(resourceKeys, 'delete rows', 'insert rows').concat(
        change.holders
          .map(earlierName)
          .flatMap((holder) => [
            ...onKey(holder, resourceKeys, 'drop foreign key'),
            ...on(holder, 'update rows'),
            ...onKey(holder, resourceKeys, 'add foreign key'),
          ]),
      );
    case 'project renamed':
    case 'resource renamed':
    case 'abstract resource renamed':
      return on(resourceKeys, 'delete rows', 'insert rows');
    case 'descriptor renamed':
      return [
        ...on(descriptors, 'check rows', 'update rows'),
        ...on(referentialIdentities, 'delete rows', 'insert rows'),
        ...on(resourceKeys, 'delete rows', 'insert rows'),
      ];
    case 'discriminator':
      return on(table, 'update rows');
    case 'referential ids':
      return on(referentialIdentities, 'delete rows', 'insert rows');
    case 'hierarchy':
      return on(table, 'delete rows', 'insert rows');
    case 'abstract identities':
      return change.leaves === null
        ? on(table, 'insert rows')
        : [
            ...change.leaves.referrers.map((referrer) => effectOn('check rows', referrer.table.key)),
            effectOn('delete rows', table),
          ];
    case 'resource removed':
    case 'descriptor removed':
    case 'abstract resource removed':
      return change.resourceKeyId === null
        ? on(resourceKeys, 'delete rows')
        : [
            ...change.referrers.map((referrer) => effectOn('check rows', referrer.table.key)),
            ...on(documents, 'check rows', 'delete rows'),
            ...on(resourceKeys, 'delete rows'),
          ];
    case 'table removed':
      return on(place, 'check rows', 'drop table');
    case 'type narrower':
      return on(change.table.key, 'check rows', 'change type');
    case 'type converted': {
      const { fits, becomesRequired, isRequired } = change;
      const isChecked = fits !== null || becomesRequired;
      return on(
        change.table.key,
        ...(isChecked ? (['check rows'] as const) : []),
        ...(['add columns', 'update rows'] as const),
        ...(isRequired ? (['require value'] as const) : []),
        'drop columns',
      );
    }
    case 'type replaced':
      return on(change.table.key, 'check rows', 'add columns', 'drop columns');
    case 'column required':
      return on(change.table.key, 'check rows', 'require value');
    case 'required column added':
      return on(change.table.key, 'check rows', 'add columns');
    case 'column filled': {
      const required = ['require value'] as const;
      const kinds = ['add columns', 'update rows'] as const;
      return on(change.table.key, ...(change.isRequired ? (['check rows', ...kinds, ...required] as const) : kinds));
    }
    case 'column unified': {
      const isChecked = !sameValue(change.held, change.shown);
      return on(change.table.key, ...(isChecked ? (['check rows'] as const) : []), 'add computed columns');
    }
    case 'column removed':
      return on(change.table.key, 'check rows', 'drop columns');
    case 'primary key added':
      return on(change.table.key, ...(change.isImplied ? [] : (['check rows'] as const)), 'add primary key');
    case 'unique added':
      return on(change.table.key, ...(change.isImplied ? [] : (['check rows'] as const)), 'add unique');
    case 'check added':
      return on(change.table.key, 'check rows', 'add check');
    case 'foreign key added':
    case 'foreign key changed': {
      const [referring, target] = [change.table.key, change.target.key];
      const dropped = change.kind === 'foreign key changed' ? onKey(referring, target, 'drop foreign key') : [];
      return [effectOn('check rows', referring), ...dropped, ...onKey(referring, target, 'add foreign key')];
    }
    case 'kind of resource changed':
    case 'resource became an extension':
    case 'nesting changed':
    case 'column kind changed':
    case 'target changed':
    case 'identity changed':
    case 'type changed':
    case 'abstract identity mapping changed':
    case 'discriminator shared':
      return [];
  }
}

/** The scans of the checks and counts that come before the first change. */
export const checkEffects = (changes: readonly Change[]): readonly StatementEffect[] => {
  const found = changes.flatMap((change) => effectsOf(change)).filter(({ kind }) => kind === 'check rows');
  return found.length === 0 ? [effectOnNone('check rows')] : found;
};
