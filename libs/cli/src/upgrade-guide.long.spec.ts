import { replayGuides } from '../test/replayed-guide.ts';

replayGuides([{ file: 'docs/upgrade.md' }]);
