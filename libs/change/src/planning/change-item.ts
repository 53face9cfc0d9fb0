import { effectsOf } from '../hazards/change-effects.ts';
import type { Change, ChangeKind } from './change.ts';
import type { ChangeClass, UpgradeItem } from './upgrade-plan.ts';

/** The class of every kind whose class does not depend on the change (design 12 §3.2). */
const classes = {
  'resource added': 'free',
  'descriptor added': 'free',
  'abstract resource added': 'free',
  'table added': 'free',
  'table renamed': 'free',
  'column added': 'free',
  'column renamed': 'free',
  'column optional': 'free',
  'default changed': 'free',
  'type wider': 'free',
  'constraint renamed': 'free',
  'index renamed': 'free',
  'unique removed': 'free',
  'check removed': 'free',
  'foreign key removed': 'free',
  'foreign key action changed': 'free',
  'index added': 'free',
  'index removed': 'free',
  'trigger added': 'free',
  'trigger changed': 'free',
  'trigger removed': 'free',
  'view added': 'free',
  'view changed': 'free',
  'view removed': 'free',
  'resource version': 'free',
  'project renamed': 'rewritten',
  'resource renamed': 'rewritten',
  'abstract resource renamed': 'rewritten',
  'resource key': 'rewritten',
  'referential ids': 'rewritten',
  hierarchy: 'rewritten',
  discriminator: 'rewritten',
  'abstract identities': 'rewritten',
  'column filled': 'rewritten',
  'column unified': 'rewritten',
  'descriptor renamed': 'checked',
  'type narrower': 'checked',
  'column required': 'checked',
  'required column added': 'checked',
  'check added': 'checked',
  'foreign key added': 'checked',
  'foreign key changed': 'checked',
  'resource removed': 'loss',
  'descriptor removed': 'loss',
  'abstract resource removed': 'loss',
  'table removed': 'loss',
  'column removed': 'loss',
  'kind of resource changed': 'impossible',
  'resource became an extension': 'impossible',
  'nesting changed': 'impossible',
  'column kind changed': 'impossible',
  'target changed': 'impossible',
  'identity changed': 'impossible',
  'type changed': 'impossible',
  'abstract identity mapping changed': 'impossible',
  'discriminator shared': 'impossible',
} as const satisfies Partial<Record<ChangeKind, ChangeClass>>;

/** What a change requires of the existing rows (design 12 §3.1). */
export function classOf(change: Change): ChangeClass {
  switch (change.kind) {
    case 'type converted':
      return change.fits === null && !change.becomesRequired ? 'rewritten' : 'checked';
    case 'type replaced':
      return change.isPermitted ? 'loss' : 'checked';
    case 'primary key added':
    case 'unique added':
      return change.isImplied ? 'free' : 'checked';
    default:
      return classes[change.kind];
  }
}

/** How a plan describes a change. */
const wordsOf = ({ kind }: Change) => (kind === 'type replaced' ? 'type changed' : kind);

function reasonOf(change: Change): string | undefined {
  if ('reason' in change) return change.reason;
  if (change.kind !== 'type replaced' || change.isPermitted) return undefined;
  return `its values are none of the type ${change.after}; permit their loss with --allow-loss ${change.path.join('.')}`;
}

/** The item of a plan that describes a change; `earlierName` as in `effectsOf`. */
export function itemOf(change: Change, earlierName?: (later: string) => string): UpgradeItem {
  const { owner, path } = change;
  const shown = 'before' in change || 'after' in change ? { before: change.before, after: change.after } : {};
  const facts = { ...shown, reason: reasonOf(change), effects: effectsOf(change, earlierName) };
  return { class: classOf(change), change: wordsOf(change), owner, path, ...facts };
}
