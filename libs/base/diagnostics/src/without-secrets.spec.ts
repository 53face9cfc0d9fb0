import { describe, expect, it } from 'vitest';
import { DmsError, diagnostic } from './diagnostic.ts';
import { redactor, Secret } from './hide-secrets.ts';
import { withoutSecrets } from './without-secrets.ts';

/* Nothing that is thrown holds a secret (design 09 §1.3). */

const password = 'Pa"s%s/wörd';
const redact = redactor([new Secret(password)]);
const spellings = [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)];

describe('without secrets', () => {
  it('an error of a user says the same in message, place and details, and the warnings after it', () => {
    const where = { file: `dir/${password}`, line: 3 };
    const details = { label: password, list: [password, 1, null, { deep: encodeURIComponent(password) }] };
    const error = new DmsError([diagnostic('DB_SQL', `failed: ${password}`, where, details)]);
    const warning = diagnostic('DB_OPTION_IGNORED', `ignored ${password}`);
    const { diagnostics } = withoutSecrets(error, redact, [warning]) as DmsError;
    expect(diagnostics).toEqual([
      diagnostic(
        'DB_SQL',
        'failed: ***',
        { file: 'dir/***', line: 3 },
        { label: '***', list: ['***', 1, null, { deep: '***' }] },
      ),
      diagnostic('DB_OPTION_IGNORED', 'ignored ***'),
    ]);
  });

  it.each(spellings)('an error of the program keeps its stack and its cause, except for %s', (text) => {
    const error = new TypeError(`broken by ${text}`, { cause: new Error(`because of ${text}`) });
    const found = withoutSecrets(error, redact, []) as Error;
    expect(found).toBe(error);
    expect([found.message, (found.cause as Error).message]).toEqual(['broken by ***', 'because of ***']);
    expect(found.stack).toMatch(/^TypeError: broken by \*\*\*\n +at .*without-secrets\.spec/);
    expect((found.cause as Error).stack).not.toContain(text);
  });

  it('a thrown value that is not an error becomes one', () => {
    expect(withoutSecrets(`thrown ${password}`, redact, [])).toEqual(new Error('thrown ***'));
  });
});
