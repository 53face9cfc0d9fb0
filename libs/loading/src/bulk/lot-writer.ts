import { copiedRowOf } from '@dms/databases';
import type { Diagnostic, DiagnosticLocation } from '@dms/diagnostics';
import { type CheckedDocument, checkDocument, type DocumentPlans, refusedDocument, unresolved } from '@dms/documents';
import { mustExist, qualified } from '@dms/model';
import type { FilledTable } from './bulk-dialect.ts';
import type { BulkSession } from './bulk-session.ts';
import type { Lot, LotDocument } from './lot.ts';
import { refusedRows } from './refused-rows.ts';

export interface LotWriterOptions {
  readonly ignoreUnknown?: boolean | undefined;
  /** All entries of the run up to a number are written or refused. */
  readonly onWritten?: ((upTo: number) => Promise<void>) | undefined;
}

export const placeOf = ({ file, line }: Pick<LotDocument['sent'], 'file' | 'line'>): DiagnosticLocation => ({
  ...(file === undefined ? {} : { file }),
  ...(line === undefined ? {} : { line }),
});

/** How many documents with rows of a table were written or refused, and how many of them the database refused there. */
interface RefusedShare {
  documents: number;
  refused: number;
}

/**
 * Writes lots one after another. If the database refuses the rows of a lot, the rows of that table are tried by themselves, where a failure names
 * its row; else halving finds the documents at fault. They are refused, and so are the documents that name them (design 14 §8).
 */
export class LotWriter {
  private readonly plans: DocumentPlans;
  private readonly session: BulkSession;
  private readonly options: LotWriterOptions;
  /** The ids of documents that were refused. */
  private readonly refused = new Set<number>();
  /** By the name of a table. */
  private readonly refusedAt = new Map<string, RefusedShare>();
  /** How often the database has refused a lot. While it is written again, ids that were found before may no longer exist. */
  refusals = 0;
  /** The largest id of a document that is written. */
  writtenUpTo = 0;

  constructor(plans: DocumentPlans, session: BulkSession, options: LotWriterOptions) {
    this.plans = plans;
    this.session = session;
    this.options = options;
  }

  async write(lot: Lot): Promise<void> {
    const positions = [...lot.documents.keys()];
    const { filledTables } = lot;
    const expected = filledTables.filter((table) => this.isExpectedAt(table, positions.length));
    if (expected.length === 0) await this.part(lot, positions, new Set());
    else await this.looked(lot, await this.withoutOrphans(lot, positions), new Set(expected), expected);
    for (const table of filledTables) this.shareAt(table).documents += positions.length;
    const last = mustExist(lot.documents.at(-1), 'a document of the lot');
    this.writtenUpTo = last.id;
    await this.options.onWritten?.(last.sent.number);
  }

  private shareAt(table: FilledTable): RefusedShare {
    const name = qualified(table);
    const share = this.refusedAt.get(name) ?? { documents: 0, refused: 0 };
    this.refusedAt.set(name, share);
    return share;
  }

  /** Whether the database will probably refuse a row of a table in so many documents. */
  private isExpectedAt(table: FilledTable, count: number): boolean {
    const { documents, refused } = this.shareAt(table);
    return 2 * refused * count > documents;
  }

  /**
   * Writes the documents at some positions. `looked`: the tables whose rows were tried by themselves. `isBad`: the database refuses one of the
   * documents for sure, so they are not tried together.
   */
  private async part(lot: Lot, positions: readonly number[], looked: ReadonlySet<FilledTable>, isBad = false): Promise<void> {
    const left = this.refused.size === 0 ? positions : await this.withoutOrphans(lot, positions);
    const [only] = left;
    if (only === undefined) return;
    if (!isBad || left.length === 1) {
      const refused = await this.session.write(lot.rowsOf(left)).catch((error: unknown) => {
        throw refusedRows(lot.plans.label, error, this.plans.dialect);
      });
      if (!refused) return;
      const { table, error } = refused;
      this.refusals += 1;
      if (left.length === 1) {
        this.shareAt(table).refused += 1;
        await this.refuse(lot, only, (_, place) => [refusedDocument(this.plans, lot.plans, error, place)]);
        return;
      }
      if (!looked.has(table) && copiedRowOf(error) !== null) {
        await this.looked(lot, left, new Set([...looked, table]), [table], true);
        return;
      }
    }
    const half = Math.ceil(left.length / 2);
    const { size } = this.refused;
    await this.part(lot, left.slice(0, half), looked);
    await this.part(lot, left.slice(half), looked, this.refused.size === size);
  }

