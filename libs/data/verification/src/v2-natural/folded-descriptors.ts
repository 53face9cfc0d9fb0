import { core, qualified } from '@dms/model';
import { join, type PlainSql, type SqlDialect } from '@dms/sql';
import { isRefusedWith, outcomeText } from '../behaviour/behaviour-session.ts';
import type { CoreChecks } from '../behaviour/core-checks.ts';

/*
 * C19: two descriptors of one resource differ in their URI when letter case is ignored, as the collation of the index
 * does it (design 22 §2.1, §4.5).
 */

const name = qualified(core.descriptor);

const index = 'UX_Descriptor_UriLowered_ResourceKeyId';

/** Two texts, and whether they are equal as parts of a URI; absent for a dialect that does not decide. */
interface TextPair {
  readonly texts: readonly [string, string];
  readonly equal: Readonly<Partial<Record<SqlDialect, boolean>>>;
}

/** The texts are written as escapes where letters look alike. */
const pairs: readonly TextPair[] = [
  { texts: ['I', 'i'], equal: { pgsql: true, mssql: true } },
  { texts: ['\u00c9', '\u00e9'], equal: { pgsql: true, mssql: true } },
  { texts: ['\u01f8', '\u01f9'], equal: { pgsql: true, mssql: true } },
  // the capital I with a dot, which JavaScript lower-cases to two characters
  { texts: ['\u0130', 'i'], equal: { pgsql: true, mssql: true } },
  // the capital sharp s, and the signs of Kelvin, Ohm and Angstrom
  { texts: ['\u1e9e', '\u00df'], equal: { pgsql: true } },
  { texts: ['\u212a', 'k'], equal: { pgsql: true } },
  { texts: ['\u2126', '\u03c9'], equal: { pgsql: true } },
  { texts: ['\u212b', '\u00e5'], equal: { pgsql: true } },
  { texts: ['\u00df', 'ss'], equal: { pgsql: false, mssql: true } },
  { texts: ['\uff21', 'a'], equal: { pgsql: false, mssql: true } },
  { texts: ['A', 'A\u{1f600}'], equal: { pgsql: false, mssql: true } },
  { texts: ['A\u{1f600}', 'A\u{1f601}'], equal: { pgsql: false, mssql: true } },
  { texts: ['\u03a3', '\u03c2'], equal: { pgsql: false } },
  // a letter and its mark are not one letter with the mark
  { texts: ['e\u0301', '\u00e9'], equal: { pgsql: false } },
  { texts: ['a ', 'a'], equal: { pgsql: false } },
];

/** A descriptor with an equal URI is refused by the index, unless it is of another resource. */
export const checkFoldedDescriptors = (checks: CoreChecks): Promise<void> =>
  checks.failures.during('C19', name, async () => {
    const { session, documents, failures, rules, dialect, resourceKeyIds } = checks;
    const [own = 0, other] = resourceKeyIds;
    const { unique } = session.dialect.codes;
    const insertText = (id: number, key: number, codeValue: string) =>
      session.insertText(core.descriptor, rules.rows.descriptor(id, key, codeValue));
    const first = await documents.insert(own);
    const second = await documents.insert(own);
    const stranger = other === undefined ? null : await documents.insert(other);
    const tried = pairs.flatMap(({ texts: [left, right], equal }) => {
      const isEqual = equal[dialect];
      if (isEqual === undefined) return [];
      const before = insertText(first, own, left);
      const trial = (what: string, statement: PlainSql, isRefused: boolean) => ({
        object: `${name}, ${JSON.stringify(left)} and ${JSON.stringify(right)}${what}`,
        statement: join([before, statement], '; '),
        isRefused,
      });
      return [
        trial('', insertText(second, own, right), isEqual),
        ...(stranger === null || other === undefined
          ? []
          : [trial(' of another resource', insertText(stranger, other, right), false)]),
      ];
    });
    const outcomes = await session.outcomes(tried.map(({ statement }) => statement));
    for (const [at, { object, isRefused }] of tried.entries()) {
      const outcome = outcomes[at] ?? null;
      if (isRefused ? isRefusedWith(outcome, unique, index) : outcome === null) continue;
      failures.add('C19', object, isRefused ? `refused with ${unique} ${index}` : 'accepted', outcomeText(outcome));
    }
    const ids = [first, second, ...(stranger === null ? [] : [stranger])];
    await session.change(...ids.map((id) => documents.deleteText(id)));
  });
