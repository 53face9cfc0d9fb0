#!/usr/bin/env node
import 'dms-ddl/bin/dms-ddl.mjs';