  /**
   * The same after it has tried the rows of some tables by themselves. Which documents these are about is a guess, so each of them is written by
   * itself: after those that it may name, and before those that name it.
   */
  private async looked(
    lot: Lot,
    positions: readonly number[],
    looked: ReadonlySet<FilledTable>,
    tables: readonly FilledTable[],
    isBad = false,
  ): Promise<void> {
    const suspects = new Set<number>();
    for (const table of tables) {
      const left = positions.filter((position) => !suspects.has(position));
      if (left.length === 0) break;
      const offsets = await this.session.refusedOffsets(lot.rowsOf(left), table);
      for (const position of lot.positionsAt(left, table, offsets)) suspects.add(position);
    }
    if (suspects.size === 0) {
      await this.part(lot, positions, looked, isBad);
      return;
    }
    const held = new Set<number>();
    const others: number[] = [];
    const alone: number[] = [];
    const naming: number[] = [];
    for (const position of positions) {
      const { id, targets } = mustExist(lot.documents[position], 'a document of the lot');
      const isNaming = targets.some((target) => held.has(target));
      if (isNaming || suspects.has(position)) held.add(id);
      if (isNaming) naming.push(position);
      else if (suspects.has(position)) alone.push(position);
      else others.push(position);
    }
    await this.part(lot, others, looked);
    for (const position of alone) await this.part(lot, [position], looked);
    await this.part(lot, naming, looked);
  }

  /** Refuses the documents that name refused ones; returns the others. */
  private async withoutOrphans(lot: Lot, positions: readonly number[]): Promise<readonly number[]> {
    const left: number[] = [];
    for (const position of positions) {
      const { targets } = mustExist(lot.documents[position], 'a document of the lot');
      if (targets.some((id) => this.refused.has(id)))
        await this.refuse(lot, position, (checked, place) => unresolved(checked, this.known(checked), place));
      else left.push(position);
    }
    return left;
  }

  /** The ids of what a document names, as far as it is there. */
  private known({ targets }: CheckedDocument): ReadonlyMap<string, string> {
    return new Map(
      targets.flatMap(({ referentialId }) => {
        const id = this.session.identities.get(referentialId);
        return id === undefined ? [] : [[referentialId, String(id)] as const];
      }),
    );
  }

  private async refuse(
    { plans, documents, onRefused }: Lot,
    position: number,
    why: (checked: CheckedDocument, place: DiagnosticLocation) => readonly Diagnostic[],
  ): Promise<void> {
    const { id, sent } = mustExist(documents[position], 'a document of the lot');
    const { identities, uuids } = this.session;
    const { ignoreUnknown } = this.options;
    const document = sent.again();
    const place = placeOf(sent);
    const checked = mustExist(
      checkDocument(this.plans, plans.resourceKey, document, { ignoreUnknown, ...place }).document,
      'a document that was checked before',
    );
    const [problem, ...others] = why(checked, place);
    this.refused.add(id);
    identities.remove(checked.referentialId, id);
    if (checked.superclass !== null) identities.remove(checked.superclass.referentialId, id);
    if (sent.uuid !== undefined) uuids?.remove(sent.uuid, id);
    await onRefused?.({ document, checked, sent, problems: [mustExist(problem, 'why a document is refused'), ...others] });
  }
}
