import type { Connection, Limits } from '@dms/databases';
import { core } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { DataInput } from './data-finding.ts';
import { rowDialects } from './row-dialects.ts';
import type { Testimony } from './witnesses.ts';

/* What other rows than its own say about the texts of a descriptor (design 09 §7.6). */

/** A descriptor whose row fits together, and whose referential id is the hash of another text. */
export interface SuspectDescriptor {
  readonly namespace: string;
  readonly codeValue: string;
}

/** Asks one kind of rows about descriptors, by document id. */
export type DescriptorWitness = (
  connection: Connection,
  input: DataInput,
  suspects: ReadonlyMap<string, SuspectDescriptor>,
  limits: Limits,
) => Promise<ReadonlyMap<string, Testimony>>;

export type DescriptorWitnesses = readonly DescriptorWitness[];

export const silentWitnesses: DescriptorWitnesses = [];

/** A server caches documents of descriptors, too; such a document has the texts of the time when it was cached. */
export const cachedDescriptors: DescriptorWitness = async (connection, _input, suspects, limits) => {
  const { rules, numberText, isAmong, idParameter, longText } = rowDialects[connection.dialect];
  const id = rules.quote('DocumentId');
  const rows = await connection.query<{ id: string; document: string }>(
    `SELECT ${numberText(id)} AS id, ${longText(rules.quote('DocumentJson'))} AS document FROM ${qualifiedName(rules, core.documentCache)} WHERE ${isAmong(id)}`,
    [idParameter([...suspects.keys()])],
    limits,
  );
  return new Map(
    rows.flatMap((row): (readonly [string, Testimony])[] => {
      const suspect = suspects.get(row.id);
      const { namespace, codeValue }: { namespace?: unknown; codeValue?: unknown } = JSON.parse(row.document);
      if (suspect === undefined || namespace === undefined || codeValue === undefined) return [];
      const isSame = namespace === suspect.namespace && codeValue === suspect.codeValue;
      return [[row.id, { confirmed: isSame, contradicted: !isSame }]];
    }),
  );
};
