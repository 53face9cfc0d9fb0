import { replayGuides } from '../replayed-guide.ts';

replayGuides([{ file: 'docs/data-standard-6.md' }]);
