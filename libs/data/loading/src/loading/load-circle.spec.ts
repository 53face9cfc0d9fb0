import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diagnostic } from '@dms/diagnostics';
import { type CheckedDocument, checkDocument, type DocumentPlans } from '@dms/documents';
import type { QualifiedResourceName } from '@dms/model';
import { build, mainGenerations, propertyRuns, random } from '@dms/testing';
import { jsonText, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiled, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';
import { type BatchOutcome, type BatchWriter, pooledWriter, type SentDocument, WriterPool } from './batch-writer.ts';
import { DocumentQueue, type InputDocument } from './document-queue.ts';
import { loadCircle, WaitingDocuments, type WriteDocuments } from './load-circle.ts';
import { LoadReporter } from './load-reporter.ts';
import { ResourceLoad } from './resource-load.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-circle-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const { integer, object, project, reference, resource, string } = build;
const named = (name: string, others: readonly string[]) =>
  resource(name, {
    identityJsonPaths: ['$.id'],
    documentPathsMapping: Object.fromEntries(
      others.map((other) => [
        other,
        reference(`Ed-Fi:${other}`, [['$.id', `$.${other.toLowerCase()}Reference.id`]], false),
      ]),
    ),
    jsonSchemaForInsert: object(
      {
        id: integer(),
        note: string(),
        ...Object.fromEntries(
          others.map((other) => [`${other.toLowerCase()}Reference`, object({ id: integer() }, ['id'])]),
        ),
      },
      ['id'],
    ),
  });
const schemas = [project('Ed-Fi', [named('Odd', ['Even']), named('Even', ['Odd', 'Even'])])];
const labels = ['Ed-Fi:Odd', 'Ed-Fi:Even'];

interface PlannedDocument {
  readonly label: string;
  readonly id: number;
  readonly note: string;
  /** The documents to which it refers, as `Even 3`. */
  readonly names: readonly string[];
}

const keyOf = ({ label, id }: PlannedDocument) => `${label.slice('Ed-Fi:'.length)} ${id}`;

function documentOf({ id, note, names }: PlannedDocument) {
  const references = names.map((name) => {
    const [other = '', target] = name.split(' ');
    return [`${other.toLowerCase()}Reference`, { id: Number(target) }] as const;
  });
  return { id, note, ...Object.fromEntries(references) };
}

/**
 * The result of the rule of design 14a §1.2: the last note of each stored document, and the notes of documents that are
 * not stored.
 */
function expected(planned: readonly PlannedDocument[], isRefused: (note: string) => boolean) {
  const stored = new Map<string, string>();
  const lost: string[] = [];
  let left = labels.flatMap((label) => planned.filter((each) => each.label === label));
  let givenUp = new Set<string>();
  for (;;) {
    const waiting = new Map<string, number>();
    const next: PlannedDocument[] = [];
    let loaded = 0;
    for (const each of left) {
      const key = keyOf(each);
      const isMissing = each.names.some((name) => !stored.has(name));
      if (waiting.has(key) || (isMissing && !givenUp.delete(key))) {
        waiting.set(key, (waiting.get(key) ?? 0) + 1);
        next.push(each);
      } else if (isMissing || isRefused(each.note)) lost.push(each.note);
      else {
        stored.set(key, each.note);
        loaded += 1;
      }
    }
    left = next;
    if (left.length === 0) break;
    if (loaded > 0) continue;
    givenUp = new Set([...waiting].flatMap(([key, count]) => (count > 1 ? [key] : [])));
    if (givenUp.size > 0) continue;
    lost.push(...left.map(({ note }) => note));
    break;
  }
  return { stored, lost: lost.toSorted() };
}

/** A database in memory, which counts the documents that it gets. */
class MemoryWriter implements BatchWriter {
  readonly stored = new Map<string, string>();
  sent = 0;
  private readonly ids = new Set<string>();
  private readonly plans: DocumentPlans;
  private readonly isRefused: (note: string) => boolean;

  constructor(plans: DocumentPlans, isRefused: (note: string) => boolean) {
    this.plans = plans;
    this.isRefused = isRefused;
  }

  async upsertBatch(name: QualifiedResourceName, documents: readonly SentDocument[]): Promise<BatchOutcome[]> {
    this.sent += documents.length;
    const before = new Set(this.ids);
    return documents.map(({ document, checked }): BatchOutcome => {
      const { referentialId, targets } = (checked ?? checkDocument(this.plans, name, document))
        .document as CheckedDocument;
      const [missing, ...more] = targets
        .filter((target) => !before.has(target.referentialId))
        .map(({ place, resource: target }) => {
          const details = { target: `${target.projectName}:${target.resourceName}` };
          return diagnostic('DOCUMENT_REFERENCE_UNRESOLVED', 'missing', { path: place }, details);
        });
      if (missing) return { kind: 'rejected', diagnostics: [missing, ...more] };
      const { id, note } = JSON.parse(jsonText(document));
      if (this.isRefused(note)) return { kind: 'rejected', diagnostics: [diagnostic('DOCUMENT_REFUSED', 'refused')] };
      const isThere = this.ids.has(referentialId);
      this.ids.add(referentialId);
      this.stored.set(`${name.resourceName} ${id}`, note);
      return { kind: isThere ? 'replaced' : 'inserted' };
    });
  }
}

describe.each(mainGenerations)('documents of a circle (%s)', (version) => {
  const set = compiled(schemas, version);
  const { plans } = set;

  async function loaded(
    planned: readonly PlannedDocument[],
    batchLength: number,
    isRefused: (note: string) => boolean,
  ) {
    const writer = new MemoryWriter(plans, isRefused);
    const lost: string[] = [];
    const run = new LoadReporter(
      { share: 0 },
      {
        isContinued: true,
        onReject: ({ document }) => void lost.push(String((document as ReadonlyMap<string, unknown>).get('note'))),
      },
    );
    const pool = new WriterPool([pooledWriter(() => writer)]);
    const rules = {
      plans,
      ignoreUnknown: false,
      onExisting: 'replace',
      schemaCheck: null,
      onWarning: () => undefined,
    } as const;
    const write: WriteDocuments = (label, waiting, read) => {
      const [projectName = '', resourceName = ''] = label.split(':');
      const options = { run, rules, batchLength, pool, position: 0 };
      return new ResourceLoad(label, { projectName, resourceName }, waiting, options).all(read);
    };
    async function* inputs(label: string): AsyncGenerator<InputDocument> {
      for (const [line, each] of planned.entries()) {
        const document = toJsonValue(documentOf(each));
        if (each.label === label) yield { document, file: 'in', line, size: 100, again: () => document };
      }
    }
    // a small buffer, so that most of them go to the file
    const newQueue = () => new DocumentQueue(path.join(scratch, `${randomUUID()}.jsonl`), 1_000);
    const waiting = new WaitingDocuments(new Set(labels), newQueue);
    await loadCircle(labels, waiting, { write, inputs: (label) => () => inputs(label), settle: () => pool.flush(0) });
    await waiting.remove();
    return { stored: writer.stored, lost: lost.toSorted(), sent: writer.sent };
  }

  it('are stored and rejected as the rule says, whatever their order', async () => {
    for (let seed = 1; seed <= propertyRuns(150); seed += 1) {
      const next = random(seed);
      const below = (limit: number) => Math.floor(next() * limit);
      const count = 1 + below(40);
      const planned = Array.from({ length: count }, (_, index): PlannedDocument => {
        const label = labels[below(2)] ?? '';
        // some ids are missing, some occur twice
        const target = () => String(1 + below(Math.ceil(count * 0.7)));
        const even = next() < 0.6 ? [`Even ${target()}`] : [];
        const odd = label === 'Ed-Fi:Even' && next() < 0.5 ? [`Odd ${target()}`] : [];
        return { label, id: 1 + below(Math.ceil(count * 0.7)), note: `n${index}`, names: [...even, ...odd] };
      });
      const isRefused = (note: string) => seed % 3 === 0 && note.endsWith('7');
      const { stored, lost } = await loaded(planned, 1 + below(8), isRefused);
      expect({ seed, stored: new Map([...stored].sort()), lost }).toEqual({
        seed,
        lost: expected(planned, isRefused).lost,
        stored: new Map([...expected(planned, isRefused).stored].sort()),
      });
    }
  });

  it('are read once more when what they name is there, and not before', async () => {
    const count = 400;
    const chain = Array.from({ length: count }, (_, index): PlannedDocument => {
      const names = index === 0 ? [] : [`Even ${index}`];
      return { label: 'Ed-Fi:Even', id: index + 1, note: `n${index}`, names };
    });
    const { stored, lost, sent } = await loaded(chain.toReversed(), 50, () => false);
    expect([stored.size, lost]).toEqual([count, []]);
    expect(sent).toBe(2 * count - 1);
  });

  describe('on a server', () => {
    let target: BulkTarget;
    beforeAll(async () => {
      target = new BulkTarget(await server.open(set.script), set);
    });
    afterAll(() => target.bench.close());
    beforeEach(() => target.empty());

    it.each([false, true])('are the same in either order (in bulk: %s)', async (isBulk) => {
      const files = new RecordFiles(scratch);
      const chain = Array.from({ length: 30 }, (_, index): PlannedDocument => {
        const [label, other] = index % 2 === 0 ? ['Ed-Fi:Odd', 'Even'] : ['Ed-Fi:Even', 'Odd'];
        return {
          label: label ?? '',
          id: index + 1,
          note: `n${index}`,
          names: index === 0 ? [] : [`${other} ${index}`],
        };
      });
      const records = chain.map((each) => ({ resource: each.label, document: documentOf(each) }));
      const { summary, told } = await target.load([files.records('children.jsonl', ...records.toReversed())], isBulk);
      expect([summary.total.inserted, told]).toEqual([chain.length, []]);
      const children = await target.rows();
      await target.empty();
      await target.load([files.records('parents.jsonl', ...records)], isBulk);
      expect(children).toEqual(await target.rows());
    });
  });
});
