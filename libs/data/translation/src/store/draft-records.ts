import type { JsonValue } from '@dms/values';
import type { Draft, GivenValue, RetargetedReference, Share, Source } from '../translate/draft.ts';
import type { WaitingRecord } from './record-file.ts';
import { listOf, numberOf, numberValue, textOf, textOrNull } from './stored-values.ts';

/* Stores drafts in files until they are united. */

/** The facts about a draft that its later document keeps. */
export interface Contribution {
  readonly source: Source;
  readonly rule: string;
  readonly isOwn: boolean;
  readonly shares: readonly Share[];
  readonly retargeted: readonly RetargetedReference[];
  readonly given: readonly GivenValue[];
}

export function contributionValue({ source, rule, isOwn, shares, retargeted, given }: Contribution): JsonValue {
  return [
    numberValue(source.number),
    source.resource,
    source.uuid,
    source.identity,
    rule,
    isOwn,
    shares.map((share) => [numberValue(share.tally), numberValue(share.drafts), share.rule, numberValue(share.count)]),
    retargeted.map(({ place, earlierTarget }) => [place, earlierTarget]),
    given.map(({ resource, value }) => [resource, value]),
  ];
}

export function contributionOf(value: JsonValue | undefined): Contribution {
  const [source, resource, uuid, identity, rule, isOwn, shares, retargeted, given] = listOf(value);
  return {
    source: {
      number: numberOf(source),
      resource: textOf(resource),
      uuid: textOrNull(uuid),
      identity: textOf(identity),
    },
    rule: textOf(rule),
    isOwn: isOwn === true,
    shares: listOf(shares).map((share) => {
      const [tally, drafts, ofRule, count] = listOf(share);
      return { tally: numberOf(tally), drafts: numberOf(drafts), rule: textOf(ofRule), count: numberOf(count) };
    }),
    retargeted: listOf(retargeted).map((each) => {
      const [place, earlierTarget] = listOf(each);
      return { place: textOf(place), earlierTarget: textOf(earlierTarget) };
    }),
    given: listOf(given).map((each) => {
      const [ofResource, own] = listOf(each);
      return { resource: textOf(ofResource), value: own ?? null };
    }),
  };
}

/** A draft to be united with others of the same identity. Drafts with problems are not stored. */
export function draftRecord(key: string, draft: Draft): WaitingRecord {
  const facts = [key, draft.resource, numberValue(draft.position), draft.earlierName, contributionValue(draft)];
  return { facts, document: draft.document };
}

export function draftOf({ facts, document }: WaitingRecord): { readonly key: string; readonly draft: Draft } {
  const [key, resource, position, earlierName, contribution] = listOf(facts);
  return {
    key: textOf(key),
    draft: {
      ...contributionOf(contribution),
      resource: textOf(resource),
      position: numberOf(position),
      earlierName: textOrNull(earlierName),
      document,
      problem: null,
    },
  };
}
