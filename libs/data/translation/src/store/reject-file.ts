import type { DiagnosticCode } from '@dms/diagnostics';
import { compareOrdinal, isJsonArray, type JsonValue } from '@dms/values';
import type { EarlierDocument, RejectProblem, TranslationCause } from '../translate/draft.ts';
import { NumberFile } from './number-file.ts';
import { RecordFile } from './record-file.ts';
import { listOf, numberOf, numberValue, textOf, textOrNull } from './stored-values.ts';

/** A later document that is not made, with the reason. */
export interface TranslationReject {
  /** The number of the first earlier document from which it would have been made. */
  readonly source: number;
  readonly rule: string;
  readonly problem: RejectProblem;
  /** The later resource; null if it is the own document. */
  readonly part: string | null;
  /** The other earlier documents from which it would have been made. */
  readonly others: readonly Pick<EarlierDocument, 'resource' | 'uuid'>[];
}

/** The rejects of one earlier document. */
export type RejectsOfSource = readonly [TranslationReject, ...TranslationReject[]];

/** Rejects in a file, or in memory while they are few. */
export class RejectFile {
  private readonly records: RecordFile;
  /** Rows of a source and the number of a record. */
  private readonly sources: NumberFile;

  constructor(file: string, bufferLimit: number) {
    this.records = new RecordFile(`${file}.records`, bufferLimit);
    this.sources = new NumberFile(`${file}.sources`, 2, bufferLimit);
  }

  /** Adds a reject; returns its number. */
  add(reject: TranslationReject, first: Pick<EarlierDocument, 'resource' | 'uuid'>): number {
    const { source, rule, problem, part, others } = reject;
    const { code, place, value, text, cause } = problem;
    const facts = [
      numberValue(source),
      rule,
      part,
      others.map(({ resource, uuid }) => [resource, uuid]),
      code,
      place,
      text,
      value === undefined ? [] : [value],
      cause === undefined ? null : causeValue(cause),
      // a reject that follows from another one has the cause of that one
      causeValue(cause ?? { code, ...first, place }),
    ];
    const number = this.records.add({ facts, document: new Map() });
    this.sources.add(source, number);
    return number;
  }

  /** The first reject of the chain that ends with the reject with this number. */
  causeOf(number: number): TranslationCause | undefined {
    return causeOf(listOf(this.records.at(number).facts)[9]);
  }

  private at(number: number): TranslationReject {
    const [source, rule, part, others, code, place, text, values, cause] = listOf(this.records.at(number).facts);
    const [value] = listOf(values);
    return {
      source: numberOf(source),
      rule: textOf(rule),
      problem: {
        code: codeOf(code),
        place: textOf(place),
        ...(value === undefined ? {} : { value }),
        text: textOf(text),
        cause: causeOf(cause),
      },
      part: textOrNull(part),
      others: listOf(others).map((each) => {
        const [resource, uuid] = listOf(each);
        return { resource: textOf(resource), uuid: textOrNull(uuid) };
      }),
    };
  }

  /** All rejects grouped by source, in the order of the input, or by the positions of the sources. */
  *bySource(positionOf: (source: number) => number = (source) => source): Generator<RejectsOfSource> {
    const sources = new Float64Array(this.sources.length);
    const numbers = new Float64Array(this.sources.length);
    let count = 0;
    for (const [source = 0, number = 0] of this.sources.all()) {
      sources[count] = source;
      numbers[count] = number;
      count += 1;
    }
    const sourceOf = (index: number) => sources[index] ?? 0;
    const positions = sources.map(positionOf);
    const order = Uint32Array.from(sources.keys()).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
    for (let start = 0; start < count; ) {
      const source = sourceOf(order[start] ?? 0);
      let end = start + 1;
      while (end < count && sourceOf(order[end] ?? 0) === source) end += 1;
      const [first, ...others] = [...order.subarray(start, end)]
        .map((index) => this.at(numbers[index] ?? 0))
        .sort((a, b) => compareOrdinal(a.problem.place, b.problem.place) || compareOrdinal(a.rule, b.rule));
      if (first) yield [first, ...others];
      start = end;
    }
  }
}

const causeValue = ({ code, resource, uuid, place }: TranslationCause): JsonValue => [code, resource, uuid, place];

function causeOf(value: JsonValue | undefined): TranslationCause | undefined {
  if (value === undefined || !isJsonArray(value)) return undefined;
  const [code, resource, uuid, place] = value;
  return { code: codeOf(code), resource: textOf(resource), uuid: textOrNull(uuid), place: textOf(place) };
}

// the text was a code when it was written
const codeOf = (value: JsonValue | undefined) => textOf(value) as DiagnosticCode;
