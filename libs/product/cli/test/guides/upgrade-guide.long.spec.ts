import { replayGuides } from '../replayed-guide.ts';

replayGuides([{ file: 'docs/upgrade.md' }]);
