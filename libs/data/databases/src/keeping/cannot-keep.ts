import { type Diagnostic, diagnostic, firstOf, mostExamples } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { isOurs, joinedRights } from './keep-operations.ts';
import type { KeepingDialect } from './keeping-dialect.ts';
import { keepingDialects } from './keeping-dialects.ts';
import {
  definitionOf,
  definitionsOf,
  type KeepingSession,
  type Kept,
  type KeptObject,
  type KeptPartName,
  type KeptRight,
  type KeptSetting,
  objectText,
  settingWord,
} from './kept.ts';

/* What a session could not give back after a change, known before it (design 12a §3). */

/** Something that an object had and that this session cannot give back. */
export interface CannotKeep {
  /** `edfi.School` */
  readonly object: string;
  /** The role that would have to give it; null where no role can. */
  readonly role: string | null;
  /** `SELECT for reader, which dba gave`, and how to go on. */
  readonly text: string;
}

type NamedObject = Pick<KeptObject, 'kind' | 'schema' | 'name'>;

/** An object of an earlier set, as the plan of a change says what happens to it. */
export interface MadeAgain {
  /** Whether the object is gone afterwards, which the plan of the change names. */
  isRemoved(object: NamedObject): boolean;
  /** Whether the object itself is dropped and made again. */
  isMadeAgain(object: NamedObject): boolean;
  /** Whether it is in another schema afterwards. */
  isMoved(object: NamedObject): boolean;
  /** Whether a part is dropped and is there afterwards again, or is not (`gone`), or stays. */
  fateOf(object: NamedObject, part: KeptPartName): 'stays' | 'again' | 'gone';
}

/** What objects have that the session could not give back after a change. */
export function cannotKeep(dialect: SqlDialect, { objects, session }: Kept, change: MadeAgain): readonly CannotKeep[] {
  const rules = keepingDialects[dialect];
  return [...objects.values()].flatMap((object): readonly CannotKeep[] => {
    if (change.isRemoved(object)) return [];
    const settings = object.settings.flatMap((each) => lostSetting(rules, object, each, change, session));
    const losesRights = rules.moveTakesRights && change.isMoved(object);
    if (!change.isMadeAgain(object) && !losesRights) return settings;
    const parts = definitionsOf(object).flatMap(({ role }) => lostPart(rules, object, role, session));
    const ofColumns = [...object.columnRights].flatMap(([name, given]) => {
      const part: KeptPartName = { kind: 'column', name };
      return change.fateOf(object, part) === 'gone' ? [] : lostRights(rules, object, given, part, session);
    });
    return [
      ...ownerLost(rules, object, session),
      ...lostRights(rules, object, object.rights ?? [], null, session),
      ...ofColumns,
      ...settings,
      ...parts,
    ];
  });
}

/** A part that another role owns, and that the session cannot make for it. */
function lostPart(
  { remedy }: KeepingDialect,
  object: KeptObject,
  owner: string | null,
  { role, mayBecome }: KeepingSession,
): readonly CannotKeep[] {
  if (owner === null || mayBecome.has(owner)) return [];
  const place = objectText(object);
  return [{ object: place, role: owner, text: `what ${owner} made for ${place}. ${remedy(role, owner)}` }];
}

/** The rights that neither the owner nor a role that the session may become has given, or that it may not give itself. */
function lostRights(
  { remedy }: KeepingDialect,
  object: KeptObject,
  rights: readonly KeptRight[],
  part: KeptPartName | null,
  { role, mayBecome, mayNotGrantIn }: KeepingSession,
): readonly CannotKeep[] {
  const isClosed = mayNotGrantIn.has(object.schema);
  const lost = rights.filter(
    ({ grantor, grantee }) => (isClosed || grantor !== object.owner) && !mayBecome.has(grantor) && !isOurs(grantee),
  );
  return joinedRights(lost, null).map(({ grantor, grantee, privileges }) => ({
    object: objectText(object),
    role: grantor,
    text: `${privileges.join(', ')} on ${placeText(object, part)} for ${grantee ?? 'everybody'}, which ${grantor} gave. ${remedy(role, grantor)}`,
  }));
}

function ownerLost({ remedy }: KeepingDialect, object: KeptObject, session: KeepingSession): readonly CannotKeep[] {
  const { owner, schema, followsOwner } = object;
  if (owner === null || owner === session.role || followsOwner || isOurs(owner)) return [];
  const objectName = objectText(object);
  if (!session.mayBecome.has(owner))
    return [
      {
        object: objectName,
        role: owner,
        text: `the owner ${owner} of ${objectName}. ${remedy(session.role, owner)}`,
      },
    ];
  if (object.kind === 'schema' || !session.mayNotCreate.has(`${schema}.${owner}`)) return [];
  return [
    {
      object: objectName,
      role: owner,
      text: `the owner ${owner} of ${objectName}, which may not create in the schema ${schema}. Grant it CREATE on the schema`,
    },
  ];
}

function lostSetting(
  rules: KeepingDialect,
  object: KeptObject,
  kept: KeptSetting,
  change: MadeAgain,
  { role, mayNotSet }: KeepingSession,
): readonly CannotKeep[] {
  const rule = rules.settings[settingWord(kept)];
  const { part, value } = kept;
  const isAgain = part === null || definitionOf(object, part) !== undefined;
  const fate = isAgain ? (change.isMadeAgain(object) ? 'again' : 'stays') : change.fateOf(object, part);
  if (rule === undefined || fate === 'stays') return [];
  // most settings go with their part, which the plan names; others rely on those that have a remedy
  const isBarred = fate === 'again' && mayNotSet.has(settingWord(kept));
  const isLost = fate === 'gone' ? rule.remedy !== undefined : !rule.statement?.(object, part?.name ?? '', value);
  if (!isLost && !isBarred) return [];
  const advice = rule.remedy ?? (isBarred ? rules.remedy(role, '') : rule.advice);
  const remedy = advice === undefined ? '' : `. ${advice}`;
  return [
    { object: objectText(object), role: null, text: `${rule.text(value)} of ${placeText(object, part)}${remedy}` },
  ];
}

/** `column Name of edfi.School` */
const placeText = (object: KeptObject, part: KeptPartName | null) =>
  part === null ? objectText(object) : `${part.kind} ${part.name} of ${objectText(object)}`;

/** The change that makes everything again: what a session may at most be unable to give back. */
export const everythingAgain: MadeAgain = {
  isRemoved: () => false,
  isMadeAgain: () => true,
  isMoved: () => false,
  fateOf: () => 'again',
};

/** `UPGRADE_CANNOT_KEEP`, if something cannot be given back. */
export function cannotKeepFindings(label: string, found: readonly CannotKeep[], severity?: 'W'): readonly Diagnostic[] {
  if (found.length === 0) return [];
  const named = firstOf(
    found,
    mostExamples,
    ({ text }) => text,
    (count) => `and ${count} more`,
  );
  const what = severity === 'W' ? 'an upgrade that makes these objects again' : 'this role';
  const end = severity === 'W' ? '' : ' Nothing was changed.';
  const text = `${label}: ${what} could not give back what others gave to ${severity === 'W' ? 'them' : 'objects that are made again'}.${end}\n${named.join('\n')}`;
  const details = { objects: found.map(({ object }) => object), roles: found.map(({ role }) => role) };
  const finding = diagnostic('UPGRADE_CANNOT_KEEP', text, {}, details);
  return [severity === undefined ? finding : { ...finding, class: severity }];
}
