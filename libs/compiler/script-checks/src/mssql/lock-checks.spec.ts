import { readFileSync } from 'node:fs';
import { mappingVersions } from '@dms/api-schema';
import { splitBatches } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { hierarchyLocks, orderedLocks } from './lock-checks.ts';
import { readModule, readScript, type Script } from './tsql-script.ts';

/*
 * S15 and S19: locks, read from bodies. Each fault is planted in one trigger of a script at a time, and the finding
 * must name this trigger.
 */

const scriptOf = (set: string) =>
  readScript(readFileSync(new URL(`../../../../../golden/${set}/mssql.sql`, import.meta.url), 'utf8'));
const scripts = {
  v1: scriptOf('dms'),
  v2: scriptOf('dms-v2'),
  'v2-natural': scriptOf('dms-v2-natural'),
} as const;

type Fault = readonly [what: string, from: string | RegExp, to: string];

const lockCall = / {4}DECLARE @lock int;\n[\s\S]*? {4}END;\n/;

const ofHierarchy: readonly Fault[] = [
  ['no lock', lockCall, ''],
  ['a lock that others share', "@LockMode = N'Exclusive'", "@LockMode = N'Shared'"],
  ['a lock that outlives or precedes the transaction', "@LockOwner = N'Transaction'", "@LockOwner = N'Session'"],
  ['a lock of something else', /@Resource = N'[^']+'/, "@Resource = N'auth'"],
  ['a lock that may not be granted', / {4}IF @lock < 0\n {4}BEGIN\n[\s\S]*? {4}END;\n/, ''],
  ['a lock after the first look', new RegExp(`(${lockCall.source})([\\s\\S]*?;\\n)`), '$2$1'],
];

const seek = String.raw` WITH \(FORCESEEK(?:, \w+)*\)`;

const ofOrder: readonly Fault[] = [
  [
    'documents in any order',
    new RegExp(`INNER LOOP JOIN (\\[dms\\]\\.\\[Document\\] AS d)${seek}( ON [^\\n]+;)`),
    'INNER JOIN $1$2',
  ],
  [
    'documents in the order of a heap',
    /(\[DocumentId\] bigint NOT NULL) PRIMARY KEY\);(?=[\s\S]*UPDATE d\n)/,
    '[Place] bigint NOT NULL PRIMARY KEY, $1);',
  ],
  ['a root row that is locked after its document', 'WITH (FORCESEEK, UPDLOCK)', 'WITH (FORCESEEK)'],
  [
    'root rows that nothing locks',
    / {4}SELECT t\.\[DocumentId\]\n {4}FROM @changed AS c\n {4}INNER LOOP JOIN [^\n]+ UPDLOCK[^\n]+;/,
    '    SELECT c.[DocumentId]\n    FROM @changed AS c;',
  ],
  ['a queue that another may change', 'WITH (FORCESEEK, UPDLOCK, HOLDLOCK, ROWLOCK)', 'WITH (FORCESEEK)'],
  ['a queue that another may change', 'WITH (FORCESEEK, UPDLOCK, HOLDLOCK, ROWLOCK)', 'WITH (FORCESEEK, UPDLOCK)'],
  ['a queue that another may fill', 'AS work WITH (UPDLOCK, HOLDLOCK, ROWLOCK)', 'AS work'],
  ['a queue that another may fill', 'AS work WITH (UPDLOCK, HOLDLOCK, ROWLOCK)', 'AS work WITH (UPDLOCK, ROWLOCK)'],
];

/** The triggers of a script into which a fault can be planted, each with a script that has only this trigger. */
function faulty(script: Script, [, from, to]: Fault): readonly { readonly name: string; readonly wrong: Script }[] {
  return script.modules.flatMap((module) => {
    if (module.kind !== 'TRIGGER') return [];
    const right = module.batch.text;
    const text = right.replace(from, to);
    if (text === right) return [];
    const modules = splitBatches(text).flatMap((batch) => readModule(batch) ?? []);
    return [{ name: module.name, wrong: { ...script, modules } }];
  });
}

describe.each(mappingVersions)('locks of SQL Server, %s', (version) => {
  const script = scripts[version];

  it('are right in the correct script', () => {
    expect(hierarchyLocks(script)).toEqual([]);
    expect(orderedLocks(script)).toEqual([]);
  });

  it.each(ofHierarchy)('of the hierarchy: %s', (...fault) => {
    const found = faulty(script, fault);
    expect(found.length).toBeGreaterThan(1);
    for (const { name, wrong } of found)
      expect(hierarchyLocks(wrong)).toEqual([expect.stringContaining(`${name}: names auth.`)]);
  });
});

/**
 * The faults that can be planted in scripts of a generation: the first has no queue, and its root rows do not mirror
 * stamps.
 */
const roomFor = { v1: ofOrder.slice(0, 2), v2: ofOrder, 'v2-natural': ofOrder } as const;

describe.each(mappingVersions)('the order of locks of SQL Server, %s', (version) => {
  const script = scripts[version];

  it.each(roomFor[version])('%s', (...fault) => {
    const found = faulty(script, fault);
    expect(found.length).toBeGreaterThan(0);
    for (const { name, wrong } of found) expect(orderedLocks(wrong)).toContainEqual(expect.stringContaining(name));
  });
});
