import type { JsonObject, JsonValue } from '@dms/values';
import type { TranslationReject } from '../store/reject-file.ts';
import type { RejectProblem } from '../translate/draft.ts';

/** A problem in the form of the file of rejects (design 20 §3). */
export function rejectValue({ problem, rule, part, others }: TranslationReject): JsonObject {
  const { code, place, value, cause } = problem;
  const document = ({ resource, uuid }: { readonly resource: string; readonly uuid: string | null }) =>
    [['resource', resource], ...(uuid === null ? [] : [['uuid', uuid] as const])] as const;
  return new Map<string, JsonValue>([
    ['code', code],
    ['place', place],
    ['message', problemText(problem)],
    ['rule', rule],
    ...(value === undefined ? [] : [['value', value] as const]),
    ...(part === null ? [] : [['part', part] as const]),
    ...(others.length === 0
      ? []
      : [['others', others.map((each) => new Map<string, JsonValue>(document(each)))] as const]),
    ...(cause === undefined
      ? []
      : [
          [
            'cause',
            new Map<string, JsonValue>([['code', cause.code], ...document(cause), ['place', cause.place]]),
          ] as const,
        ]),
  ]);
}

/** The text of a problem for people. */
export const problemText = ({ place, text }: RejectProblem): string =>
  `${place}: ${text}${/[.?]$/.test(text) ? '' : '.'}`;
