import { replayGuide } from '../test/replayed-guide.ts';

replayGuide('reporting', { databases: ['reporting-campus'], sqlDatabase: 'CAMPUS_DB' });
