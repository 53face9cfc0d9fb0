import { buildEffectiveSchema } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { Diagnostic } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import { type build, mainGenerations } from '@dms/testing';
import { canonicalText, toJsonValue } from '@dms/values';
import { expect } from 'vitest';
import {
  type InterchangeOptions,
  type InterchangeReader,
  type InterchangeRecord,
  interchangeReader,
} from '../src/interchange/read-interchange.ts';
import { textFile } from './text-file.ts';

type BuiltProject = ReturnType<typeof build.project>;

/** The models of both generations. */
function modelsOf(schemas: readonly BuiltProject[]): RelationalModelSet[] {
  return mainGenerations.map((mappingVersion) => {
    const documents = schemas.map((schema, index) => ({ file: `${index}.json`, root: toJsonValue(schema) }));
    return deriveModel(buildEffectiveSchema(documents, { mappingVersion }), 'pgsql', { strict: false }).model;
  });
}

export interface ReadInterchange {
  readonly records: readonly InterchangeRecord[];
  readonly warnings: readonly Diagnostic[];
}

async function readWith(
  reader: InterchangeReader,
  content: string | Buffer,
  options: InterchangeOptions,
  pieceSize?: number,
): Promise<ReadInterchange> {
  const [records, warnings]: [InterchangeRecord[], Diagnostic[]] = [[], []];
  const onWarning = (warning: Diagnostic) => void warnings.push(warning);
  for await (const record of reader.read(textFile(content, pieceSize), { onWarning, ...options })) records.push(record);
  return { records, warnings };
}

/** Reads texts with the models of both generations, and checks that the results are equal. */
export class TextReader {
  private readonly readers: readonly InterchangeReader[];

  constructor(...schemas: readonly BuiltProject[]) {
    this.readers = modelsOf(schemas).map(interchangeReader);
  }

  /** Reads elements below the root of an interchange. */
  read(elements: string, options: InterchangeOptions = {}): Promise<ReadInterchange> {
    return this.readFile(`<InterchangeTest>\n${elements}\n</InterchangeTest>`, options);
  }

  async readFile(
    content: string | Buffer,
    options: InterchangeOptions = {},
    pieceSize?: number,
  ): Promise<ReadInterchange> {
    const all = this.readers.map((reader) => readWith(reader, content, options, pieceSize));
    const [first, ...others] = await Promise.all(all);
    for (const other of others) expect(other).toEqual(first);
    return first!;
  }

  /** Reads the records of a file one by one. */
  stream(content: string): AsyncGenerator<InterchangeRecord> {
    return this.readers[0]!.read(textFile(content));
  }

  /** Reads documents without diagnostics, as plain JSON. */
  async documents(elements: string): Promise<readonly unknown[]> {
    const { records, warnings } = await this.read(elements);
    expect(records.flatMap((record) => (record.kind === 'rejected' ? record.diagnostics : []))).toEqual([]);
    expect(warnings).toEqual([]);
    return records.map((record) => (record.kind === 'rejected' ? null : JSON.parse(canonicalText(record.document))));
  }

  /** Reads elements and returns their diagnostics. */
  async diagnostics(elements: string, options: InterchangeOptions = {}): Promise<readonly Diagnostic[]> {
    const { records } = await this.read(elements, options);
    return records.flatMap((record) => (record.kind === 'rejected' ? record.diagnostics : []));
  }
}
