import { isRefusedRow } from '@dms/databases';
import type { Diagnostic, DiagnosticLocation } from '@dms/diagnostics';
import { type CheckedDocument, checkDocument, type DocumentPlans, refusedDocument, unresolved } from '@dms/documents';
import { mustExist } from '@dms/model';
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

/**
 * Writes lots one after another. If the database refuses the rows of a lot, halving finds the documents at fault; they are refused, and
 * so are the documents that name them (design 14 §8).
 */
export class LotWriter {
  private readonly plans: DocumentPlans;
  private readonly session: BulkSession;
  private readonly options: LotWriterOptions;
  /** The ids of documents that were refused. */
  private readonly refused = new Set<number>();
  /** How often the database has refused a lot. While it is halved, ids that were found before may no longer exist. */
  refusals = 0;
  /** The largest id of a document that is written. */
  writtenUpTo = 0;

  constructor(plans: DocumentPlans, session: BulkSession, options: LotWriterOptions) {
    this.plans = plans;
    this.session = session;
    this.options = options;
  }

  async write(lot: Lot): Promise<void> {
    await this.part(lot, [...lot.documents.keys()]);
    const last = mustExist(lot.documents.at(-1), 'a document of the lot');
    this.writtenUpTo = last.id;
    await this.options.onWritten?.(last.sent.number);
  }

  /**
   * Writes the documents at some positions; returns how many of them the database refused. `isBad`: it refuses one of them for sure, so they are
   * not tried together.
   */
  private async part(lot: Lot, positions: readonly number[], isBad = false): Promise<number> {
    const left = this.refused.size === 0 ? positions : await this.withoutOrphans(lot, positions);
    const [only] = left;
    if (only === undefined) return 0;
    if (!isBad || left.length === 1)
      try {
        await this.session.write(lot.rowsOf(left));
        return 0;
      } catch (error) {
        if (!isRefusedRow(error, this.plans.dialect)) throw error;
        if (!this.session.isRepairable) throw refusedRows(lot.plans.label, error, this.plans.dialect);
        this.refusals += 1;
        if (left.length === 1) {
          await this.refuse(lot, only, (_, place) => [refusedDocument(this.plans, lot.plans, error, place)]);
          return 1;
        }
      }
    const half = Math.ceil(left.length / 2);
    const first = await this.part(lot, left.slice(0, half));
    return first + (await this.part(lot, left.slice(half), first === 0));
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
