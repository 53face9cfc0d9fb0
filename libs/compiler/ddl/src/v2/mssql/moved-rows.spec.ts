import { spelled } from '@dms/sql';
import { readScript } from '@dms/verification';
import { expect, it } from 'vitest';
import { emitters } from '../../../test/emitted.ts';

it('a root row without an old row of its document stamps its identity, unless an old row has its key (design 16 §6.2)', async () => {
  const { script } = (await emitters.v2.campusAndAthletics()).mssql;
  const bodies = readScript(script)
    .modules.map(({ name, body }) => ({ name, text: spelled(body) }))
    .filter(({ text }) => text.includes('INSERT INTO @renamed'));
  expect(bodies.length).toBeGreaterThan(5);
  for (const { name, text } of bodies) {
    expect(text, name).toContain(
      'FROM inserted AS i LEFT JOIN deleted AS d ON d . [DocumentId] = i . [DocumentId] WHERE',
    );
    expect(text, name).toContain(
      'AND ( d . [DocumentId] IS NOT NULL OR NOT EXISTS ( SELECT 1 FROM deleted AS o WHERE NOT EXISTS ( SELECT o .',
    );
  }
});
