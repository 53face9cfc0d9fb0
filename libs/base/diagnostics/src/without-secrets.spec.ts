import { describe, expect, it } from 'vitest';
import { DmsError, diagnostic } from './diagnostic.ts';
import { redactor, Secret } from './secret.ts';
import { withoutSecrets } from './without-secrets.ts';

/* Nothing that a driver throws reveals a secret (design 09 §1.3). */

const password = 'Pa"s%s/wörd';
const redact = redactor([new Secret(password)]);

describe('without secrets', () => {
  it('an error of a user stays as it is, with the warnings after it', () => {
    const error = new DmsError([diagnostic('DB_SQL', 'failed: user:x@h', { file: 'a' }, { label: 'x' })]);
    const warning = diagnostic('DB_OPTION_IGNORED', 'ignored');
    const { diagnostics } = withoutSecrets(error, redact, [warning]) as DmsError;
    expect(diagnostics).toEqual([...error.diagnostics, warning]);
  });

  it.each([password, encodeURIComponent(password)])(
    'an error of the program keeps its stack and its cause, except for %s',
    (text) => {
      const error = new TypeError(`broken by ${text}`, { cause: new Error(`because of ${text}`) });
      const found = withoutSecrets(error, redact, []) as Error;
      expect(found).toBe(error);
      expect([found.message, (found.cause as Error).message]).toEqual(['broken by ***', 'because of ***']);
      expect(found.stack).toMatch(/^TypeError: broken by \*\*\*\n +at .*without-secrets\.spec/);
      expect((found.cause as Error).stack).not.toContain(text);
    },
  );

  it('a thrown value that is not an error becomes one', () => {
    expect(withoutSecrets(`thrown ${password}`, redact, [])).toEqual(new Error('thrown ***'));
  });
});
